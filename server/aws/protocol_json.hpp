#pragma once

#include "server/aws/failure.hpp"
#include "server/aws/service.hpp"
#include "server/aws/wire.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string_view>

namespace ringi::net {
struct Answer;
}

namespace ringi::aws {

// AWS JSON 1.0 and 1.1: one POST, the operation in X-Amz-Target.
WireRequest json_request(const Service& service, std::string_view operation,
                         const nlohmann::json& input);

// nullopt: a success that is not a JSON object.
std::optional<nlohmann::json> json_output(const net::Answer& answer);

Failure json_failure(const net::Answer& answer);

}  // namespace ringi::aws
