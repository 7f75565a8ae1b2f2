#include "server/aws/credentials/sso.hpp"

#include "server/crypto/old_digests.hpp"

#include <utility>

namespace ringi::aws {
namespace {

Error wrong(const std::string& profile, const std::string& what) {
  return error(Errc::invalid, "profile " + profile + ": " + what);
}

// What the session says and what the profile says for itself must not differ.
Result<Section> with_session(const Profiles& profiles, const std::string& profile,
                             const std::string& name) {
  auto all = profiles.merged(profile);
  const auto session = profiles.sso_sessions.find(name);
  if (session == profiles.sso_sessions.end())
    return wrong(profile, "sso_session " + name + ": there is no [sso-session " + name + "] in " +
                              profiles.config_file);
  for (const char* key : {"sso_start_url", "sso_region"}) {
    const auto value = value_of(session->second, key);
    const auto own = value_of(all, key);
    if (value.empty())
      return wrong(profile,
                   "[sso-session " + name + "] in " + profiles.config_file + " lacks " + key);
    if (!own.empty() && own != value)
      return wrong(profile, std::string{key} + " is not that of its sso_session " + name);
    all.insert_or_assign(key, std::string{value});
  }
  return all;
}

}  // namespace

Result<std::optional<Source>> sso_in(const Profiles& profiles, const std::string& profile,
                                     const std::string& home) {
  auto section = profiles.merged(profile);
  if (value_of(section, "sso_account_id").empty() && value_of(section, "sso_role_name").empty())
    return std::optional<Source>{};
  const std::string session{value_of(section, "sso_session")};
  if (!session.empty()) {
    auto merged = with_session(profiles, profile, session);
    if (merged.has_error()) return merged.error();
    section = *std::move(merged);
  }
  for (const char* key : {"sso_account_id", "sso_role_name", "sso_start_url", "sso_region"})
    if (value_of(section, key).empty())
      return wrong(profile, "single sign-on lacks " + std::string{key});
  const auto region = Region::parse(value_of(section, "sso_region"));
  if (!region) return wrong(profile, "sso_region is no region");
  const std::string start_url{value_of(section, "sso_start_url")};
  const auto cached = crypto::sha1_hex(session.empty() ? start_url : session);
  SingleSignOn source{.token_file = home + "/.aws/sso/cache/" + cached + ".json",
                      .login = session.empty() ? "aws sso login --profile " + profile
                                               : "aws sso login --sso-session " + session,
                      .region = *region,
                      .account_id = std::string{value_of(section, "sso_account_id")},
                      .role_name = std::string{value_of(section, "sso_role_name")},
                      .renewable = !session.empty()};
  auto name =
      "profile " + profile + ", single sign-on as " + source.role_name + " in " + source.account_id;
  return std::optional{Source{std::move(name), std::move(source)}};
}

}  // namespace ringi::aws
