#include "server/aws/credentials/sts.hpp"

#include "server/aws/client/client.hpp"
#include "server/aws/credentials/given.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ringi::aws {

using nlohmann::json;

namespace {

std::int64_t seconds_of(Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

json input_of(const RoleRequest& role) {
  json input{{"RoleArn", role.role_arn},
             {"RoleSessionName", role.session_name},
             {"DurationSeconds", seconds_of(role.duration)}};
  if (!role.source_identity.empty()) input["SourceIdentity"] = role.source_identity;
  if (!role.session_policy.empty()) input["Policy"] = role.session_policy;
  if (!role.external_id.empty()) input["ExternalId"] = role.external_id.reveal();
  return input;
}

json input_of(const WebIdentityRequest& request) {
  return {{"RoleArn", request.role_arn},
          {"RoleSessionName", request.session_name},
          {"WebIdentityToken", request.token.reveal()},
          {"DurationSeconds", seconds_of(request.duration)}};
}

// The log has AWS's own words: by how much it is too large.
Error refusal(Error failed) {
  if (failed.service_code == "PackedPolicyTooLarge")
    failed.person.text = "AWS takes no session policy of this size: it names too many actions.";
  return failed;
}

// Without a session the request goes unsigned.
Task<Result<Credentials>> ask(Client& client, std::shared_ptr<Session> caller, Region region,
                              std::string operation, json input) {
  Invocation what{.service = "sts", .operation = operation, .region = std::move(region)};
  what.deadline = std::chrono::seconds{5};
  const auto output = co_await client.call(std::move(caller), std::move(what), std::move(input));
  if (output.has_error()) co_return refusal(output.error());
  const auto given = given_in(output->value("Credentials", json::object()), session_names);
  if (!given || given->session_token.empty() || !given->expires)
    co_return error(Errc::unavailable,
                    "AWS answered sts " + operation + " without whole credentials.");
  co_return *given;
}

}  // namespace

Task<Result<Credentials>> assume_role(Client& client, std::shared_ptr<Session> caller,
                                      Region region, RoleRequest role) {
  return ask(client, std::move(caller), std::move(region), "AssumeRole", input_of(role));
}

Task<Result<Credentials>> assume_role_with_web_identity(Client& client, Region region,
                                                        WebIdentityRequest request) {
  return ask(client, nullptr, std::move(region), "AssumeRoleWithWebIdentity", input_of(request));
}

}  // namespace ringi::aws
