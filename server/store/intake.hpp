#pragma once

#include "handlers/types/requests.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ringi::store {

// What came in, verified and parsed, before it is answered.
struct Incoming {
  std::vector<std::string>
      keys;  // each unique for ever: "slack-event:Ev…", "slack-sig:<sha256>", "sns:<MessageId>"
  std::optional<Request> job;  // nullopt: nothing to do later (an event that nobody handles)
  std::string content_type;    // of the answer
  std::string answer;          // the body of the 200; a repeat gets the same bytes
};

struct Accepted {
  bool repeat = false;
  std::string content_type;
  std::string answer;
};

// Stores a delivery and its job in one shared commit.
class Intake {
 public:
  virtual ~Intake() = default;
  // Returns after the commit. Errc::unavailable: not stored, or not known to be: answer 503. A
  // write not begun after 2.5 s is withdrawn; one that was begun is marked so that its job asks
  // first.
  virtual Task<Result<Accepted>> accept(Incoming incoming) = 0;
};

}  // namespace ringi::store
