#include "server/config/warnings.hpp"

#include "server/config/names.hpp"
#include "server/config/rules.hpp"
#include "server/config/secrets.hpp"

#include <algorithm>

namespace ringi::config {
namespace {

using access::Statement;
using Values = std::vector<std::string>;

struct AccountValues {
  Values teams, environments, names;
};

AccountValues values_of(const Config& config) {
  AccountValues values;
  for (const access::Account& account : accounts_of(config, {})) {
    values.teams.push_back(account.team);
    values.environments.push_back(account.environment);
    values.names.push_back(account.name);
    values.names.push_back(account.id.str());
  }
  return values;
}

bool any_matches(const std::string& glob, const Values& values) {
  return std::ranges::any_of(
      values, [&glob](const std::string& value) { return access::glob_matches(glob, value); });
}

void warn_of_globs(const Policy& row, const std::string& condition, const Values& globs,
                   const Values& values, Problems& warnings) {
  for (const std::string& glob : globs) {
    if (any_matches(glob, values)) continue;
    warnings.push_back({row.place, "policy \"" + row.statement.id + "\" " + condition,
                        "no account has \"" + glob + "\"", "it will match nothing"});
  }
}

// Of accounts that tags may describe, or that are still to be found, the file cannot tell.
void warn_of_accounts(const Config& config, Problems& warnings) {
  if (config.organization.discover) return;
  for (const Account& account : config.accounts) {
    if (!account.facts.environment.empty()) continue;
    warnings.push_back({account.place, account.key, "this account is unclassified",
                        "give it an environment; until then nobody can reach it"});
  }
  const AccountValues values = values_of(config);
  for (const auto& [name, team] : config.teams) {
    if (std::ranges::find(values.teams, name) != values.teams.end()) continue;
    warnings.push_back({team.place, "teams." + name, "no account belongs to this team", ""});
  }
  for (const Policy& row : config.policy) {
    warn_of_globs(row, "team", row.statement.team, values.teams, warnings);
    warn_of_globs(row, "environment", row.statement.environment, values.environments, warnings);
    warn_of_globs(row, "account", row.statement.account, values.names, warnings);
  }
}

// Without production every safeguard of production is off, and nothing else would say so.
void warn_of_no_production(const Config& config, Problems& warnings) {
  const auto production = [](const auto& named) { return named.second.facts.production; };
  if (std::ranges::any_of(config.environments, production)) return;
  const auto realm = std::ranges::find(config.realms, "production", &Realm::name);
  const bool found = realm != config.realms.end();
  warnings.push_back(
      {found ? realm->place : Place{config.file},
       config.realms.empty() ? "environments" : "realms.production",
       "no environment is production: no start asks once more, no decision reads its groups fresh, "
       "no card says PRODUCTION",
       config.realms.empty() ? "name the environment \"production\", or put it in "
                               "[realms.production]"
                             : "name production's environments in [realms.production]"});
}

// Whether whatever meets `narrow` meets `wide`. A "?" of `wide` would take a "*" of `narrow` for
// one character, so those two are only compared.
bool glob_covers(const std::string& wide, const std::string& narrow) {
  if (wide == narrow) return true;
  const bool comparable = !is_glob(narrow) || wide.find('?') == wide.npos;
  return comparable && access::glob_matches(wide, narrow);
}

bool covers(const Values& wide, const Values& narrow) {
  if (wide.empty()) return true;
  return !narrow.empty() && std::ranges::all_of(narrow, [&wide](const std::string& value) {
    return std::ranges::any_of(
        wide, [&value](const std::string& glob) { return glob_covers(glob, value); });
  });
}

template <class Element>
bool holds_all(const std::vector<Element>& all, const std::vector<Element>& some) {
  return std::ranges::all_of(some, [&all](const Element& element) {
    return std::ranges::find(all, element) != all.end();
  });
}

bool shadows(const Statement& deny, const Statement& allow) {
  const bool everyone =
      std::ranges::find(deny.who, access::Who{access::Members{}}) != deny.who.end();
  return deny.effect == Statement::Effect::deny && allow.effect == Statement::Effect::allow &&
         holds_all(deny.actions, allow.actions) && (everyone || holds_all(deny.who, allow.who)) &&
         covers(deny.team, allow.team) && covers(deny.environment, allow.environment) &&
         covers(deny.account, allow.account) && covers(deny.pipeline, allow.pipeline) &&
         covers(deny.channel, allow.channel);
}

Place place_of(const Config& config, const Statement& statement) {
  for (const Policy& row : config.policy) {
    if (row.statement.id == statement.id) return row.place;
  }
  const auto environment = config.environments.find(statement.environment.at(0));
  return environment->second.place;
}

void warn_of_shadows(const Config& config, Problems& warnings) {
  const auto statements = statements_of(config);
  for (const Statement& allow : statements) {
    const auto deny = std::ranges::find_if(
        statements, [&allow](const Statement& other) { return shadows(other, allow); });
    if (deny == statements.end()) continue;
    warnings.push_back({place_of(config, allow), allow.id, "it never allows anything",
                        "policy \"" + deny->id + "\" denies all of it"});
  }
}

void warn_of_open_files(const Config& config, Files& files, Problems& warnings) {
  const auto warn = [&](const std::string& path, const Place& place, const std::string& key) {
    if (!files.readable_by_everyone(path)) return;
    warnings.push_back({place, key, "every user of this machine can read " + path, "chmod o-r"});
  };
  warn(config.server.private_key, config.server.private_key_at, "server.private_key");
  for (const Reference& reference : secret_references(config)) {
    if (reference.kind != Reference::Kind::file) continue;
    warn(beside(config.file, reference.name), reference.place, reference.key);
  }
}

}  // namespace

// Without one a move out of production waits for ever.
void warn_of_no_operator(const Config& config, Problems& warnings) {
  if (!config.organization.discover) return;
  const bool anybody = std::ranges::any_of(config.policy, [](const Policy& row) {
    const Statement& one = row.statement;
    return one.effect == Statement::Effect::allow &&
           std::ranges::find(one.actions, access::Action::operate) != one.actions.end();
  });
  if (anybody) return;
  warnings.push_back(
      {Place{config.file}, "policy",
       "nobody may agree to moves of accounts out of production or into another realm",
       "give somebody the action \"operate\""});
}

Problems warnings_of(const Config& config, Files& files) {
  Problems warnings;
  warn_of_no_production(config, warnings);
  warn_of_accounts(config, warnings);
  warn_of_no_operator(config, warnings);
  warn_of_shadows(config, warnings);
  warn_of_open_files(config, files, warnings);
  return warnings;
}

}  // namespace ringi::config
