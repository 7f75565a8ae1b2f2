#pragma once

#include "server/aws/client/environment.hpp"
#include "server/aws/organization/organization.hpp"
#include "server/aws/realms.hpp"
#include "server/config/config.hpp"
#include "server/config/secrets.hpp"
#include "server/http/tls.hpp"
#include "server/net/curl_transport.hpp"
#include "server/observe/log.hpp"
#include "server/slack/endpoints.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace ringi::app {

// A configuration with its secrets, and what each part takes of it.
struct Settings {
  config::Config config;
  config::Secrets secrets;
};

struct LoadedSettings {
  std::optional<Settings> settings;  // only without problems
  config::Problems problems;
};

// Blocking: reads files, and asks AWS where a secret is kept there, until `stop` is requested.
LoadedSettings load_settings(const std::string& file, const aws::Environment& environment,
                             observe::Log log, std::stop_token stop = {});

net::TransportOptions transport_options(const config::Config& config,
                                        const aws::Environment& environment);

// Changes when the configuration or a certificate on disk does. Blocking.
std::string fingerprint(const config::Config& config, config::Files& files);

std::string address_of(const config::Listen& listen);  // "0.0.0.0:8443", "[::1]:8443"
http::TlsFiles tls_of(const config::Config& config);
slack::AppSettings slack_settings(const Settings& settings);
std::vector<aws::RealmConfig> realms_of(const config::Config& config);
// How each account in force is reached; an unclassified one is not.
std::vector<aws::AccountConfig> ways_into(const Settings& settings,
                                          const std::vector<access::Account>& accounts);

aws::OrganizationPlan plan_of(const config::Config& config);

// The process's environment as a map. Read before the first thread.
aws::Environment process_environment();

}  // namespace ringi::app
