#pragma once

#include "handlers/message/message.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

#include <optional>
#include <string>

namespace ringi::ports {

struct Posted {
  SlackChannel channel;
  MessageTs ts;
};

// Messages that live: one row each in the store, with the wanted and the shown version. Updates
// coalesce to the newest; the sender paces them (one per card in 5 s, 45 a minute in all).
class Cards {
 public:
  enum class Priority {
    approval,
    failure,
    progress,
    alert
  };  // who goes first when there is a queue

  virtual ~Cards() = default;

  // From the commit on, `message` is what will stand under `key`: posted once, then kept by
  // updates. `channel` counts until it is posted; where it may not stand there, it goes to the
  // operators, and what vanished is posted anew. A card of an approval is never given up. Wanting
  // what is shown already changes nothing.
  virtual Task<Result<void>> show(std::string key, SlackChannel channel, message::Message message,
                                  Priority priority) = 0;

  // A line in the card's thread, once for each `once`, after the card itself is posted.
  virtual Task<Result<void>> thread(std::string key, std::string once,
                                    message::Message message) = 0;

  // Where the card stands; waits up to `patience` for the first post. nullopt: not posted yet.
  virtual Task<Result<std::optional<Posted>>> find(std::string key, Duration patience) = 0;
};

}  // namespace ringi::ports
