#pragma once

#include "server/aws/models/model.hpp"
#include "server/aws/protocol/wire.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace ringi::net {
struct Answer;
}

// Where a service differs from its own model, as botocore's handlers.py has it.
namespace ringi::aws {

// route53 gives ids as "/hostedzone/Z1" and takes "Z1".
void mend_input(const Model& model, const Operation& operation, nlohmann::json& input);

// glacier wants its version in a header; apigateway answers HAL to who does not ask for JSON.
void mend_request(const Model& model, WireRequest& request);

// s3 GetBucketLocation: the root's own text is the value. nullopt: no such case.
std::optional<nlohmann::json> odd_output(const Model& model, const Operation& operation,
                                         const net::Answer& answer);

}  // namespace ringi::aws
