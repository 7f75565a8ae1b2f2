#pragma once

#include "server/aws/client/retry.hpp"
#include "server/aws/client/session.hpp"
#include "server/aws/sqs_intake.hpp"
#include "server/observe/log.hpp"
#include "server/observe/log_limit.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ringi::observe {
class Metrics;
}
namespace ringi::ports {
class Clock;
}

namespace ringi::aws {

class Client;

// What polling needs; all of it outlives the pollers.
struct SqsParts {
  Client& client;
  std::shared_ptr<Session> session;  // ringi's own: queues belong to no realm
  SqsIntake& intake;
  const ports::Clock& clock;
  observe::Metrics& metrics;
  observe::Log log;
  std::function<Task<>(Duration)> sleep;
  Random random;
  // A queue that could not be read for 5 minutes, and why; then, without an error, that it can be.
  std::function<Task<>(const config::Queue&, std::optional<Error>)> tell;
};

// Polls one queue: what is received is stored, and only then deleted (facts, section 9). On the I/O
// thread.
class SqsPoller {
 public:
  SqsPoller(SqsParts parts, config::Queue queue);

  Task<> run();                  // until it is cancelled
  Task<Result<void>> receive();  // once: up to ten messages, and what becomes of them

 private:
  enum class Outcome { settled, waits, left };
  using Messages = std::vector<SqsMessage>;

  Task<Result<void>> guarded();
  Task<Result<nlohmann::json>> call(std::string operation, nlohmann::json input);
  Task<Result<void>> find_url();
  Task<> settle(Messages waiting);
  Task<Messages> take(Messages messages);
  Task<Outcome> take_one(const SqsMessage& message);
  Task<> keep_invisible(const Messages& messages);
  Task<> remove(Messages messages);
  Task<Messages> not_deleted(Messages messages);
  Task<> note(const Result<void>& received);
  Duration pause() const;
  void count(std::string_view outcome);
  void warn(std::string_view what, std::string_view cause);

  SqsParts parts_;
  config::Queue queue_;
  std::string url_;   // once it is known
  int at_once_ = 10;  // messages of one receiving; fewer after an answer that was too large,
  Time few_until_;    // until then
  Time visible_at_;   // when those in hand would be given to somebody else
  int failures_ = 0;  // of receiving, without a break
  Time failing_since_;
  bool told_ = false;
  observe::LogLimit lines_;
};

}  // namespace ringi::aws
