#pragma once

#include <optional>
#include <string>
#include <string_view>

// Digests that nobody may trust any more, for what others still derive by them. Lower case hex.
namespace ringi::crypto {

std::string sha1_hex(std::string_view bytes);  // for names

// Against damage on the way. nullopt: this OpenSSL has none, as in FIPS mode.
std::optional<std::string> md5_hex(std::string_view bytes);

}  // namespace ringi::crypto
