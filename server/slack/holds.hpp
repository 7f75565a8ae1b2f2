#pragma once

#include "handlers/types/time.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace ringi::slack {

// What Slack said 429 to, and from when on it may be called again. A key is what Slack limits for
// itself: a method, for posts a channel too. Keeps no clock. Used from the I/O thread only. Source:
// docs.slack.dev/apis/web-api/rate-limits.
class Holds {
 public:
  static constexpr Duration longest = std::chrono::hours{1};     // whatever Slack says
  static constexpr Duration unsaid = std::chrono::seconds{10};   // where it says nothing
  static constexpr Duration shortest = std::chrono::seconds{1};  // "0" would ask again at once

  // Not later than the clock's time: it may be called.
  Time until(const std::string& key) const;

  // How long it is held for, from `now` on.
  Duration hold(const std::string& key, std::optional<Duration> asked, Time now);

 private:
  std::map<std::string, Time> until_;
};

}  // namespace ringi::slack
