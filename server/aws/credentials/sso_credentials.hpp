#pragma once

#include "handlers/types/task.hpp"
#include "server/aws/credentials/files.hpp"
#include "server/aws/credentials/source.hpp"
#include "server/observe/log.hpp"

namespace ringi::ports {
class Clock;
}

namespace ringi::aws {

class Client;

struct SsoWorld {
  Client& client;
  const ports::Clock& clock;
  ReadFile read_file;
  ReplaceFile replace_file;
  observe::Log log;
};

// sso GetRoleCredentials with the token of the last login, which is renewed (sso-oidc CreateToken)
// and written back where less than 15 minutes of it are left.
Task<Result<Credentials>> fetch_by_sso(const SsoWorld& world, SingleSignOn source);

}  // namespace ringi::aws
