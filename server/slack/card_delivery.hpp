#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "server/observe/log.hpp"
#include "server/slack/web_api.hpp"
#include "server/store/messages.hpp"

#include <optional>
#include <string>

namespace ringi::ports {
class Clock;
class CurrentRules;
class Directory;
}  // namespace ringi::ports

namespace ringi::slack {

class Pacing;

// Brings one message to Slack: to where it belongs, and a card that may not stand there to the
// operators. Writes nothing down, and waits for none of Slack's limits. Used from the I/O thread
// only.
class CardDelivery {
 public:
  struct Parts {
    store::Messages& messages;
    WebApi& api;
    Pacing& pacing;
    ports::Directory& directory;
    const ports::CurrentRules& rules;
    const ports::Clock& pace;  // for distances: nobody sets it back
    Sleep sleep;
    observe::Log log;
  };
  explicit CardDelivery(Parts parts) : parts_(std::move(parts)) {}

  // Where it stands now. The caller has booked the post or the update.
  Task<Result<store::Standing>> post(const store::MessageRow& row);
  Task<Result<store::Standing>> update(const store::MessageRow& row);

  // A copy that is no longer kept true; where Slack refuses, it stays.
  Task<> remove(SlackChannel channel, MessageTs ts);

 private:
  using Row = store::MessageRow;

  Task<Result<store::Standing>> post_line(const Row& row);
  Task<Result<store::Standing>> post_to_operators(const Row& row, const Error& why);
  Task<Result<store::Standing>> post_in(const Row& row, SlackChannel channel,
                                        std::optional<MessageTs> thread, std::string why);

  Parts parts_;
};

}  // namespace ringi::slack
