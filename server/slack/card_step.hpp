#pragma once

#include "handlers/types/error.hpp"
#include "handlers/types/time.hpp"
#include "server/store/messages.hpp"

namespace ringi::slack {

// What failed of one message since it last stood, this failure included.
struct Tally {
  int failures = 0;
  int unanswered = 0;  // posts that may stand although their answer was lost
};

// That of a line whose card was posted anew for its sake: a second refusal is the line's own. No
// outage lasts until so many failures are counted: at one in 2 min it would take 3,800 years.
constexpr Tally tally_of_moved{.failures = 1'000'000'000, .unanswered = 0};

// True where the message cannot stand, or no longer stands, where it was to be.
bool has_no_place(const Error& failure);

struct Step {
  enum class What {
    again,      // the same once more, after the pause
    post_anew,  // the message, or for a line in a thread its card, no longer stands where it stood
    give_up,    // until it changes
  };
  What what = What::give_up;
  Duration pause{};
};

// Adds `failure` to what failed before.
Tally counted(Tally before, const Error& failure);

// A post whose answer was lost may stand, so it is repeated a few times and ever more slowly. The
// card of an approval that waits is never given up: without it nobody could decide.
Step step_after(const store::MessageRow& row, const Error& failure, Tally tally);

}  // namespace ringi::slack
