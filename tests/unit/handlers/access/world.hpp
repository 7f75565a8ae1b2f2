#pragma once

#include "handlers/access/decide.hpp"

#include <string>
#include <utility>
#include <vector>

// Two accounts of one team, and the statements that a test adds.
namespace ringi::access::test {

inline SlackUser user(const char* id) {
  return *SlackUser::parse(id);
}

inline Statement statement(std::string id, Statement::Effect effect, std::vector<Action> actions,
                           std::vector<Who> who) {
  return {
      .id = std::move(id), .effect = effect, .actions = std::move(actions), .who = std::move(who)};
}

inline Statement allow(std::string id, std::vector<Action> actions, std::vector<Who> who) {
  return statement(std::move(id), Statement::Effect::allow, std::move(actions), std::move(who));
}

inline Statement deny(std::string id, std::vector<Action> actions, std::vector<Who> who) {
  return statement(std::move(id), Statement::Effect::deny, std::move(actions), std::move(who));
}

inline Rules world() {
  Rules rules;
  rules.accounts = {{.id = *AccountId::parse("222233334444"),
                     .name = "web-prod",
                     .team = "web",
                     .environment = "production"},
                    {.id = *AccountId::parse("333344445555"),
                     .name = "web-stg",
                     .team = "web",
                     .environment = "staging"},
                    {.id = *AccountId::parse("444455556666"), .name = "odd", .team = "web"}};
  rules.teams["web"] = {.name = "web",
                        .members = Group{"web-developers"},
                        .approvers = Group{"web-leads"},
                        .channel = "#web"};
  rules.environments["production"] = {.name = "production", .production = true};
  rules.environments["staging"] = {.name = "staging"};
  rules.groups["release-managers"] = {user("U0009")};
  rules.default_channel = "#deploys";
  rules.operators_channel = "#ops";
  return rules;
}

inline Question about(const Rules& rules, Action action, std::size_t account = 0) {
  return {.action = action, .account = &rules.accounts.at(account)};
}

inline Subject developer() {
  return {.user = user("U0001"),
          .full_member = true,
          .in_group = {{"web-developers", true}, {"web-leads", false}}};
}

}  // namespace ringi::access::test
