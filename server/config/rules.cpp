#include "server/config/rules.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ringi::config {
namespace {

using access::Action;
using access::Statement;

void add_statement(std::vector<Statement>& statements, const std::string& environment,
                   Action action, const std::vector<access::Who>& who) {
  if (who.empty()) return;
  Statement statement;
  statement.id = "environments." + environment + "." + std::string{name_of(action)};
  statement.actions = {action};
  statement.who = who;
  statement.environment = {environment};
  statements.push_back(std::move(statement));
}

void add_group(const Config& config, const access::Who& who, SlackNames& names) {
  const auto* group = std::get_if<access::Group>(&who);
  if (group && !config.groups.contains(group->handle)) names.groups.insert(group->handle);
}

bool same_realms(const Config& one, const Config& other) {
  const auto facts = [](const Realm& realm) {
    return std::tie(realm.name, realm.environments, realm.base_role);
  };
  return std::ranges::equal(one.realms, other.realms, {}, facts, facts);
}

std::vector<access::ListedAccount> as_listed(const std::vector<access::KnownAccount>& known,
                                             const Config& config) {
  const access::TagKeys& tags = config.organization.facts.tags;
  std::vector<access::ListedAccount> listed;
  for (const access::KnownAccount& row : known) {
    if (!row.listed || row.gone) continue;
    const std::string& environment = row.move.empty() ? row.environment : row.to;
    listed.push_back(
        {row.id,
         row.name,
         {{tags.team, row.team}, {tags.environment, environment}, {tags.channel, row.channel}}});
  }
  return listed;
}

}  // namespace

std::vector<Statement> statements_of(const Config& config) {
  std::vector<Statement> statements;
  for (const auto& [name, environment] : config.environments) {
    add_statement(statements, name, Action::start, environment.start);
    add_statement(statements, name, Action::read, environment.read);
    add_statement(statements, name, Action::approve, environment.approve);
  }
  for (const Policy& row : config.policy) statements.push_back(row.statement);
  return statements;
}

std::vector<access::Account> accounts_of(const Config& config,
                                         const std::vector<access::ListedAccount>& listed) {
  std::vector<access::Account> configured;
  for (const Account& account : config.accounts) configured.push_back(account.facts);
  // An account that is excluded by its id is out at once, whatever the last listing says.
  const auto& organization = config.organization;
  const auto& out = organization.exclude;
  std::vector<access::ListedAccount> wanted;
  for (const auto& account : listed)
    if (organization.discover && std::ranges::find(out, account.id.str()) == out.end())
      wanted.push_back(account);
  return access::registered(configured, wanted, organization.facts);
}

access::Environments environments_of(const Config& config) {
  access::Environments environments;
  for (const auto& [name, environment] : config.environments)
    environments.emplace(name, environment.facts);
  return environments;
}

access::InForce in_force(const Config& config, const access::Listing* listing,
                         const std::vector<access::KnownAccount>& known,
                         const access::NextId& next_id) {
  const bool counts = listing != nullptr && listing->tags == config.organization.facts.tags.all();
  auto wanted = accounts_of(config, counts ? listing->accounts : as_listed(known, config));
  return access::in_force(std::move(wanted), known, environments_of(config), next_id);
}

access::Rules rules_of(const Config& config, std::vector<access::Account> accounts) {
  access::Rules rules;
  rules.accounts = std::move(accounts);
  for (const auto& [name, team] : config.teams) rules.teams.emplace(name, team.facts);
  rules.environments = environments_of(config);
  rules.statements = statements_of(config);
  rules.groups = config.groups;
  rules.people = config.people;
  rules.redact_variables = config.ledger.redact_variables;
  rules.console = config.aws.console;
  rules.command_deploy = config.slack.command_deploy;
  rules.command_aws = config.slack.command_aws;
  rules.command_ringi = config.slack.command_ringi;
  rules.default_channel = config.slack.channel;
  rules.operators_channel = config.slack.operators_channel;
  rules.external_channels = config.slack.external_channels;
  rules.hash = config.hash;
  return rules;
}

SlackNames names_to_resolve(const Config& config, const std::vector<access::Account>& accounts) {
  SlackNames names;
  names.channels = {config.slack.operators_channel, config.slack.channel};
  names.channels.insert(config.ledger.publish.begin(), config.ledger.publish.end());
  for (const access::Account& account : accounts) names.channels.insert(account.channel);
  for (const auto& [name, team] : config.teams) {
    names.channels.insert(team.facts.channel);
    if (team.facts.members) add_group(config, *team.facts.members, names);
    if (team.facts.approvers) add_group(config, *team.facts.approvers, names);
  }
  for (const Statement& statement : statements_of(config)) {
    names.channels.insert(statement.channel.begin(), statement.channel.end());
    for (const access::Who& who : statement.who) add_group(config, who, names);
  }
  names.channels.erase("");
  return names;
}

std::vector<std::string> needs_restart(const Config& in_force, const Config& now) {
  const Server &old_server = in_force.server, &server = now.server;
  const Ledger &old_ledger = in_force.ledger, &ledger = now.ledger;
  std::vector<std::string> keys;
  const auto note = [&keys](bool same, const char* key) {
    if (!same) keys.emplace_back(key);
  };
  note(old_server.listen == server.listen, "server.listen");
  note(old_server.admin_listen == server.admin_listen, "server.admin_listen");
  note(old_server.health_listen == server.health_listen, "server.health_listen");
  note(old_server.trusted_proxies == server.trusted_proxies, "server.trusted_proxies");
  note(old_server.ca_bundle == server.ca_bundle, "server.ca_bundle");
  note(in_force.store_url == now.store_url, "store.url");
  note(old_ledger.origin == ledger.origin, "ledger.origin");
  note(old_ledger.key.text() == ledger.key.text(), "ledger.key");
  note(old_ledger.publish == ledger.publish, "ledger.publish");
  note(old_ledger.redact_variables == ledger.redact_variables, "ledger.redact_variables");
  note(in_force.slack.team_id == now.slack.team_id, "slack.team_id");
  note(in_force.slack.app_id == now.slack.app_id, "slack.app_id");
  note(in_force.slack.api_url == now.slack.api_url, "slack.api_url");
  note(in_force.aws.region == now.aws.region, "aws.region");
  note(in_force.aws.profile == now.aws.profile, "aws.profile");
  note(in_force.aws.allow_stand_ins == now.aws.allow_stand_ins, "aws.allow_stand_ins");
  note(same_realms(in_force, now), "realms");
  return keys;
}

}  // namespace ringi::config
