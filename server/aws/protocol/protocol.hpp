#pragma once

#include "handlers/types/result.hpp"
#include "server/aws/models/model.hpp"
#include "server/aws/protocol/failure.hpp"
#include "server/aws/protocol/wire.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <optional>
#include <string>

namespace ringi::net {
struct Answer;
}

// AWS's wire protocols: functions of values. Inputs and outputs bear the API's names; a time is
// RFC 3339 text (in an input a number of seconds too), a blob base64 text.
namespace ringi::aws {

using NewToken = std::function<std::string()>;  // an idempotency token: a UUID

// Errc::invalid: the input is not what the operation takes.
Result<WireRequest> to_wire(const Model& model, const Operation& operation, nlohmann::json input,
                            const NewToken& new_token);

// The output of a success; nullopt: it cannot be read.
std::optional<nlohmann::json> from_wire(const Model& model, const Operation& operation,
                                        const net::Answer& answer);

// Of an answer that is no success.
Failure failure_in(const Model& model, const net::Answer& answer);

// Whichever place bears it; "" when none does.
std::string request_id_in(const Model& model, const net::Answer& answer);

}  // namespace ringi::aws
