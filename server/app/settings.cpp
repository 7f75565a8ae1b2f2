#include "server/app/settings.hpp"

#include "server/aws/secrets.hpp"
#include "server/config/load.hpp"
#include "server/config/warnings.hpp"
#include "server/observe/logger.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>
#include <unistd.h>

namespace ringi::app {
namespace {

// Without [realms.*] all classified accounts are one realm, reached with the base credentials.
constexpr const char* only_realm = "all";

// Those of secrets and files too: whoever mends one problem should not meet the next one then.
config::Problems all_problems(config::Loaded loaded, config::SecretSource& local,
                              config::Files& files) {
  auto problems = std::move(loaded.problems);
  for (auto more : {config::missing_local_secrets(loaded.as_read, local),
                    config::missing_files(loaded.as_read, files)})
    std::ranges::move(more, std::back_inserter(problems));
  config::sort(problems, loaded.as_read.file);
  return problems;
}

}  // namespace

LoadedSettings load_settings(const std::string& file, const aws::Environment& environment,
                             observe::Log log, std::stop_token stop) {
  config::SystemFiles files;
  auto loaded = config::load(file, files);
  config::LocalSecrets local{config::process_variables(), files, file};
  if (!loaded.config) return {std::nullopt, all_problems(std::move(loaded), local, files)};
  for (const auto& warning : config::warnings_of(*loaded.config, files))
    log->warn("configuration: {}", config::to_text(warning));
  aws::Secrets source{
      *loaded.config, environment,    transport_options(*loaded.config, environment),
      local,          std::move(log), std::move(stop)};
  source.fetch(config::secret_references(*loaded.config));
  auto resolved = config::resolve_secrets(*loaded.config, source);
  auto missing = config::missing_files(*loaded.config, files);
  std::ranges::move(missing, std::back_inserter(resolved.problems));
  if (!resolved.problems.empty()) return {std::nullopt, std::move(resolved.problems)};
  return {Settings{std::move(*loaded.config), std::move(resolved.secrets)}, {}};
}

net::TransportOptions transport_options(const config::Config& config,
                                        const aws::Environment& environment) {
  const auto variable = [&](const char* upper, const char* lower) {
    const auto value = aws::variable(environment, upper);
    return std::string{value.empty() ? aws::variable(environment, lower) : value};
  };
  return {.user_agent = "ringi/" RINGI_VERSION,
          .ca_bundle = config.server.ca_bundle,
          .https_proxy = variable("HTTPS_PROXY", "https_proxy"),
          .no_proxy = variable("NO_PROXY", "no_proxy")};
}

std::string fingerprint(const config::Config& config, config::Files& files) {
  const auto now = config::load(config.file, files);
  // A file that cannot be read as a configuration is a change as well: its problems are told once.
  std::string print = now.config ? now.config->hash : "unreadable";
  for (const auto& path : {tls_of(config).certificate, tls_of(config).private_key}) {
    const auto text = files.read(path);
    print += "," + std::to_string(text.has_value() ? std::hash<std::string>{}(text.value()) : 0);
  }
  return print;
}

std::string address_of(const config::Listen& listen) {
  const bool v6 = listen.address.find(':') != std::string::npos;
  return (v6 ? "[" + listen.address + "]" : listen.address) + ":" + std::to_string(listen.port);
}

http::TlsFiles tls_of(const config::Config& config) {
  return {config.server.certificate, config.server.private_key};
}

slack::AppSettings slack_settings(const Settings& settings) {
  const auto& slack = settings.config.slack;
  return {.signing_secrets = settings.secrets.signing_secrets,
          .team = slack.team_id,
          .app = slack.app_id,
          .commands = {slack.command_deploy, slack.command_aws, slack.command_ringi}};
}

std::vector<aws::RealmConfig> realms_of(const config::Config& config) {
  if (config.realms.empty()) return {{.name = only_realm, .base_role = ""}};
  std::vector<aws::RealmConfig> realms;
  for (const auto& realm : config.realms) realms.push_back({realm.name, realm.base_role});
  return realms;
}

std::vector<aws::AccountConfig> ways_into(const Settings& settings,
                                          const std::vector<access::Account>& accounts) {
  const auto& [config, secrets] = settings;
  std::vector<aws::AccountConfig> ways;
  for (const auto& account : accounts) {
    const auto environment = config.environments.find(account.environment);
    if (environment == config.environments.end()) continue;  // unclassified: unreachable
    const auto& realm = environment->second.facts.realm;
    const bool only = realm.empty() && config.realms.empty();
    const auto own = secrets.external_ids.find(account.id);
    ways.push_back(
        {account.id, only ? only_realm : realm, account.role,
         own == secrets.external_ids.end() ? secrets.organization_external_id : own->second});
  }
  return ways;
}

aws::OrganizationPlan plan_of(const config::Config& config) {
  const auto& organization = config.organization;
  return {organization.discover, organization.facts.tags.all(), organization.exclude,
          organization.refresh};
}

aws::Environment process_environment() {
  aws::Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view pair{*entry};
    const auto equals = pair.find('=');
    if (equals != pair.npos) environment.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return environment;
}

}  // namespace ringi::app
