#include "server/config/names.hpp"
#include "server/config/reader.hpp"
#include "server/config/sections.hpp"
#include "server/config/terms.hpp"

namespace ringi::config {
namespace {

Account read_account(Reader& row) {
  Account account{.place = row.place(), .key = row.path()};
  access::Account& facts = account.facts;
  facts.id = row.required("id", "12 digits in quotes: \"222233334444\"", AccountId::parse);
  facts.name =
      row.parsed("name", "a name without spaces, / and @ that is no account id", parse_account_name)
          .value_or("");
  facts.team = row.parsed("team", expected_name, parse_name).value_or("");
  facts.environment = row.parsed("environment", expected_name, parse_name).value_or("");
  facts.channel = row.parsed("channel", expected_channel, parse_channel).value_or("");
  facts.role = row.parsed("role", expected_role, parse_role_name).value_or("");
  account.external_id = read_reference(row, "external_id");
  facts.regions = row.all("regions", expected_region, Region::parse);
  return account;
}

Team read_team(const std::string& name, Reader& table) {
  Team team{.place = table.place()};
  const std::string_view expected = "a group or a user: \"@web-leads\", \"U0123\"";
  team.facts.name = name;
  team.facts.members = table.parsed("members", expected, parse_group_or_user);
  team.facts.approvers = table.parsed("approvers", expected, parse_group_or_user);
  team.facts.channel = table.parsed("channel", expected_channel, parse_channel).value_or("");
  table.refuse({"oncall", "alerts"});
  return team;
}

}  // namespace

void read_accounts(Reader& top, Config& config) {
  top.each_row("accounts", [&](Reader& row) { config.accounts.push_back(read_account(row)); });
}

void read_teams(Reader& top, Config& config) {
  top.each_named("teams", [&](const std::string& name, Reader& table) {
    if (!parse_name(name)) table.problem("", "not a team's name", std::string{expected_name});
    const auto [there, added] = config.teams.emplace(name, read_team(name, table));
    if (added) return;
    const Place& first = there->second.place;
    table.problem("", "this team is defined twice",
                  "first in " + first.file + ":" + std::to_string(first.line));
  });
}

}  // namespace ringi::config
