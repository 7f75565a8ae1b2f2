#pragma once

#include "handlers/types/id.hpp"
#include "server/aws/client/session.hpp"
#include "server/aws/credentials/sts.hpp"
#include "server/config/secret.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ringi::aws {

struct Source;

// Keys as they stand in a file or in the environment.
struct StaticKeys {
  Credentials credentials;
};

// A profile's role_arn, assumed with other credentials.
struct ProfileRole {
  RoleRequest request;
  std::optional<Region> region;  // of STS; nullopt: the server's own
  std::shared_ptr<const Source> from;
};

// A role assumed with an OpenID Connect token (IAM roles for service accounts).
struct WebIdentity {
  std::string role_arn;
  std::string session_name;
  std::string token_file;  // read each time: it rotates
  Duration duration;
};

// IAM Identity Center, with the token that `aws sso login` left.
struct SingleSignOn {
  std::string token_file;
  std::string login;  // the command that mends it
  Region region;
  std::string account_id;
  std::string role_name;
  bool renewable;  // an sso_session: its token is refreshed
};

struct CredentialProcess {
  std::vector<std::string> command;  // run without a shell
};

// ECS, and EKS Pod Identity.
struct ContainerEndpoint {
  std::string url;
  std::string token_file;  // read each time; "": `token`
  config::Secret token;    // of the header Authorization; empty: none
};

// IMDSv2.
struct InstanceMetadata {
  std::string url;  // without a path
};

// One way to credentials of our own. `name` says which, and where it was set, for people.
struct Source {
  std::string name;
  std::variant<StaticKeys, ProfileRole, WebIdentity, SingleSignOn, CredentialProcess,
               ContainerEndpoint, InstanceMetadata>
      how;
};

}  // namespace ringi::aws
