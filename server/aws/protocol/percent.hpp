#pragma once

#include <string>
#include <string_view>

namespace ringi::aws {

// RFC 3986: all but A-Z a-z 0-9 - . _ ~ become %XX in upper case; a space is %20, never "+".
std::string percent_encode(std::string_view text);

// The same, but "/" stays: for a path that is encoded as a whole.
std::string percent_encode_path(std::string_view path);

// The same, but what is already a %XX stays one: for a query as it goes over the wire.
std::string percent_encode_rest(std::string_view text);

}  // namespace ringi::aws
