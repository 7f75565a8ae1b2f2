#pragma once

#include "handlers/types/requests.hpp"

#include <optional>

namespace ringi::catalog {

// The person who asked, and where the answer goes.
struct Asker {
  Caller caller;
  Via via;
};

// nullopt: nobody waits for an answer.
std::optional<Asker> asker_of(const Request& request);

// It changes nothing: a form stands open, and what it is about is still to be shown in it.
bool fills_a_form(const Request& request);

}  // namespace ringi::catalog
