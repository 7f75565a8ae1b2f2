#include "server/slack/holds.hpp"

#include <algorithm>

namespace ringi::slack {

Time Holds::until(const std::string& key) const {
  const auto held = until_.find(key);
  return held == until_.end() ? Time{} : held->second;
}

Duration Holds::hold(const std::string& key, std::optional<Duration> asked, Time now) {
  std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
  const auto length = std::clamp<Duration>(asked.value_or(unsaid), shortest, longest);
  auto& until = until_[key];
  until = std::max(until, now + length);
  return until - now;
}

}  // namespace ringi::slack
