#include "server/aws/credentials/sso_credentials.hpp"

#include "handlers/ports/clock.hpp"
#include "server/aws/client/client.hpp"
#include "server/aws/client/members.hpp"
#include "server/aws/credentials/given.hpp"
#include "server/aws/credentials/sso_token.hpp"
#include "server/observe/logger.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ringi::aws {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr Duration renew_before_expiry = 15min;

Error log_in_again(const SingleSignOn& source, const std::string& why) {
  return error(Errc::denied, why + ": run " + source.login);
}

Invocation call_of(const SingleSignOn& source, std::string service, std::string operation) {
  Invocation what{
      .service = std::move(service), .operation = std::move(operation), .region = source.region};
  what.deadline = 5s;
  return what;
}

Task<Result<SsoToken>> renewed(const SsoWorld& world, const SingleSignOn& source, SsoToken token) {
  auto what = call_of(source, "sso-oidc", "CreateToken");
  json input{{"grantType", "refresh_token"},
             {"clientId", token.client_id},
             {"clientSecret", token.client_secret.reveal()},
             {"refreshToken", token.refresh_token.reveal()}};
  const auto output = co_await world.client.call(nullptr, std::move(what), std::move(input));
  if (output.has_error()) co_return output.error();
  const auto access = text_at(*output, "accessToken");
  const auto life = output->value("expiresIn", json{});
  if (access.empty() || !life.is_number_integer())
    co_return error(Errc::unavailable, "sso-oidc CreateToken: an answer without a token");
  token.access_token = config::Secret{access};
  token.expires = world.clock.now() + std::chrono::seconds{life.get<std::int64_t>()};
  if (const auto next = text_at(*output, "refreshToken"); !next.empty())
    token.refresh_token = config::Secret{next};
  co_return token;
}

// What the file holds, or what a renewal gave. A failed renewal is no harm while the token lasts.
Task<Result<SsoToken>> current_token(const SsoWorld& world, const SingleSignOn& source) {
  const auto text = world.read_file(source.token_file);
  const auto token = text ? parse_sso_token(*text) : std::nullopt;
  if (!token) co_return log_in_again(source, source.token_file + " holds no token");
  const auto now = world.clock.now();
  const bool ends_soon = token->expires - now < renew_before_expiry;
  if (ends_soon && source.renewable && token->renewable(now)) {
    auto next = co_await renewed(world, source, *token);
    if (next) {
      const auto kept = world.replace_file(source.token_file, with_token(*text, *next));
      if (kept.has_error())
        world.log->warn("the renewed token of single sign-on is not kept: {}",
                        kept.error().log.text);
      co_return next;
    }
    world.log->warn("single sign-on: the token is not renewed: {}", next.error().log.text);
    // No login is needed for what passes.
    if (token->expires <= now && is_transient(next.error().code)) co_return next.error();
  }
  if (token->expires <= now)
    co_return log_in_again(source,
                           source.token_file + ": its token expired at " + rfc3339(token->expires));
  co_return *token;
}

// Their end is in milliseconds here.
Result<Credentials> given_in(const json& output) {
  const auto role = output.value("roleCredentials", json::object());
  const auto end = role.is_object() ? role.value("expiration", json{}) : json{};
  Credentials given{.access_key_id = text_at(role, "accessKeyId"),
                    .secret_access_key = config::Secret{text_at(role, "secretAccessKey")},
                    .session_token = config::Secret{text_at(role, "sessionToken")}};
  if (given.access_key_id.empty() || given.secret_access_key.empty() || !end.is_number_integer())
    return error(Errc::unavailable, "sso GetRoleCredentials: an answer without credentials");
  given.expires = Time{std::chrono::milliseconds{end.get<std::int64_t>()}};
  return given;
}

}  // namespace

Task<Result<Credentials>> fetch_by_sso(const SsoWorld& world, SingleSignOn source) {
  const auto token = co_await current_token(world, source);
  if (token.has_error()) co_return token.error();
  auto what = call_of(source, "sso", "GetRoleCredentials");
  json input{{"roleName", source.role_name},
             {"accountId", source.account_id},
             {"accessToken", token->access_token.reveal()}};
  const auto output = co_await world.client.call(nullptr, std::move(what), std::move(input));
  if (output.has_error() && output.error().service_code == "UnauthorizedException")
    co_return log_in_again(source, "single sign-on no longer takes the token");
  if (output.has_error()) co_return output.error();
  co_return given_in(*output);
}

}  // namespace ringi::aws
