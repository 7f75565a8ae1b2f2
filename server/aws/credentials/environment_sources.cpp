#include "server/aws/credentials/environment_sources.hpp"

#include "server/aws/protocol/instant.hpp"
#include "server/net/address.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace ringi::aws {
namespace {

constexpr std::string_view ecs = "http://169.254.170.2";
constexpr std::string_view imds_host = "169.254.169.254";
constexpr std::string_view imds_ipv6_host = "[fd00:ec2::254]";

std::string lower(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return result;
}

Error wrong(std::string_view variable, const std::string& why) {
  return error(Errc::invalid, std::string{variable} + ": " + why);
}

bool breaks_line(std::string_view text) {
  return text.find_first_of("\r\n") != text.npos;
}

}  // namespace

Result<std::optional<Source>> keys_in(const Environment& environment) {
  const auto id = variable(environment, "AWS_ACCESS_KEY_ID");
  const auto secret = variable(environment, "AWS_SECRET_ACCESS_KEY");
  if (id.empty() && secret.empty()) return std::optional<Source>{};
  if (id.empty()) return wrong("AWS_ACCESS_KEY_ID", "not set, though AWS_SECRET_ACCESS_KEY is");
  if (secret.empty()) return wrong("AWS_SECRET_ACCESS_KEY", "not set, though AWS_ACCESS_KEY_ID is");
  auto token = variable(environment, "AWS_SESSION_TOKEN");
  if (token.empty()) token = variable(environment, "AWS_SECURITY_TOKEN");
  Credentials credentials{.access_key_id = std::string{id},
                          .secret_access_key = config::Secret{std::string{secret}},
                          .session_token = config::Secret{std::string{token}}};
  const auto expires = variable(environment, "AWS_CREDENTIAL_EXPIRATION");
  if (!expires.empty()) {
    credentials.expires = parse_instant(expires);
    if (!credentials.expires)
      return wrong("AWS_CREDENTIAL_EXPIRATION", "expected a time like 2026-01-31T12:00:00Z");
  }
  return std::optional{Source{"environment", StaticKeys{std::move(credentials)}}};
}

Result<std::optional<Source>> container_in(const Environment& environment) {
  const auto relative = variable(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (relative.empty() && full.empty()) return std::optional<Source>{};
  const std::string_view set_by = relative.empty() ? "AWS_CONTAINER_CREDENTIALS_FULL_URI"
                                                   : "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
  if (!relative.empty() && !relative.starts_with('/')) return wrong(set_by, "expected a path");
  ContainerEndpoint endpoint{
      .url = relative.empty() ? std::string{full} : std::string{ecs} + std::string{relative},
      .token_file = std::string{variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")}};
  const auto address = net::allowed_address(endpoint.url);
  if (address.has_error()) return wrong(set_by, address.error().log.text);
  // A container's token is none of its business.
  if (address->host == imds_host || address->host == imds_ipv6_host)
    return wrong(set_by, "that is the instance's metadata service, not a container's");
  const auto token = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (breaks_line(token)) return wrong("AWS_CONTAINER_AUTHORIZATION_TOKEN", "holds a line break");
  endpoint.token = config::Secret{std::string{token}};
  // Whoever knows an ECS task's path may have its role.
  auto name = "container, " + address->scheme + "://" + net::authority(*address);
  return std::optional{Source{std::move(name), std::move(endpoint)}};
}

Result<std::optional<Source>> instance_in(const Environment& environment) {
  if (lower(variable(environment, "AWS_EC2_METADATA_DISABLED")) == "true")
    return std::optional<Source>{};
  constexpr std::string_view mode_name = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
  constexpr std::string_view endpoint_name = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
  const auto mode = lower(variable(environment, mode_name));
  if (!mode.empty() && mode != "ipv4" && mode != "ipv6")
    return wrong(mode_name, "expected IPv4 or IPv6");
  std::string url{variable(environment, endpoint_name)};
  if (url.empty()) url = "http://" + std::string{mode == "ipv6" ? imds_ipv6_host : imds_host};
  if (url.ends_with('/')) url.pop_back();
  const auto address = net::allowed_address(url);
  if (address.has_error()) return wrong(endpoint_name, address.error().log.text);
  // What is told there lets anyone act as this machine.
  if (!net::is_loopback(*address) && !net::is_credential_endpoint(*address))
    return wrong(endpoint_name, "only this machine and the instance's metadata service are asked");
  return std::optional{Source{"instance metadata, " + url, InstanceMetadata{std::move(url)}}};
}

}  // namespace ringi::aws
