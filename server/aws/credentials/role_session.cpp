#include "server/aws/credentials/role_session.hpp"

#include <utility>

namespace ringi::aws {

std::shared_ptr<FreshSession> role_session(const SessionWorld& world,
                                           std::shared_ptr<Session> caller, RoleRequest role) {
  auto name = "assume " + role.role_arn;
  auto fetch = [&client = world.client, region = world.region, caller = std::move(caller),
                role = std::move(role)] { return assume_role(client, caller, region, role); };
  return std::make_shared<FreshSession>(world.fresh, std::move(name), std::move(fetch));
}

}  // namespace ringi::aws
