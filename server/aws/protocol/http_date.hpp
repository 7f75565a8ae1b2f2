#pragma once

#include "handlers/types/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ringi::aws {

// "Sun, 22 Nov 2026 04:30:00 GMT", the only form that servers still send (RFC 9110, 5.6.7).
std::optional<Time> parse_http_date(std::string_view text);
std::string http_date(Time time);

}  // namespace ringi::aws
