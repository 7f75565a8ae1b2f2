#pragma once

#include "server/aws/models/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace ringi::aws {

// A checked value as text: in a form, a path, a query, a header, an XML element. `times` is what
// the place takes where the model names no format.
std::string scalar_text(const Member& member, const nlohmann::json& value, TimeFormat times);

// What stands as text in an answer, as a value of the output: a number that is none stays text.
nlohmann::json scalar_value(Kind kind, const std::string& text);

TimeFormat format_of(const Member& member, TimeFormat otherwise);

}  // namespace ringi::aws
