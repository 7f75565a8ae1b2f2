#pragma once

#include "handlers/types/requests.hpp"
#include "handlers/types/result.hpp"

#include <string>
#include <string_view>

namespace ringi::store {

// A Request as the jobs table keeps it: {"v":1,"type":"command",...}. A later version reads what an
// earlier one wrote. Holds response_url: never for a log.
std::string request_json(const Request& request);

// Errc::internal for what no version of ringi wrote.
Result<Request> parse_request(std::string_view json);

// "command", "click", "form", "notification" or "chore".
std::string_view type_of(const Request& request);
// The same, but of a chore its own kind: what metrics, lists and operators call it.
std::string kind_of(const Request& request);

}  // namespace ringi::store
