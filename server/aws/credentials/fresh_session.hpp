#pragma once

#include "server/aws/client/retry.hpp"
#include "server/aws/client/session.hpp"
#include "server/observe/log.hpp"
#include "server/runtime/single_flight.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ringi::ports {
class Clock;
}
namespace ringi::runtime {
class TaskGroup;
}

namespace ringi::aws {

// What keeping credentials fresh needs of the world; all of it outlives the sessions.
struct FreshWorld {
  const ports::Clock& clock;
  runtime::TaskGroup& tasks;  // refreshes run here, so that no caller's cancellation stops them
  Random random;
  observe::Log log;
};

// Credentials kept fresh: had anew 15 minutes before they expire (less up to 60 s of jitter; sooner
// where they live less than an hour), the old ones served meanwhile until 60 s before the end, one
// request for all who wait. A refusal is remembered for 60 s; other failures for 1 s, doubled up to
// 60 s. One that nobody waits for is logged, once until another code comes.
class FreshSession : public Session, public std::enable_shared_from_this<FreshSession> {
 public:
  using Fetch = std::function<Task<Result<Credentials>>()>;

  // `name` says in log and errors what is fetched. What `fetch` throws, but a cancellation, is
  // Errc::internal.
  FreshSession(FreshWorld world, std::string name, Fetch fetch);

  Task<Result<Credentials>> credentials(Duration longest) override;
  void reject(const std::string& access_key_id) override;

  // True when it holds nothing worth keeping: a cache may forget it.
  bool dormant() const;

 private:
  bool usable() const;
  bool due() const;
  bool failing() const;
  bool refreshing() const;
  void refresh();
  static Task<Result<Credentials>> fetch(std::shared_ptr<FreshSession> self);
  void keep(Credentials given);
  void keep(Error failure);
  void log(const Error& failure);

  FreshWorld world_;
  std::string name_;
  Fetch fetch_;
  std::optional<Credentials> current_;
  std::optional<Time> refresh_at_;  // nullopt: they do not expire
  std::shared_ptr<runtime::Flight<Credentials>>
      flight_;  // the latest request; null before the first
  std::optional<Error> failure_;
  std::string logged_;  // the code of the last failure that was; "": none since a success
  Time failed_at_{};
  Duration rest_{0};   // after the failure
  Duration pause_{0};  // that of passing failures, doubled by each
};

}  // namespace ringi::aws
