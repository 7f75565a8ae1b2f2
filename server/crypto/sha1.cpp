#include "server/crypto/sha1.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace ringi::crypto {

std::string sha1_hex(std::string_view bytes) {
  std::array<unsigned char, 20> hash{};
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-1");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : hash) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace ringi::crypto
