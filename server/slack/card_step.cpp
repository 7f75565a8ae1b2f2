#include "server/slack/card_step.hpp"

#include "handlers/ports/cards.hpp"
#include "server/slack/slack_error.hpp"

#include <algorithm>

namespace ringi::slack {

using namespace std::chrono_literals;

namespace {

constexpr int most_failures = 8;    // of an error that we do not know
constexpr int most_unanswered = 6;  // within about 11 minutes
constexpr Duration slow = 10min;    // for what will hardly help, and is not given up

Duration backoff(int failures) {
  return std::min<Duration>(2s * (1 << std::clamp(failures - 1, 0, 6)), 2min);
}

// 2 s, 8 s, 32 s, …
Duration doubtful_backoff(int unanswered) {
  return std::min<Duration>(2s * (1 << std::clamp(2 * (unanswered - 1), 0, 14)), 4h);
}

}  // namespace

bool has_no_place(const Error& failure) {
  const auto fault = fault_of(failure);
  const bool shared_with_outsiders = failure.code == Errc::denied && failure.service_code.empty();
  return fault == Fault::message || fault == Fault::target || shared_with_outsiders;
}

Tally counted(Tally before, const Error& failure) {
  return {.failures = before.failures + 1,
          .unanswered = before.unanswered + (failure.code == Errc::unknown_outcome ? 1 : 0)};
}

Step step_after(const store::MessageRow& row, const Error& failure, Tally tally) {
  using enum Step::What;
  const auto fault = fault_of(failure);
  const bool is_line = !row.parent.empty();
  const bool is_needed =
      !is_line && row.priority == static_cast<int>(ports::Cards::Priority::approval);
  const bool moves = is_line ? tally.failures <= tally_of_moved.failures : !row.ts.empty();
  if (has_no_place(failure) && moves) return {post_anew};
  if (failure.code == Errc::unknown_outcome) {
    if (tally.unanswered >= most_unanswered && !is_needed) return {give_up};
    return {again, doubtful_backoff(tally.unanswered)};
  }
  if (fault == Fault::transient || fault == Fault::token) return {again, backoff(tally.failures)};
  const bool may_pass = fault == Fault::other && !failure.service_code.empty();
  if (may_pass && tally.failures <= most_failures) return {again, backoff(tally.failures)};
  if (is_needed) return {again, slow};
  return {give_up};
}

}  // namespace ringi::slack
