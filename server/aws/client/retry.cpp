#include "server/aws/client/retry.hpp"

#include <algorithm>

namespace ringi::aws {

Duration backoff(int tries, double random) {
  const auto ceiling = std::min(1 << std::min(tries - 1, 10), 20);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>{random * ceiling});
}

bool RetryQuota::take(int tokens) {
  if (tokens_ < tokens) return false;
  tokens_ -= tokens;
  return true;
}

void RetryQuota::give_back(int tokens) {
  tokens_ = std::min(capacity, tokens_ + tokens);
}

}  // namespace ringi::aws
