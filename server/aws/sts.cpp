#include "server/aws/sts.hpp"

#include "server/aws/client.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ringi::aws {

using nlohmann::json;

namespace {

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

json input_of(const RoleRequest& role) {
  json input{{"RoleArn", role.role_arn},
             {"RoleSessionName", role.session_name},
             {"DurationSeconds", 3600}};
  if (!role.source_identity.empty()) input["SourceIdentity"] = role.source_identity;
  if (!role.external_id.empty()) input["ExternalId"] = role.external_id.reveal();
  return input;
}

Result<Credentials> credentials_in(const json& output) {
  const auto found = output.find("Credentials");
  const auto given = found != output.end() && found->is_object() ? *found : json::object();
  Credentials credentials{.access_key_id = text_of(given, "AccessKeyId"),
                          .secret_access_key = config::Secret{text_of(given, "SecretAccessKey")},
                          .session_token = config::Secret{text_of(given, "SessionToken")},
                          .expires = parse_rfc3339(text_of(given, "Expiration"))};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() ||
      credentials.session_token.empty() || !credentials.expires)
    return error(Errc::unavailable, "AWS answered sts AssumeRole without whole credentials.");
  return credentials;
}

}  // namespace

Task<Result<Credentials>> assume_role(Client& client, std::shared_ptr<Session> caller,
                                      Region region, RoleRequest role) {
  Invocation what{.service = "sts", .operation = "AssumeRole", .region = std::move(region)};
  what.deadline = std::chrono::seconds{5};
  auto input = input_of(role);
  const auto output = co_await client.call(std::move(caller), std::move(what), std::move(input));
  if (!output) {
    auto failed = output.error();
    // A session that nobody received changed nothing: the call it was meant for was not sent.
    if (failed.code == Errc::unknown_outcome) failed.code = Errc::unavailable;
    co_return failed;
  }
  co_return credentials_in(*output);
}

}  // namespace ringi::aws
