#include "server/config/names.hpp"
#include "server/config/reader.hpp"
#include "server/config/sections.hpp"
#include "server/config/terms.hpp"

#include <algorithm>
#include <array>

namespace ringi::config {
namespace {

using access::Action;
using access::Statement;

constexpr std::string_view expected_glob = "a glob: \"web-*\"";

// Of the contract, and of a later version.
constexpr std::array<std::string_view, 10> later_actions = {
    "stop",   "retry",    "rollback",    "query", "query-content",
    "freeze", "override", "acknowledge", "mute",  "archive"};

std::optional<Statement::Effect> parse_effect(std::string_view text) {
  if (text == "allow") return Statement::Effect::allow;
  if (text == "deny") return Statement::Effect::deny;
  return std::nullopt;
}

std::vector<Action> read_actions(Reader& row) {
  std::vector<Action> actions;
  row.each_text("actions", [&](const Value& item, const std::string& path) {
    if (const auto action = access::parse_action(item.text)) {
      actions.push_back(*action);
    } else if (std::ranges::find(later_actions, item.text) != later_actions.end()) {
      row.problem_at(item, path, item.text + ": not in this version", "take it out");
    } else {
      row.expected_at(item, path, "\"start\", \"read\", \"approve\", \"audit\" or \"operate\"");
    }
  });
  return actions;
}

// An empty condition would match everything and an empty who nobody: hardly what was meant.
void refuse_empty(Reader& row, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const Value* const list = row.find(key);
    const bool empty = list && list->kind == Value::Kind::array && list->items.empty();
    if (empty) row.problem(key, "must not be empty", "fill it or take it out");
  }
}

// audit and operate may stand together, but with nothing that is about an account.
void check_without_account(Reader& row, const Statement& statement) {
  const auto first = std::ranges::find_if(statement.actions, access::is_about_no_account);
  if (first == statement.actions.end()) return;
  const std::string name{name_of(*first)};
  const bool about_accounts = !statement.team.empty() || !statement.environment.empty() ||
                              !statement.account.empty() || !statement.pipeline.empty();
  if (!std::ranges::all_of(statement.actions, access::is_about_no_account)) {
    row.problem("actions", name + " stands beside other actions",
                "give it a [[policy]] of its own");
  } else if (about_accounts) {
    row.problem("actions", name + " belongs to no account: its conditions would never hold",
                "leave team, environment, account and pipeline out");
  }
}

Statement read_statement(Reader& row) {
  Statement statement;
  statement.id = row.required_text("id");
  statement.effect = row.required("effect", "\"allow\" or \"deny\"", parse_effect);
  if (row.require("actions")) statement.actions = read_actions(row);
  if (row.require("who")) statement.who = read_who(row, "who");
  statement.team = row.all("team", expected_glob, parse_glob);
  statement.environment = row.all("environment", expected_glob, parse_glob);
  statement.account = row.all("account", expected_glob, parse_glob);
  statement.pipeline = row.all("pipeline", expected_glob, parse_glob);
  statement.channel = row.all("channel", expected_channel, parse_channel);
  refuse_empty(row, {"actions", "who", "team", "environment", "account", "pipeline", "channel"});
  row.refuse({"operation"});
  check_without_account(row, statement);
  return statement;
}

}  // namespace

void read_policy(Reader& top, Config& config) {
  top.each_row("policy", [&](Reader& row) {
    config.policy.push_back({read_statement(row), row.place()});
  });
}

}  // namespace ringi::config
