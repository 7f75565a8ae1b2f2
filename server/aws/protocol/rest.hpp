#pragma once

#include "handlers/types/result.hpp"
#include "server/aws/models/model.hpp"
#include "server/aws/protocol/wire.hpp"

#include <nlohmann/json_fwd.hpp>

namespace ringi::net {
struct Answer;
}

namespace ringi::aws {

// What the REST protocols put into path, query and headers. Errc::invalid: a value that must not be
// empty there is.
Result<WireRequest> bind_rest(const Model& model, const Operation& operation,
                              const nlohmann::json& input);

// The members of an output that stand in the status and the headers.
void read_rest(const Shape& output, const net::Answer& answer, nlohmann::json& out);

}  // namespace ringi::aws
