#pragma once

#include "handlers/types/result.hpp"
#include "server/aws/models/model.hpp"

#include <nlohmann/json_fwd.hpp>

namespace ringi::aws {

// Whether `input` is what `operation` takes: its members and their kinds, and those that it needs.
// Errc::invalid with one sentence that names the parameter: "Filters[0].Name must be text".
// A blob is base64 text, a time a number of seconds or RFC 3339 text.
Result<void> check_input(const Model& model, const Operation& operation,
                         const nlohmann::json& input);

}  // namespace ringi::aws
