#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/time.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <string>

namespace ringi::slack {

// When Slack may be sent the next message: 1 post per second and channel, 45 updates a minute in
// all (chat.update counts per workspace: tier 3, about 50), one update per card in 5 s. Keeps no
// clock; who sends books first. Used from the I/O thread only. Source:
// docs.slack.dev/apis/web-api/rate-limits.
class Pacing {
 public:
  static constexpr Duration between_posts = std::chrono::seconds{1};
  static constexpr Duration between_updates = std::chrono::seconds{5};
  static constexpr Duration window = std::chrono::minutes{1};
  static constexpr std::size_t updates_per_window = 45;

  // The earliest time that is not before `now`.
  Time next_post(const SlackChannel& channel, Time now) const;
  Time next_update(const std::string& card, Time now) const;
  bool has_room_for_looks(Time now) const;  // a third of the updates of a minute at the most

  void book_post(const SlackChannel& channel, Time at, Time now);  // `at` may lie ahead
  void book_update(const std::string& card, Time at);

 private:
  std::map<SlackChannel, Time> posts_;   // the latest booked
  std::map<std::string, Time> updates_;  // the latest booked
  std::deque<Time> window_updates_;      // the latest 45
};

}  // namespace ringi::slack
