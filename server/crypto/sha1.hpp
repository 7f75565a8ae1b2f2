#pragma once

#include <string>
#include <string_view>

namespace ringi::crypto {

// Lower case hex. For names that others derive so, never for anything to be trusted.
std::string sha1_hex(std::string_view bytes);

}  // namespace ringi::crypto
