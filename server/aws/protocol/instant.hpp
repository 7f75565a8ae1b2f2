#pragma once

#include "handlers/types/time.hpp"
#include "server/aws/models/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ringi::aws {

// Times as AWS writes them, from 1970 on. In an input a time is a number of seconds or RFC 3339
// text, in an output RFC 3339 text.

// A number, "2019-12-16T23:48:18.5+01:00" or "Mon, 16 Dec 2019 23:48:18 GMT", each with or without
// a fraction: services differ from their models.
std::optional<Time> parse_instant(std::string_view text);
std::optional<Time> instant_of(const nlohmann::json& value);

// In UTC; a fraction only where there is one.
std::string iso8601(Time time);
std::string instant_text(Time time, TimeFormat format);     // REQUIRES: not by_location
nlohmann::json instant_json(Time time, TimeFormat format);  // a number for epoch, else text

}  // namespace ringi::aws
