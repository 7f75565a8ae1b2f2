#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"
#include "server/net/transport.hpp"

#include <functional>
#include <string>

namespace ringi::aws {

// How the services beside a machine or container are asked.
struct MetadataWorld {
  net::Transport& transport;
  std::function<Task<>(Duration)> sleep;
};

// Three tries, `pause` apart, while no answer comes, or one of 429 or 5xx.
Task<Result<net::Answer>> ask_metadata(const MetadataWorld& world, net::Call call, Duration pause);

// Of an answer that is not 200: denied, limited or unavailable.
Errc errc_of(const net::Answer& answer);

// "HTTP 403 AccessDenied: not yours", from the body's code and message as far as it has them.
std::string refusal_in(const net::Answer& answer);

}  // namespace ringi::aws
