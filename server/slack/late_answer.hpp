#pragma once

#include "handlers/types/requests.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ringi::slack {

// An answer as a chore: one that Slack did not take when it was due, or that a commit makes due.
// Nobody is left guessing because Slack was away or the process died.
inline constexpr std::string_view late_answer_kind = "answer.late";

struct LateAnswer {
  Caller caller;
  std::string message;  // JSON text of a message
};

Chore to_chore(const OpaqueId& key, const LateAnswer& answer, const Via& via);

// nullopt where the payload is not what to_chore() writes.
std::optional<LateAnswer> parse_late_answer(const Chore& chore);

}  // namespace ringi::slack
