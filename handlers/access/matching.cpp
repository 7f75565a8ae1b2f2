#include "handlers/access/matching.hpp"

#include <algorithm>

namespace ringi::access {
namespace {

bool any_glob(const std::vector<std::string>& globs, std::string_view value) {
  return globs.empty() || std::ranges::any_of(globs, [value](const std::string& glob) {
           return glob_matches(glob, value);
         });
}

// Conditions on an account hold for no question that has none.
bool holds(const std::vector<std::string>& globs, const Account* account, std::string_view value) {
  return globs.empty() || (account && any_glob(globs, value));
}

// A name that another account bears too allows nothing: it may be the other one that was meant.
bool account_holds(const Statement& statement, const Account* account) {
  if (statement.account.empty()) return true;
  if (!account) return false;
  const bool by_name = !account->shares_name || statement.effect == Statement::Effect::deny;
  return (by_name && any_glob(statement.account, account->name)) ||
         any_glob(statement.account, account->id.str());
}

bool pipeline_holds(const Statement& statement, const Question& question) {
  return statement.pipeline.empty() ||
         (question.pipeline && any_glob(statement.pipeline, question.pipeline->str()));
}

bool channel_holds(const Rules& rules, const Statement& statement, const Question& question) {
  if (statement.channel.empty()) return true;
  return std::ranges::any_of(statement.channel, [&](const std::string& name) {
    if (SlackChannel::parse(name)) return name == question.channel.str();
    const auto found = rules.channel_ids.find(name);
    if (found != rules.channel_ids.end()) return found->second == question.channel;
    return statement.effect == Statement::Effect::deny;
  });
}

Outcome is_member(const Rules& rules, const std::string& handle, const Subject& subject) {
  if (const auto own = rules.groups.find(handle); own != rules.groups.end()) {
    const bool member = std::ranges::find(own->second, subject.user) != own->second.end();
    return member ? Outcome::yes : Outcome::no;
  }
  const auto known = subject.in_group.find(handle);
  if (known == subject.in_group.end()) return Outcome::unknown;
  return known->second ? Outcome::yes : Outcome::no;
}

Outcome meant_by(const Rules& rules, const Who& term, const Subject& subject) {
  if (std::holds_alternative<Members>(term)) return Outcome::yes;
  if (const auto* user = std::get_if<SlackUser>(&term)) {
    return *user == subject.user ? Outcome::yes : Outcome::no;
  }
  if (const auto* group = std::get_if<Group>(&term)) {
    return is_member(rules, group->handle, subject);
  }
  return Outcome::no;
}

}  // namespace

std::vector<Action> granting(Action action) {
  if (action == Action::read) return {Action::read, Action::start, Action::approve};
  return {action};
}

bool is_about(const Statement& statement, Action action) {
  return std::ranges::find(statement.actions, action) != statement.actions.end();
}

std::optional<std::string> failing_condition(const Rules& rules, const Statement& statement,
                                             const Question& question) {
  const Account* const account = question.account;
  if (!holds(statement.environment, account, account ? account->environment : "")) {
    return "environment";
  }
  if (!holds(statement.team, account, account ? account->team : "")) return "team";
  if (!account_holds(statement, account)) return "account";
  if (!pipeline_holds(statement, question)) return "pipeline";
  if (!channel_holds(rules, statement, question)) return "channel";
  return std::nullopt;
}

std::optional<Who> expand(const Rules& rules, const Who& term, const Question& question) {
  const bool members = std::holds_alternative<TeamMembers>(term);
  if (!members && !std::holds_alternative<TeamApprovers>(term)) return term;
  const Team* const team = question.account ? team_of(rules, *question.account) : nullptr;
  if (!team) return std::nullopt;
  return members ? team->members : team->approvers;
}

Outcome meant(const Rules& rules, const Statement& statement, const Question& question,
              const Subject& subject) {
  Outcome outcome = Outcome::no;
  if (!subject.full_member) return outcome;
  for (const Who& term : statement.who) {
    const auto expanded = expand(rules, term, question);
    if (!expanded) continue;
    const Outcome one = meant_by(rules, *expanded, subject);
    if (one == Outcome::yes) return one;
    if (one == Outcome::unknown) outcome = one;
  }
  return outcome;
}

bool unclassified(const Rules& rules, const Question& question) {
  return question.account && !environment_of(rules, *question.account);
}

}  // namespace ringi::access
