#include "server/crypto/sha256.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <stdexcept>

namespace ringi::crypto {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

int nibble(char c) {
  const auto at = hex_digits.find(c);
  return at == hex_digits.npos ? -1 : static_cast<int>(at);
}

}  // namespace

Hash sha256(std::string_view bytes) {
  Hash hash{};
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  return hash;
}

Hash hmac_sha256(std::string_view key, std::string_view bytes) {
  Hash hash{};
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto key_size = static_cast<int>(key.size());
  if (!HMAC(EVP_sha256(), key.data(), key_size, data, bytes.size(), hash.data(), nullptr)) {
    throw std::runtime_error("OpenSSL has no HMAC-SHA-256");
  }
  return hash;
}

std::string_view as_text(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::optional<Hash> as_hash(std::string_view bytes) {
  Hash hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  std::ranges::transform(bytes, hash.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return hash;
}

std::string to_hex(const Hash& hash) {
  std::string text;
  text.reserve(hash.size() * 2);
  for (const std::uint8_t byte : hash) {
    text += hex_digits[byte >> 4];
    text += hex_digits[byte & 15];
  }
  return text;
}

std::optional<Hash> hash_from_hex(std::string_view text) {
  Hash hash{};
  if (text.size() != hash.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const int high = nibble(text[2 * i]);
    const int low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    hash[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return hash;
}

}  // namespace ringi::crypto
