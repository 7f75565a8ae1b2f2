#include "server/aws/credentials/profile_sources.hpp"

#include "server/aws/credentials/environment_sources.hpp"
#include "server/aws/credentials/shell_words.hpp"
#include "server/aws/credentials/sso.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace ringi::aws {
namespace {

constexpr std::string_view own_name = "ringi";  // RoleSessionName, where none is named

Error wrong(const std::string& profile, const std::string& what) {
  return error(Errc::invalid, "profile " + profile + ": " + what);
}

bool has_role(const Section& profile) {
  return !value_of(profile, "role_arn").empty() && !profile.contains("web_identity_token_file");
}

bool has_keys(const Section& profile) {
  return !value_of(profile, "aws_access_key_id").empty();
}

std::string named_or(std::string_view value, std::string_view otherwise) {
  return std::string{value.empty() ? otherwise : value};
}

// AWS's tools pass over what is no whole number; what STS does not take, it refuses itself.
Duration duration_of(const Section& profile) {
  const auto text = value_of(profile, "duration_seconds");
  int seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::chrono::hours{1};
  return std::chrono::seconds{seconds};
}

// A word of the profile and the variable that goes before it.
std::string either(const Environment& variables, std::string_view name, const Section& profile,
                   std::string_view key) {
  return named_or(variable(variables, name), value_of(profile, key));
}

}  // namespace

ProfileSources::ProfileSources(const Profiles& profiles, const Environment& environment,
                               const Environment& web_identity)
    : profiles_(profiles), environment_(environment), web_identity_(web_identity) {}

Result<std::optional<Source>> ProfileSources::find(const std::string& profile) {
  if (has_role(profiles_.merged(profile))) return role(profile, {profile});
  return without_role(profile, web_identity_);
}

ProfileSources::Found ProfileSources::role(const std::string& profile,
                                           std::vector<std::string> visited) {
  const auto section = profiles_.merged(profile);
  if (!value_of(section, "mfa_serial").empty())
    return wrong(profile,
                 "mfa_serial asks for a code, and a server has nobody to ask: use a role "
                 "that needs none");
  const std::string named{value_of(section, "source_profile")};
  const auto word = value_of(section, "credential_source");
  if (named.empty() == word.empty())
    return wrong(profile, "role_arn wants either source_profile or credential_source");
  auto from = named.empty() ? credential_source(profile, word)
                            : source_profile(profile, named, std::move(visited));
  if (from.has_error()) return from;
  ProfileRole role{
      .request = {.role_arn = std::string{value_of(section, "role_arn")},
                  .session_name = named_or(value_of(section, "role_session_name"), own_name),
                  .external_id = config::Secret{std::string{value_of(section, "external_id")}},
                  .duration = duration_of(section)},
      .region = Region::parse(value_of(section, "region")),
      .from = std::make_shared<const Source>(**std::move(from))};
  auto name = "profile " + profile + ", role " + role.request.role_arn + " by " + role.from->name;
  return std::optional{Source{std::move(name), std::move(role)}};
}

ProfileSources::Found ProfileSources::source_profile(const std::string& profile,
                                                     const std::string& named,
                                                     std::vector<std::string> visited) {
  if (!profiles_.knows(named))
    return wrong(profile, "source_profile " + named + " is in neither " + profiles_.files());
  const auto section = profiles_.merged(named);
  if (std::ranges::find(visited, named) != visited.end() &&
      (named != profile || !has_keys(section)))
    return wrong(profile, "source_profile " + named + " leads back to itself");
  visited.push_back(named);
  if (!has_keys(section) && has_role(section)) return role(named, std::move(visited));
  auto found = without_role(named, {});
  if (found.has_error() || *found) return found;
  return wrong(profile, "source_profile " + named + " sets up no credentials");
}

ProfileSources::Found ProfileSources::credential_source(const std::string& profile,
                                                        std::string_view word) {
  using Find = Result<std::optional<Source>> (*)(const Environment&);
  static constexpr std::array<std::pair<std::string_view, Find>, 3> known{
      {{"Environment", &keys_in},
       {"EcsContainer", &container_in},
       {"Ec2InstanceMetadata", &instance_in}}};
  const auto at = std::ranges::find(known, word, &std::pair<std::string_view, Find>::first);
  if (at == known.end())
    return wrong(profile, "credential_source " + std::string{word} +
                              ": expected Environment, EcsContainer or Ec2InstanceMetadata");
  auto found = at->second(environment_);
  if (found.has_error() || *found) return found;
  return wrong(profile, "credential_source " + std::string{word} + " has no credentials here");
}

ProfileSources::Found ProfileSources::without_role(const std::string& profile,
                                                   const Environment& variables) {
  auto found = web_identity(profile, variables);
  if (found && !*found) found = single_sign_on(profile);
  if (found && !*found) found = keys(profile, profiles_.credentials, profiles_.credentials_file);
  if (found && !*found) found = login_session(profile);
  if (found && !*found) found = process(profile);
  if (found && !*found) found = keys(profile, profiles_.config, profiles_.config_file);
  return found;
}

ProfileSources::Found ProfileSources::web_identity(const std::string& profile,
                                                   const Environment& variables) {
  const auto section = profiles_.merged(profile);
  const auto token_file =
      either(variables, "AWS_WEB_IDENTITY_TOKEN_FILE", section, "web_identity_token_file");
  if (token_file.empty()) return std::optional<Source>{};
  WebIdentity identity{
      .role_arn = either(variables, "AWS_ROLE_ARN", section, "role_arn"),
      .session_name = named_or(
          either(variables, "AWS_ROLE_SESSION_NAME", section, "role_session_name"), own_name),
      .token_file = token_file,
      .duration = duration_of(section)};
  if (identity.role_arn.empty())
    return error(Errc::invalid, "web identity: " + token_file +
                                    " is set as token file, without AWS_ROLE_ARN or role_arn");
  auto name = "web identity, role " + identity.role_arn + " by " + token_file;
  return std::optional{Source{std::move(name), std::move(identity)}};
}

ProfileSources::Found ProfileSources::single_sign_on(const std::string& profile) {
  return sso_in(profiles_, profile, std::string{variable(environment_, "HOME")});
}

ProfileSources::Found ProfileSources::keys(const std::string& profile, const Sections& file,
                                           const std::string& path) {
  const auto found = file.find(profile);
  if (found == file.end()) return std::optional<Source>{};
  const auto& section = found->second;
  const auto id = value_of(section, "aws_access_key_id");
  const auto secret = value_of(section, "aws_secret_access_key");
  if (id.empty() && secret.empty()) return std::optional<Source>{};
  const auto name = "profile " + profile + ", keys in " + path;
  if (id.empty() || secret.empty())
    return error(Errc::invalid, name + ": aws_access_key_id and aws_secret_access_key go together");
  auto token = value_of(section, "aws_session_token");
  if (token.empty()) token = value_of(section, "aws_security_token");
  Credentials credentials{.access_key_id = std::string{id},
                          .secret_access_key = config::Secret{std::string{secret}},
                          .session_token = config::Secret{std::string{token}}};
  return std::optional{Source{name, StaticKeys{std::move(credentials)}}};
}

ProfileSources::Found ProfileSources::login_session(const std::string& profile) {
  if (value_of(profiles_.merged(profile), "login_session").empty()) return std::optional<Source>{};
  return wrong(profile,
               "login_session: not in this version; use a role, sso_session or "
               "credential_process");
}

ProfileSources::Found ProfileSources::process(const std::string& profile) {
  const auto section = profiles_.merged(profile);
  const auto line = value_of(section, "credential_process");
  if (line.empty()) return std::optional<Source>{};
  auto words = shell_words(line);
  if (!words || words->empty()) return wrong(profile, "credential_process: a quote has no end");
  auto name = "profile " + profile + ", credential_process " + words->front();
  return std::optional{Source{std::move(name), CredentialProcess{*std::move(words)}}};
}

}  // namespace ringi::aws
