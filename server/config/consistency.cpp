#include "server/config/consistency.hpp"

#include "handlers/access/nearest.hpp"
#include "server/config/names.hpp"

#include <algorithm>
#include <utility>

namespace ringi::config {
namespace {

constexpr std::string_view production = "production";

template <class Named>
std::vector<std::string> names_of(const std::map<std::string, Named>& named) {
  std::vector<std::string> names;
  for (const auto& [name, value] : named) names.push_back(name);
  return names;
}

std::string mend_for(const std::string& name, const std::vector<std::string>& known) {
  const auto meant = access::nearest(name, known);
  return meant ? "did you mean \"" + *meant + "\"?" : "define it or take it out";
}

std::string first_at(const Place& place) {
  return "it stands first in " + place.file + ":" + std::to_string(place.line);
}

void check_base_roles(const Config& config, Problems& problems) {
  if (config.realms.size() < 2) return;
  std::map<std::string, const Realm*> seen;
  for (const Realm& realm : config.realms) {
    const std::string key = "realms." + realm.name + ".base_role";
    if (realm.base_role.empty()) {
      problems.push_back({realm.place, key, "missing", "required where there are two realms"});
      continue;
    }
    const auto [first, added] = seen.emplace(realm.base_role, &realm);
    if (added) continue;
    problems.push_back(
        {realm.place, key, "two realms have one base role",
         "give each realm its own; realms." + first->second->name + " has this one"});
  }
}

// An environment that stands in a realm alone is known too: nobody may do anything there.
void place_environments(Config& config, Problems& problems) {
  for (const Realm& realm : config.realms) {
    for (const std::string& name : realm.environments) {
      const auto [found, added] = config.environments.try_emplace(name);
      access::Environment& facts = found->second.facts;
      facts.name = name;
      if (added) found->second.place = realm.place;
      if (!facts.realm.empty()) {
        problems.push_back({realm.place, "realms." + realm.name + ".environments",
                            "environment \"" + name + "\" is in two realms",
                            "leave it in realms." + facts.realm + " or here"});
      }
      facts.realm = realm.name;
      facts.production = realm.name == production;
    }
  }
}

void check_realms(Config& config, Problems& problems) {
  check_base_roles(config, problems);
  place_environments(config, problems);
  for (auto& [name, environment] : config.environments) {
    if (config.realms.empty()) {
      environment.facts.production = name == production;
    } else if (environment.facts.realm.empty()) {
      problems.push_back({environment.place, "environments." + name,
                          "this environment is in no realm", "name it in one of [realms]"});
    }
  }
}

void check_known(const std::string& name, const std::vector<std::string>& known, const Place& place,
                 const std::string& key, Problems& problems) {
  if (name.empty() || std::ranges::find(known, name) != known.end()) return;
  problems.push_back({place, key, "there is no \"" + name + "\"", mend_for(name, known)});
}

void check_accounts(const Config& config, Problems& problems) {
  std::map<std::string, const Account*> ids, names;
  const auto teams = names_of(config.teams), environments = names_of(config.environments);
  for (const Account& account : config.accounts) {
    const access::Account& facts = account.facts;
    const auto [same_id, new_id] = ids.emplace(facts.id.str(), &account);
    if (!new_id && !facts.id.empty()) {
      problems.push_back({account.place, account.key + ".id", "this account stands twice",
                          first_at(same_id->second->place)});
    }
    const auto [same_name, new_name] = names.emplace(facts.name, &account);
    if (new_id && !new_name && !facts.name.empty()) {
      problems.push_back({account.place, account.key + ".name", "two accounts have this name",
                          first_at(same_name->second->place)});
    }
    check_known(facts.team, teams, account.place, account.key + ".team", problems);
    check_known(facts.environment, environments, account.place, account.key + ".environment",
                problems);
  }
}

// A value that two environments claim would mean whichever comes first.
void check_synonyms(const Config& config, const Place& place, Problems& problems) {
  const auto known = names_of(config.environments);
  std::vector<std::pair<std::string, std::string>> claimed;  // value, environment
  for (const auto& name : known) claimed.emplace_back(name, name);
  for (const auto& [name, values] : config.organization.facts.environments) {
    const std::string key = "organization.environments." + name;
    check_known(name, known, place, key, problems);
    for (const std::string& value : values) {
      const auto other = std::ranges::find_if(claimed, [&](const auto& one) {
        return one.second != name && access::same_tag_value(one.first, value);
      });
      if (other != claimed.end()) {
        problems.push_back({place, key, "\"" + value + "\" means another environment too",
                            "leave it to " + other->second + ", or take it from there"});
      }
      claimed.emplace_back(value, name);
    }
  }
}

// The usual synonyms are those of environments that there are, and never another one's name.
void settle_synonyms(Config& config, Problems& problems) {
  auto& synonyms = config.organization.facts.environments;
  if (config.organization.environments_at) {
    check_synonyms(config, *config.organization.environments_at, problems);
  } else {
    std::erase_if(synonyms,
                  [&](const auto& one) { return !config.environments.contains(one.first); });
  }
  for (const auto& [name, environment] : config.environments) synonyms.try_emplace(name);
}

void check_literals(const std::vector<std::string>& globs, const std::vector<std::string>& known,
                    const Policy& row, const std::string& condition, Problems& problems) {
  for (const std::string& glob : globs) {
    if (is_glob(glob)) continue;
    check_known(glob, known, row.place, "policy \"" + row.statement.id + "\" " + condition,
                problems);
  }
}

void check_policy(const Config& config, Problems& problems) {
  std::map<std::string, const Policy*> ids;
  const auto teams = names_of(config.teams), environments = names_of(config.environments);
  for (const Policy& row : config.policy) {
    const std::string& id = row.statement.id;
    const auto [first, added] = ids.emplace(id, &row);
    if (!added && !id.empty()) {
      problems.push_back({row.place, "policy \"" + id + "\"", "two rows have this id",
                          first_at(first->second->place)});
    }
    if (id.starts_with("environments.")) {
      problems.push_back({row.place, "policy \"" + id + "\"",
                          "ids of this form belong to [environments]", "give it another id"});
    }
    check_literals(row.statement.team, teams, row, "team", problems);
    check_literals(row.statement.environment, environments, row, "environment", problems);
  }
}

}  // namespace

void make_consistent(Config& config, Problems& problems) {
  check_realms(config, problems);
  check_accounts(config, problems);
  settle_synonyms(config, problems);
  check_policy(config, problems);
}

}  // namespace ringi::config
