#pragma once

#include "server/aws/models/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace ringi::aws {

// The form of AWS Query and of EC2: Action, Version and the checked input.
std::string form_of(const Model& model, const Operation& operation, const nlohmann::json& input);

}  // namespace ringi::aws
