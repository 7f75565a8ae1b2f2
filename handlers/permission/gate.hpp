#pragma once

#include "handlers/access/decide.hpp"
#include "handlers/ports/slack.hpp"

#include <memory>
#include <vector>

namespace ringi::permission {

// How old what Slack said of people and groups may be (contract section 5).
inline constexpr Duration fresh = std::chrono::seconds{30};  // a decision on production
inline constexpr Duration usual = std::chrono::minutes{10};

// The directory's failure as whoever asked ringi for something meets it: nothing is done, now or
// later, and they ask again.
Error ask_again(const Error& failure);

// Asks access with what the directory knows. Errc::ask_again: Slack could not be asked and no copy
// is young enough; nothing may be done.
class Gate {
 public:
  explicit Gate(ports::Directory& directory) : directory_(directory) {}

  Task<Result<access::Decision>> may(std::shared_ptr<const access::Rules> rules, SlackUser user,
                                     access::Question question, Duration max_age);

  // Whether anybody but `except` may: reads no more people than it needs.
  Task<Result<bool>> anyone(std::shared_ptr<const access::Rules> rules, access::Question question,
                            SlackUser except, Duration max_age);

  // Everyone who may: for `who`. nullopt: every full member may.
  Task<Result<std::optional<std::vector<SlackUser>>>> everyone(
      std::shared_ptr<const access::Rules> rules, access::Question question, Duration max_age);

 private:
  ports::Directory& directory_;
};

}  // namespace ringi::permission
