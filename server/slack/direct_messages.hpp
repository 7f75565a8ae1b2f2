#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

namespace ringi::store {
class Copies;
}

namespace ringi::slack {

class WebApi;

// In which channel ringi speaks to a person alone: always the same, so Slack is asked once
// (conversations.open may be called some 50 times a minute for the whole workspace).
class DirectMessages {
 public:
  DirectMessages(WebApi& api, store::Copies& copies) : api_(api), copies_(copies) {}

  Task<Result<SlackChannel>> channel(SlackUser user);
  // Asks Slack, for a channel that it did not know: it is another one since the app was installed
  // anew.
  Task<Result<SlackChannel>> open(SlackUser user);

 private:
  WebApi& api_;
  store::Copies& copies_;
};

}  // namespace ringi::slack
