#pragma once

#include "server/aws/models/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace ringi::aws {

// nullopt: no JSON, or nested deeper than any service answers; what handles a value recurses.
std::optional<nlohmann::json> parse_json(const std::string& text);

// Between a value as ringi has it (API names, RFC 3339 times) and as it goes over the wire in JSON.
// Members that travel elsewhere (header, query ...) are left out.
nlohmann::json to_json_body(const Shape& shape, const nlohmann::json& value);
// What the model does not know is left out; what is not of its kind stays as it came.
nlohmann::json from_json_body(const Shape& shape, const nlohmann::json& value);

}  // namespace ringi::aws
