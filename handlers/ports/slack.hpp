#pragma once

#include "handlers/message/message.hpp"
#include "handlers/types/requests.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ringi::ports {

struct Person {
  SlackUser id;
  std::string name;
  bool full_member =
      false;   // of the configured workspace: no guest, stranger, bot or deactivated person
  Time as_of;  // when Slack said so
};

struct ChannelFacts {
  SlackChannel id;
  std::string name;
  bool externally_shared = false;
  Time as_of;
};

// What Slack knows. `max_age`: a copy from the store that is younger will do; without one Slack is
// asked, and where it cannot be asked the result is Errc::unavailable and nothing may be decided.
class Directory {
 public:
  virtual ~Directory() = default;
  virtual Task<Result<Person>> person(SlackUser user, Duration max_age) = 0;
  virtual Task<Result<std::vector<SlackUser>>> members(SlackGroup group, Duration max_age) = 0;
  virtual Task<Result<ChannelFacts>> channel(SlackChannel channel, Duration max_age) = 0;
};

// Private answers and single lines. Cards go through Cards.
class Slack {
 public:
  virtual ~Slack() = default;

  // To one person, where they asked: through response_url while it lives, then by direct message;
  // to a mention as an ephemeral message in its thread, and what cannot be shown there by direct
  // message.
  virtual Task<Result<void>> tell(Caller caller, Via via, message::Message message) = 0;

  // The same as a chore, for the commit that makes it true: told whatever becomes of this process.
  virtual Chore answer_chore(Caller caller, Via via, message::Message message) = 0;

  // Replaces the private message whose button was pressed (response_url, replace_original).
  virtual Task<Result<void>> replace(Via via, message::Message message) = 0;

  virtual Task<Result<MessageTs>> say(SlackChannel channel, std::optional<MessageTs> thread,
                                      message::Message message) = 0;
  virtual Task<Result<void>> remove(SlackChannel channel, MessageTs ts) = 0;
  virtual Task<Result<std::string>> permalink(SlackChannel channel, MessageTs ts) = 0;
  virtual Task<Result<void>> update_view(std::string view_id, message::View view) = 0;
};

}  // namespace ringi::ports
