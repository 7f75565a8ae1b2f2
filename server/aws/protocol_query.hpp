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

// AWS Query: a form goes out, XML comes back. Without a model every scalar of an answer is text,
// and an object in the input is a structure (a list is P.member.N); a map needs its model.
WireRequest query_request(const Service& service, std::string_view operation,
                          const nlohmann::json& input);

// What stands in <OperationResult>; nullopt: a success that is not XML.
std::optional<nlohmann::json> query_output(const net::Answer& answer, std::string_view operation);

Failure query_failure(const net::Answer& answer);

// "" when the body bears none.
std::string query_request_id(const net::Answer& answer);

}  // namespace ringi::aws
