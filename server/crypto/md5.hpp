#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ringi::crypto {

// Lower case hex. Against damage on the way, never against anybody's hand. nullopt: this OpenSSL
// has none, as in FIPS mode.
std::optional<std::string> md5_hex(std::string_view bytes);

}  // namespace ringi::crypto
