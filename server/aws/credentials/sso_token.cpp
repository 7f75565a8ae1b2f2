#include "server/aws/credentials/sso_token.hpp"

#include "server/aws/client/members.hpp"
#include "server/aws/protocol/instant.hpp"

#include <nlohmann/json.hpp>

namespace ringi::aws {

using nlohmann::json;

namespace {

// Older tools wrote "UTC" for "Z".
std::optional<Time> time_of(const json& object, const char* key) {
  auto text = text_at(object, key);
  if (text.ends_with("UTC")) text.replace(text.size() - 3, 3, "Z");
  return parse_instant(text);
}

}  // namespace

bool SsoToken::renewable(Time now) const {
  return !client_id.empty() && !client_secret.empty() && !refresh_token.empty() &&
         (!registration_expires || now < *registration_expires);
}

std::optional<SsoToken> parse_sso_token(std::string_view text) {
  const auto file = json::parse(text, nullptr, false);
  if (!file.is_object()) return std::nullopt;
  const auto expires = time_of(file, "expiresAt");
  SsoToken token{.access_token = config::Secret{text_at(file, "accessToken")},
                 .expires = expires.value_or(Time{}),
                 .client_id = text_at(file, "clientId"),
                 .client_secret = config::Secret{text_at(file, "clientSecret")},
                 .refresh_token = config::Secret{text_at(file, "refreshToken")},
                 .registration_expires = time_of(file, "registrationExpiresAt")};
  if (token.access_token.empty() || !expires) return std::nullopt;
  return token;
}

std::string with_token(std::string_view text, const SsoToken& token) {
  auto file = json::parse(text, nullptr, false);
  if (!file.is_object()) file = json::object();
  file["accessToken"] = token.access_token.reveal();
  file["expiresAt"] = rfc3339(token.expires).substr(0, 19) + "Z";  // whole seconds, as AWS's CLI
  if (!token.refresh_token.empty()) file["refreshToken"] = token.refresh_token.reveal();
  return file.dump(2, ' ', false, json::error_handler_t::replace);
}

}  // namespace ringi::aws
