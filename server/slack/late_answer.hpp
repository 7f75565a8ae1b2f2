#pragma once

#include "handlers/types/requests.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ringi::slack {

// An answer that reached nobody when it was due, as a chore that says it again: nobody is left
// guessing because Slack was away.
inline constexpr std::string_view late_answer_kind = "answer.late";

struct LateAnswer {
  Caller caller;
  std::string message;  // JSON text of a message
};

Chore to_chore(const OpaqueId& key, const LateAnswer& answer, const Via& via);

// nullopt where the payload is not what to_chore() writes.
std::optional<LateAnswer> parse_late_answer(const Chore& chore);

}  // namespace ringi::slack
