#pragma once

#include "server/aws/client/client.hpp"

#include <nlohmann/json.hpp>

#include <functional>

namespace ringi::aws {

// All pages of an answer, as far as these bounds let them.
struct PageLimits {
  std::size_t pages = 100;
  std::size_t results = 10'000;
  std::size_t bytes = 8u << 20;         // of the output as JSON text
  Duration one_page = Duration::max();  // of one call, within what is left for all of them
  std::function<Task<>()> pause = {};   // between two pages, where a service is asked politely
};

struct Collected {
  nlohmann::json output;   // with the request id of the first page
  bool truncated = false;  // there is more than the bounds allow
};

// Calls until the last page; `what.deadline` is for all of them. An operation that comes in one
// piece is called once. Errors as Client::call; a page that fails fails the whole.
Task<Result<Collected>> collect(Client& client, const ports::Clock& clock,
                                std::shared_ptr<Session> session, Invocation what,
                                nlohmann::json input, PageLimits limits = {});

}  // namespace ringi::aws
