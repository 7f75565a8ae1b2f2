#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringi::crypto {

// A SHA-256 value.
using Hash = std::array<std::uint8_t, 32>;

Hash sha256(std::string_view bytes);
Hash hmac_sha256(std::string_view key, std::string_view bytes);

// Bytes as text and back, for the functions of libraries that count in unsigned char.
std::string_view as_text(const Hash& hash);
std::optional<Hash> as_hash(std::string_view bytes);

std::string to_hex(const Hash& hash);  // lower case
std::optional<Hash> hash_from_hex(std::string_view text);

}  // namespace ringi::crypto
