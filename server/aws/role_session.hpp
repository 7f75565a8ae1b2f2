#pragma once

#include "server/aws/credentials.hpp"
#include "server/aws/retry.hpp"
#include "server/aws/sts.hpp"
#include "server/runtime/single_flight.hpp"

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

// What sessions need of the world; all of it outlives them.
struct SessionWorld {
  Client& client;
  const ports::Clock& clock;
  runtime::TaskGroup& tasks;  // refreshes run here, so that no caller's cancellation stops them
  Random random;
  Region region;  // where STS is asked: the server's own
};

// An assumed role, kept fresh: asked anew 15 minutes before it expires (less up to 60 s of jitter),
// the old credentials served meanwhile until 60 s before the end, one request for all who wait. A
// refusal is remembered for 60 s; other failures for 1 s, doubled up to 60 s.
class RoleSession : public Session, public std::enable_shared_from_this<RoleSession> {
 public:
  RoleSession(SessionWorld world, std::shared_ptr<Session> caller, RoleRequest role);

  Task<Result<Credentials>> credentials(Duration longest) override;
  void reject(const std::string& access_key_id) override;

  // True when it holds nothing worth keeping: a cache may forget it.
  bool dormant() const;

 private:
  bool refreshing() const;
  void refresh();
  static Task<Result<Credentials>> assume(std::shared_ptr<RoleSession> self);
  void keep(const Result<Credentials>& result);

  SessionWorld world_;
  std::shared_ptr<Session> caller_;
  RoleRequest role_;
  std::optional<Credentials> current_;
  Time refresh_at_{};
  std::shared_ptr<runtime::Flight<Credentials>>
      flight_;  // the latest request; null before the first
  std::optional<Error> failure_;
  Time failed_until_{};
  Duration pause_{0};
};

}  // namespace ringi::aws
