#include "server/aws/base_credentials.hpp"

#include "server/aws/profile.hpp"

#include <array>
#include <utility>

namespace ringi::aws {
namespace {

std::string_view value_of(const Section& section, std::string_view key) {
  const auto found = section.find(key);
  return found == section.end() ? std::string_view{} : std::string_view{found->second};
}

std::string file_path(const Environment& environment, std::string_view name,
                      std::string_view usual) {
  const auto named = variable(environment, name);
  if (!named.empty()) return std::string{named};
  return std::string{variable(environment, "HOME")} + "/.aws/" + std::string{usual};
}

Sections read_sections(const ReadFile& read_file, const std::string& path) {
  const auto text = read_file(path);
  return text ? parse_profiles(*text) : Sections{};
}

// Both files merged; the credentials file wins key by key.
Section merged_profile(const Environment& environment, const std::string& profile,
                       const ReadFile& read_file) {
  const auto config = read_sections(read_file, file_path(environment, "AWS_CONFIG_FILE", "config"));
  const auto shared = read_sections(
      read_file, file_path(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"));
  Section merged;
  if (const auto found = shared.find(profile); found != shared.end()) merged = found->second;
  const auto in_config = config.find(profile == "default" ? profile : "profile " + profile);
  if (in_config != config.end()) merged.insert(in_config->second.begin(), in_config->second.end());
  return merged;
}

Result<Credentials> credentials_from(std::string_view id, std::string_view secret,
                                     std::string_view token, const std::string& source) {
  if (id.empty() || secret.empty())
    return error(Errc::invalid,
                 source + " holds an access key id or a secret access key, not both");
  return Credentials{.access_key_id = std::string{id},
                     .secret_access_key = config::Secret{std::string{secret}},
                     .session_token = config::Secret{std::string{token}}};
}

std::optional<std::string> source_of_later_version(const Section& profile) {
  static constexpr std::array<std::string_view, 7> keys{
      "role_arn",           "web_identity_token_file", "sso_session",      "sso_start_url",
      "credential_process", "login_session",           "credential_source"};
  for (const auto key : keys)
    if (profile.contains(key)) return std::string{key};
  return std::nullopt;
}

Result<Credentials> from_profile(const Environment& environment, const std::string& profile,
                                 const ReadFile& read_file) {
  const auto section = merged_profile(environment, profile, read_file);
  const auto name = "profile " + profile;
  if (const auto other = source_of_later_version(section))
    return error(Errc::invalid, name + ": " + *other + ": not in this version; use static keys");
  const auto id = value_of(section, "aws_access_key_id");
  const auto secret = value_of(section, "aws_secret_access_key");
  if (id.empty() && secret.empty())
    return error(
        Errc::invalid,
        "no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor keys in " +
            name + " (container, instance and web identity roles: not in this version)");
  return credentials_from(id, secret, value_of(section, "aws_session_token"), name);
}

std::string usual_profile(const Environment& environment) {
  for (const std::string_view name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"})
    if (const auto named = variable(environment, name); !named.empty()) return std::string{named};
  return "default";
}

}  // namespace

Result<Credentials> load_base_credentials(const Environment& environment,
                                          const std::string& profile, const ReadFile& read_file) {
  if (!profile.empty()) return from_profile(environment, profile, read_file);
  const auto id = variable(environment, "AWS_ACCESS_KEY_ID");
  const auto secret = variable(environment, "AWS_SECRET_ACCESS_KEY");
  if (id.empty() && secret.empty())
    return from_profile(environment, usual_profile(environment), read_file);
  return credentials_from(id, secret, variable(environment, "AWS_SESSION_TOKEN"),
                          "the environment");
}

BaseSession::BaseSession(Load load) : load_(std::move(load)), current_(load_()) {}

// A file that was missing or wrong is read again: whoever mends it needs no restart.
Task<Result<Credentials>> BaseSession::credentials(Duration) {
  if (current_.has_error()) current_ = load_();
  co_return current_;
}

void BaseSession::reject(const std::string& access_key_id) {
  if (current_.has_value() && current_->access_key_id == access_key_id) current_ = load_();
}

}  // namespace ringi::aws
