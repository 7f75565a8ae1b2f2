#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ringi::store {
class Copies;
}

namespace ringi::slack {

class WebApi;

struct ConfiguredNames {
  std::set<std::string> channels;         // "#web-deploys" or an id
  std::set<std::string> groups;           // handles without "@"
  std::set<std::string> own_groups = {};  // handles of [groups], which Slack must not have
};

struct ResolvedNames {
  std::map<std::string, SlackChannel> channels;  // by the name as configured
  std::map<std::string, SlackGroup> groups;
  std::vector<std::string> unresolved;  // "#gone", "@gone"
  std::vector<std::string> moved;       // pinned to an id that bears another name by now
  std::vector<std::string> clashing;    // "@release-managers": of [groups], and Slack has it too
  std::vector<std::string> unasked;     // why Slack could not be asked; pins alone were used
};

// Resolves names to ids and pins them in the store (kinds "channel-name" and "group-handle"). A pin
// holds while its id is alive in Slack, so that nobody takes over a name by giving it to another
// channel or group; one whose id is gone falls. Without Slack the pins alone count. Errors are the
// store's.
Task<Result<ResolvedNames>> resolve_names(WebApi& api, store::Copies& copies,
                                          ConfiguredNames names);

// From the pins alone: a restart needs no Slack.
Task<Result<ResolvedNames>> pinned_names(store::Copies& copies, ConfiguredNames names);

}  // namespace ringi::slack
