#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ringi::store {

// One message in Slack that is kept true: what should stand there and what does.
struct MessageRow {
  std::string key;
  SlackChannel channel;     // where it stands; until it is posted, where it belongs
  SlackChannel home;        // where it belongs
  std::string parent;       // key of the card whose thread it belongs to; "" for a card
  int priority = 0;         // lower goes first
  std::int64_t wanted = 0;  // version; grows by one with each change
  std::int64_t shown = 0;   // 0: not posted yet
  std::string body;         // JSON text of the wanted message
  MessageTs ts;             // empty until posted
  Time changed;             // when `shown` last changed
  int failures = 0;         // since the last success
  int unanswered = 0;       // of these, posts that may stand although their answer was lost
  std::string why;          // why it does not stand at home, or was given up
};

// Where a version of a message stands now.
struct Standing {
  SlackChannel channel;
  MessageTs ts;
  std::string why;  // not at home: why; else ""
};

class Messages {
 public:
  virtual ~Messages() = default;
  // Inserts, or raises `wanted` when `body` differs from the newest wanted one. A message that is
  // not posted belongs where `channel` says, from now on.
  virtual Task<Result<void>> want(std::string key, SlackChannel channel, std::string parent,
                                  int priority, std::string body) = 0;
  virtual Task<Result<std::optional<MessageRow>>> find(std::string key) = 0;
  // Rows with shown < wanted, best priority first, oldest first within one; a line only once its
  // card stands.
  virtual Task<Result<std::vector<MessageRow>>> due(int limit) = 0;
  virtual Task<Result<void>> shown(std::string key, std::int64_t version, Standing standing) = 0;
  // What stands and is not to change is due once more, where it still is as `row` says.
  virtual Task<Result<void>> repeat(MessageRow row) = 0;
  // It no longer stands at `ts`: it is due again, as one that was never posted.
  virtual Task<Result<void>> lost(std::string key, MessageTs ts) = 0;
  // Slack refused this version for good: it counts as shown, so that it is not tried for ever. Of a
  // message that was never posted, `why` says why.
  virtual Task<Result<void>> given_up(std::string key, std::int64_t version, std::string why) = 0;
  virtual Task<Result<void>> failed(std::string key, int failures, int unanswered) = 0;
};

}  // namespace ringi::store
