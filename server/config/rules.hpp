#pragma once

#include "server/config/config.hpp"

#include <set>
#include <string>
#include <vector>

namespace ringi::config {

// What handlers need; channel_ids and group_ids are left for whoever asks Slack.
access::Rules rules_of(const Config& config);

// Those of [environments] in order of name, then [[policy]] as it stands.
std::vector<access::Statement> statements_of(const Config& config);

// Names that Slack must resolve to ids.
struct SlackNames {
  std::set<std::string> channels;  // "#web-deploys" or "C…"
  std::set<std::string> groups;    // handles without "@"; those of [groups] are not among them
};
SlackNames names_to_resolve(const Config& config);

// Keys that changed but are read at a start only: "server.listen". Empty: a reload may take `now`.
std::vector<std::string> needs_restart(const Config& in_force, const Config& now);

}  // namespace ringi::config
