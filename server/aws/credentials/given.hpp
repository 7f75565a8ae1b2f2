#pragma once

#include "server/aws/client/session.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace ringi::aws {

// What the parts of credentials are called in one answer or another.
struct GivenNames {
  const char* id;
  const char* secret;
  const char* token;
  const char* expires;
};
inline constexpr GivenNames session_names{"AccessKeyId", "SecretAccessKey", "SessionToken",
                                          "Expiration"};  // STS, credential_process
inline constexpr GivenNames metadata_names{"AccessKeyId", "SecretAccessKey", "Token",
                                           "Expiration"};  // containers, instances

// Credentials in a JSON object; nullopt without an id or a secret, or with an expiry that is no
// time.
std::optional<Credentials> given_in(const nlohmann::json& object, const GivenNames& names);

}  // namespace ringi::aws
