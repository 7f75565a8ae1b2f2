#pragma once

#include "handlers/access/moves.hpp"
#include "server/config/config.hpp"

#include <set>
#include <string>
#include <vector>

namespace ringi::config {

// Every account as configuration and tags have it, whatever waits for an operator.
std::vector<access::Account> accounts_of(const Config& config,
                                         const std::vector<access::ListedAccount>& listed);
access::Environments environments_of(const Config& config);

// What is in force of them. `listing`: as AWS Organizations gave it last; nullptr: it never did.
// Then, and where it was read with other tags than these, none of those that were listed is gone or
// another.
access::InForce in_force(const Config& config, const access::Listing* listing,
                         const std::vector<access::KnownAccount>& known,
                         const access::NextId& next_id);

// What handlers need; channel_ids and group_ids are left for whoever asks Slack. `accounts`: those
// in force.
access::Rules rules_of(const Config& config, std::vector<access::Account> accounts);

// Those of [environments] in order of name, then [[policy]] as it stands.
std::vector<access::Statement> statements_of(const Config& config);

// Names that Slack must resolve to ids.
struct SlackNames {
  std::set<std::string> channels;  // "#web-deploys" or "C…"
  std::set<std::string> groups;    // handles without "@"; those of [groups] are not among them
};
SlackNames names_to_resolve(const Config& config, const std::vector<access::Account>& accounts);

// Keys that changed but are read at a start only: "server.listen". Empty: a reload may take `now`.
std::vector<std::string> needs_restart(const Config& in_force, const Config& now);

}  // namespace ringi::config
