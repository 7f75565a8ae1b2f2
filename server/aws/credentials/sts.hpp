#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "server/aws/client/session.hpp"
#include "server/config/secret.hpp"

#include <memory>
#include <string>

namespace ringi::aws {

class Client;

struct RoleRequest {
  std::string role_arn;
  std::string session_name;  // appears in CloudTrail and in ARNs
  // "": none. Cannot be changed further along a chain: last hop only.
  std::string source_identity = {};
  // JSON: the session may do what this and the role both allow. "": whatever the role allows.
  std::string session_policy = {};
  config::Secret external_id = {};            // empty: none is sent
  Duration duration = std::chrono::hours{1};  // the most that a chained role may have
};

// sts:AssumeRole. At most 5 s. PackedPolicyTooLarge: the session policy and the session tags of
// `caller`, packed as AWS packs them, are too long.
Task<Result<Credentials>> assume_role(Client& client, std::shared_ptr<Session> caller,
                                      Region region, RoleRequest role);

struct WebIdentityRequest {
  std::string role_arn;
  std::string session_name;
  config::Secret token;  // an OpenID Connect token
  Duration duration = std::chrono::hours{1};
};

// sts:AssumeRoleWithWebIdentity, unsigned. At most 5 s.
Task<Result<Credentials>> assume_role_with_web_identity(Client& client, Region region,
                                                        WebIdentityRequest request);

}  // namespace ringi::aws
