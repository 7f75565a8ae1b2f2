#include "server/observe/log_limit.hpp"

#include <utility>

namespace ringi::observe {

std::optional<int> LogLimit::pass(std::string_view reason, Time now) {
  auto found = reasons_.find(reason);
  if (found == reasons_.end()) found = reasons_.emplace(std::string{reason}, Minute{now}).first;
  auto& minute = found->second;
  // Also where the clock was set back: else nothing would be said until it has caught up.
  if (now - minute.begun >= std::chrono::minutes{1} || now < minute.begun) {
    minute.begun = now;
    minute.said = 0;
  }
  if (minute.said < per_minute_) {
    ++minute.said;
    return std::exchange(minute.kept_back, 0);
  }
  ++minute.kept_back;
  return std::nullopt;
}

}  // namespace ringi::observe
