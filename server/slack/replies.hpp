#pragma once

#include "handlers/message/message.hpp"
#include "handlers/types/requests.hpp"

#include <optional>
#include <string>

namespace ringi::slack {

// What is said at once, from memory: pure, no port is called, no permission is decided.
class Replies {
 public:
  virtual ~Replies() = default;

  // JSON text of an ephemeral message (usage, or "on it"); "" for none. Not said to a mention.
  virtual std::string reply(const Command& command) = 0;

  // The form that this click opens, without its private_metadata; nullopt: it opens none.
  virtual std::optional<message::View> opens_form(const Click& click) = 0;

  // {"response_action":"errors", …} where the form cannot be taken as it was filled in.
  virtual std::optional<std::string> refuse(const Submission& submission) = 0;
};

}  // namespace ringi::slack
