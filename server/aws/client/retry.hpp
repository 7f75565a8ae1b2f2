#pragma once

#include "handlers/types/time.hpp"

#include <functional>

namespace ringi::aws {

using Random = std::function<double()>;  // uniform in [0, 1)

// botocore's standard mode: three tries in all.
constexpr int max_tries = 3;

// rand * min(2^(tries-1), 20 s), after `tries` tries.
Duration backoff(int tries, double random);

// A bucket that stops retries when a service keeps failing: a retry takes tokens, a success returns
// them.
class RetryQuota {
 public:
  static constexpr int cost = 5;
  static constexpr int cost_of_timeout = 10;

  bool take(int tokens);
  void give_back(int tokens);

 private:
  static constexpr int capacity = 500;
  int tokens_ = capacity;
};

}  // namespace ringi::aws
