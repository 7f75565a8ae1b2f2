#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/time.hpp"
#include "server/config/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ringi::aws {

// What `aws sso login` leaves in ~/.aws/sso/cache.
// Source: AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider".
struct SsoToken {
  config::Secret access_token;
  Time expires;
  // What a renewal takes; empty where the token is of the older form.
  std::string client_id;
  config::Secret client_secret;
  config::Secret refresh_token;
  std::optional<Time> registration_expires;

  bool renewable(Time now) const;
};

// nullopt: it holds no token.
std::optional<SsoToken> parse_sso_token(std::string_view text);

// The file's text with the token's new values; all else in it stays.
std::string with_token(std::string_view text, const SsoToken& token);

}  // namespace ringi::aws
