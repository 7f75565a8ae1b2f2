#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"
#include "server/aws/client/endpoints.hpp"
#include "server/aws/client/retry.hpp"
#include "server/aws/client/session.hpp"
#include "server/aws/client/sigv4.hpp"
#include "server/aws/models/models.hpp"
#include "server/aws/protocol/wire.hpp"
#include "server/observe/log.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ringi::net {
class Transport;
struct Answer;
struct Call;
}  // namespace ringi::net
namespace ringi::ports {
class Clock;
}
namespace ringi::observe {
class Metrics;
}

namespace ringi::aws {

struct Invocation {
  std::string service;
  std::string operation;
  Region region;
  bool retry = true;
  Duration deadline = std::chrono::seconds{10};  // for all tries, credentials included
};

// What the client needs of the world. `sleep` waits between two tries.
struct ClientWorld {
  net::Transport& transport;
  const ports::Clock& clock;
  observe::Metrics& metrics;
  observe::Log log;
  Random random;
  std::function<std::string()> new_token;  // an idempotency token: a UUID
  std::function<Task<>(Duration)> sleep;
};

// The one path to AWS: serialises, signs, sends, retries, and reads the answer. Used from the I/O
// thread only; must outlive its calls.
class Client {
 public:
  Client(ClientWorld world, Endpoints endpoints);

  // Without a session the request goes unsigned, as it does where the operation takes no signature.
  // The output bears the request id under "__request_id".
  Task<Result<nlohmann::json>> call(std::shared_ptr<Session> session, Invocation what,
                                    nlohmann::json input);

  // How the operation's answer goes on; nullopt: it comes in one piece.
  std::optional<Pages> pages_of(const Invocation& what);

 private:
  struct Progress;
  struct Attempt;
  struct Service {
    const Model& model;
    const Operation& operation;
    const Endpoint& endpoint;
  };
  std::pair<const Model*, const Operation*> find(const Invocation& what);
  Task<Result<nlohmann::json>> tries(std::shared_ptr<Session> session, const Invocation& what,
                                     const Service& service, const WireRequest& wire);
  Task<Attempt> attempt(Session* session, const Invocation& what, const Service& service,
                        const WireRequest& wire, Time until);
  net::Call prepare(const Credentials* credentials, const Service& service,
                    const WireRequest& wire);
  static Attempt judge(const Invocation& what, const Service& service,
                       const Result<net::Answer>& answer);
  bool worth_another(Progress& progress, const Attempt& attempt, const Invocation& what);
  bool adopt_clock(std::string_view date);

  ClientWorld world_;
  Endpoints endpoints_;
  Models models_;
  SigningKeys keys_;
  std::map<std::string, RetryQuota>
      quotas_;                // by service and region: one that fails stops only itself
  Duration clock_offset_{0};  // AWS's clock minus ours, as far as it mattered
};

}  // namespace ringi::aws
