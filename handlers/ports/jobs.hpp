#pragma once

#include "handlers/types/requests.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

namespace ringi::ports {

class Jobs {
 public:
  virtual ~Jobs() = default;
  // Unless one of the same kind and key waits already; an earlier `at` pulls that one forward.
  virtual Task<Result<void>> enqueue(Chore chore, Time at) = 0;

  struct Counts {
    int waiting = 0, running = 0, dead = 0;
    Time oldest;
  };
  virtual Task<Result<Counts>> counts() = 0;
};

}  // namespace ringi::ports
