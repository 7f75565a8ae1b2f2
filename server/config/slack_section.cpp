#include "server/config/addresses.hpp"
#include "server/config/names.hpp"
#include "server/config/reader.hpp"
#include "server/config/sections.hpp"
#include "server/config/terms.hpp"

#include <set>

namespace ringi::config {
namespace {

constexpr std::string_view expected_user = "a user id: \"U0123\"";

void read_commands(Reader& table, Slack& slack) {
  const std::string_view expected = "a command: \"/deploy\"";
  const auto read = [&](std::string_view key, std::string& command) {
    command = table.parsed(key, expected, parse_command).value_or(command);
  };
  read("deploy", slack.command_deploy);
  read("aws", slack.command_aws);
  read("ringi", slack.command_ringi);
  const std::set<std::string> names{slack.command_deploy, slack.command_aws, slack.command_ringi};
  if (names.size() < 3) table.problem("", "two commands have one name", "give each its own");
}

void read_language(Reader& table) {
  const std::string language = table.text("language", "en");
  if (language == "en") return;
  if (language == "ja") {
    table.problem("language", "language \"ja\": not in this version", "write \"en\"");
  } else {
    table.problem("language", "not what is expected here", "write \"en\"");
  }
}

void read_secrets(Reader& table, Slack& slack) {
  if (table.require("signing_secrets")) {
    const std::size_t before = table.problems().size();
    slack.signing_secrets = read_references(table, "signing_secrets");
    const bool silent = table.problems().size() == before;
    if (slack.signing_secrets.empty() && silent) {
      table.problem("signing_secrets", "must not be empty", "name one reference at least");
    }
  }
  if (table.require("bot_token")) {
    slack.bot_token = read_reference(table, "bot_token").value_or(Reference{});
  }
}

void read_slack_table(Reader& table, Slack& slack) {
  slack.team_id = table.required("team_id", "a workspace's id: \"T0123\"", SlackTeam::parse);
  slack.app_id = table.required("app_id", "an app's id: \"A0123\"", SlackApp::parse);
  read_secrets(table, slack);
  slack.api_url =
      table.parsed("api_url", "an https address (http on this machine alone)", parse_api_url)
          .value_or(slack.api_url);
  slack.operators_channel = table.required("operators_channel", expected_channel, parse_channel);
  slack.channel = table.required("channel", expected_channel, parse_channel);
  slack.external_channels =
      table.all("external_channels", "a channel's id: \"C0123\"", SlackChannel::parse);
  read_language(table);
  if (table.has("commands")) {
    table.section("commands", [&](Reader& commands) { read_commands(commands, slack); });
  }
  table.find("commands");
}

void read_groups(Reader& table, Config& config) {
  for (const std::string& handle : table.keys()) {
    if (!parse_name(handle)) {
      table.problem(handle, "not a group's handle", "write it without @ and spaces");
    }
    config.groups[handle] = table.all(handle, expected_user, SlackUser::parse);
  }
}

void read_people(Reader& table, Config& config) {
  for (const std::string& principal : table.keys()) {
    const auto user = table.parsed(principal, expected_user, SlackUser::parse);
    if (user) config.people.emplace(principal, *user);
  }
}

}  // namespace

void read_slack(Reader& top, Config& config) {
  top.section("slack", [&](Reader& table) { read_slack_table(table, config.slack); });
  top.section("groups", [&](Reader& table) { read_groups(table, config); });
  top.section("people", [&](Reader& table) { read_people(table, config); });
}

}  // namespace ringi::config
