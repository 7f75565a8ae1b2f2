#pragma once

#include "handlers/types/time.hpp"

#include <optional>

namespace ringi::net {
struct Answer;
}

namespace ringi::slack {

// How long Slack wants to be left alone: the header Retry-After, else "retry_after" of a JSON body,
// in whole seconds. nullopt: it does not say.
std::optional<Duration> retry_after(const net::Answer& answer);

}  // namespace ringi::slack
