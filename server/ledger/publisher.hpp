#pragma once

#include "handlers/ports/clock.hpp"
#include "handlers/ports/slack.hpp"
#include "handlers/types/task.hpp"
#include "server/observe/log.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ringi::observe {
class Metrics;
}

namespace ringi::ledger {

// What the publisher needs of the store.
class Checkpoints {
 public:
  struct Unpublished {
    std::int64_t size = 0;
    std::string note;
  };
  virtual ~Checkpoints() = default;
  // The newest, where that is not published; nullopt: nothing new.
  virtual Task<Result<std::optional<Unpublished>>> newest_unpublished() = 0;
  // This one, and all before it: a newer checkpoint covers the older.
  virtual Task<Result<void>> mark_published(std::int64_t size) = 0;
  // When that was last done, by this process or by one before it.
  virtual Task<Result<std::optional<Time>>> published_at() = 0;
};

// Keeps checkpoints where ringi's operators cannot reach them: in Slack channels. Within 5 minutes
// of the commit, at most once in 5 minutes and once more at a clean stop. A channel that fails is
// tried again alone, and the operators hear of it once it is 5 minutes late; a checkpoint counts as
// published when all channels have it or a newer one.
// Used on the I/O thread only; what it is given must outlive it.
class Publisher {
 public:
  using Pause = std::function<Task<>(Duration)>;  // runtime::sleep_for, or a test's own
  // Asked before each look: a name may become known, or mean another channel, while we run.
  using Channels = std::function<std::vector<SlackChannel>()>;
  using Tell = std::function<Task<>(message::Text)>;

  struct Parts {
    Checkpoints& checkpoints;
    ports::Slack& slack;
    ports::Clock& clock;
    observe::Metrics& metrics;
    observe::Log log;
    Pause pause;
    Channels channels;
    Tell tell_operators;
  };

  explicit Publisher(Parts parts) : parts_(std::move(parts)) {}

  Task<> run();          // until it is cancelled
  Task<> publish_now();  // at a clean stop: what is not yet out, whenever the last one was

 private:
  struct Outlet {
    SlackChannel channel;
    Time next;                               // not before
    std::int64_t size = 0;                   // what it has
    std::optional<Time> failing_since = {};  // since the last success
    bool told = false;
  };
  enum class Pace { kept, ignored };

  Task<> keep_pace_of_the_last_process();
  void follow_channels();
  Task<> publish(Pace pace);
  Task<> send(Outlet& outlet, const Checkpoints::Unpublished& checkpoint);
  Task<> tell_if_late(Outlet& outlet, const Error& error);
  void failed(const std::string& what, const Error& error);

  Parts parts_;
  Time first_{};  // of a channel that is new to us
  // Shared: a publish under way keeps those that it began with while another follows the channels.
  std::vector<std::shared_ptr<Outlet>> outlets_;
};

}  // namespace ringi::ledger
