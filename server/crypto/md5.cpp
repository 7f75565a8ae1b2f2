#include "server/crypto/md5.hpp"

#include <openssl/evp.h>

#include <array>

namespace ringi::crypto {

std::optional<std::string> md5_hex(std::string_view bytes) {
  std::array<unsigned char, 16> hash{};
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_md5(), nullptr) != 1)
    return std::nullopt;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : hash) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace ringi::crypto
