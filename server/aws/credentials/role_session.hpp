#pragma once

#include "server/aws/credentials/fresh_session.hpp"
#include "server/aws/credentials/sts.hpp"

#include <memory>

namespace ringi::aws {

// What assumed roles need of the world; all of it outlives them.
struct SessionWorld {
  FreshWorld fresh;
  Client& client;
  Region region;  // where STS is asked: the server's own
};

// A role that `caller` assumes, kept fresh.
std::shared_ptr<FreshSession> role_session(const SessionWorld& world,
                                           std::shared_ptr<Session> caller, RoleRequest role);

}  // namespace ringi::aws
