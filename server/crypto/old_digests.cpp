#include "server/crypto/old_digests.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace ringi::crypto {
namespace {

std::optional<std::string> hex_digest(const EVP_MD* algorithm, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, algorithm, nullptr) != 1)
    return std::nullopt;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[hash.at(i) >> 4U];
    text += digits[hash.at(i) & 15U];
  }
  return text;
}

}  // namespace

std::string sha1_hex(std::string_view bytes) {
  auto text = hex_digest(EVP_sha1(), bytes);
  if (!text) throw std::runtime_error("OpenSSL has no SHA-1");
  return *std::move(text);
}

std::optional<std::string> md5_hex(std::string_view bytes) {
  return hex_digest(EVP_md5(), bytes);
}

}  // namespace ringi::crypto
