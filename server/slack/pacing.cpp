#include "server/slack/pacing.hpp"

#include <algorithm>

namespace ringi::slack {
namespace {

template <class Key>
Time not_before(const std::map<Key, Time>& booked, const Key& key, Duration distance, Time now) {
  const auto last = booked.find(key);
  if (last == booked.end()) return now;
  return std::max(now, last->second + distance);
}

// What is over cannot delay anybody.
template <class Key>
void book(std::map<Key, Time>& booked, const Key& key, Duration distance, Time at, Time now) {
  std::erase_if(booked, [&](const auto& entry) { return entry.second + distance <= now; });
  booked[key] = at;
}

}  // namespace

Time Pacing::next_post(const SlackChannel& channel, Time now) const {
  return not_before(posts_, channel, between_posts, now);
}

Time Pacing::next_update(const std::string& card, Time now) const {
  const auto by_card = not_before(updates_, card, between_updates, now);
  if (window_updates_.size() < updates_per_window) return by_card;
  return std::max(by_card, window_updates_.front() + window);
}

bool Pacing::has_room_for_looks(Time now) const {
  const auto booked =
      std::ranges::count_if(window_updates_, [&](Time at) { return at + window > now; });
  return static_cast<std::size_t>(booked) < updates_per_window / 3;
}

void Pacing::book_post(const SlackChannel& channel, Time at, Time now) {
  book(posts_, channel, between_posts, at, now);
}

void Pacing::book_update(const std::string& card, Time at) {
  book(updates_, card, between_updates, at, at);
  window_updates_.push_back(at);
  if (window_updates_.size() > updates_per_window) window_updates_.pop_front();
}

}  // namespace ringi::slack
