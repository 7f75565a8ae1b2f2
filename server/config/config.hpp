#pragma once

#include "handlers/access/registry.hpp"
#include "handlers/types/time.hpp"
#include "server/config/reference.hpp"
#include "server/config/registry.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The configuration of this version as plain values: checked, defaults filled in, secrets still
// references. Paths are as seen from the folder of the main file.
namespace ringi::config {

struct Listen {
  std::string address;  // "0.0.0.0", "::1": never a name
  std::uint16_t port = 0;
  friend bool operator==(const Listen&, const Listen&) = default;
};

struct Server {
  Listen listen{"0.0.0.0", 8443};
  Listen admin_listen{"127.0.0.1", 9090};
  std::optional<Listen> health_listen;
  std::vector<std::string> trusted_proxies;  // "10.0.0.0/8", "2001:db8::/32"
  std::string public_url;                    // "https://chatops.example.com", no slash at the end
  std::string ca_bundle, certificate, private_key;
  Place ca_bundle_at, certificate_at, private_key_at;  // where they are named
};

struct Ledger {
  std::string origin;
  Reference key;
  std::vector<std::string> publish;  // channels: "#ringi-audit", "C0001"
  std::vector<std::string> redact_variables{"*TOKEN*", "*SECRET*", "*PASSWORD*"};
};

struct Slack {
  SlackTeam team_id;
  SlackApp app_id;
  std::vector<Reference> signing_secrets;  // newest first
  Reference bot_token;
  std::string api_url = "https://slack.com/api/";  // a slash at the end
  std::string operators_channel, channel;          // "#name" or "C…"
  std::vector<SlackChannel> external_channels;
  std::string command_deploy = "/deploy", command_aws = "/aws", command_ringi = "/ringi";
};

// "arn:aws:sqs:ap-northeast-1:111122223333:ringi"
struct Queue {
  std::string arn;
  Region region;
  AccountId account;
  std::string name;
  friend bool operator==(const Queue&, const Queue&) = default;
};

struct Aws {
  Region region;
  Place profile_at;
  std::string profile, console;
  bool allow_stand_ins = false;
  std::vector<std::string> topics;            // globs; "{accounts}" in the account's place
  std::vector<std::string> certificate_urls;  // prefixes
  std::vector<Queue> queues;
};

// Accounts that AWS Organizations lists.
struct Organization {
  bool discover = false;
  access::Organization facts;
  std::optional<Place>
      environments_at;               // where facts.environments is said; nullopt: the usual ones
  std::vector<std::string> exclude;  // ids of organizational units and of accounts
  Duration refresh = std::chrono::minutes{15};
  std::optional<Reference> external_id;
};

struct Config {
  std::string file;  // the main file
  std::string hash;  // "sha256:…" of all files read
  Server server;
  std::string store_url = "sqlite:/var/lib/ringi/ringi.db";
  Ledger ledger;
  Slack slack;
  std::map<std::string, std::vector<SlackUser>> groups;
  std::map<std::string, SlackUser> people;
  Aws aws;
  std::vector<Realm> realms;
  Organization organization;
  std::vector<Account> accounts;
  std::map<std::string, Team> teams;
  std::map<std::string, Environment> environments;
  std::vector<Policy> policy;
};

}  // namespace ringi::config
