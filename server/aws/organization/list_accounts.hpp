#pragma once

#include "handlers/access/registry.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "server/aws/client/session.hpp"
#include "server/aws/organization/plan.hpp"
#include "server/observe/log.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ringi::ports {
class Clock;
}

namespace ringi::aws {

class Client;

// What reading an organization needs. AWS's limits for it are low and shared with everybody else
// who asks (facts: about 8 calls a second), so there is a pause between two calls, and a longer one
// when AWS throttles.
struct OrganizationReader {
  Client& client;
  const ports::Clock& clock;
  std::shared_ptr<Session> session;  // of the management account or a delegated administrator
  Region region;                     // any of the partition: Organizations has one home in each
  observe::Log log;
  std::function<Task<>(Duration)> sleep;
};

// The active accounts with those tags that are read, but the excluded ones. One whose tags cannot
// be found any more is left out: it was closed meanwhile. Any other failure fails the whole.
Task<Result<std::vector<access::ListedAccount>>> list_accounts(OrganizationReader reader,
                                                               OrganizationPlan plan);

}  // namespace ringi::aws
