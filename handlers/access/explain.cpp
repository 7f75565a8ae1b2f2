#include "handlers/access/explain.hpp"

#include "handlers/access/matching.hpp"

#include <algorithm>

namespace ringi::access {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string joined(const std::vector<Who>& terms) {
  std::vector<std::string> words;
  for (const Who& term : terms) words.push_back(to_text(term));
  return joined(words);
}

const std::vector<std::string>& values_of(const Statement& statement,
                                          const std::string& condition) {
  if (condition == "environment") return statement.environment;
  if (condition == "team") return statement.team;
  if (condition == "account") return statement.account;
  if (condition == "pipeline") return statement.pipeline;
  return statement.channel;
}

Verdict judge(const Rules& rules, const Statement& statement, const Question& question,
              const Subject& subject) {
  if (const auto condition = failing_condition(rules, statement, question)) {
    return {&statement, false,
            "only where the " + *condition + " is " + joined(values_of(statement, *condition))};
  }
  if (!subject.full_member) return {&statement, false, "only full members of the workspace count"};
  const std::string who = joined(statement.who);
  switch (meant(rules, statement, question, subject)) {
    case Outcome::yes:
      return {&statement, true, "it is for " + who};
    case Outcome::no:
      return {&statement, false, "it is for " + who};
    case Outcome::unknown:
      break;
  }
  const bool deny = statement.effect == Statement::Effect::deny;
  return {&statement, deny, "not all members of " + who + " are known"};
}

}  // namespace

Explanation explain(const Rules& rules, const Question& question, const Subject& subject) {
  Explanation explanation{decide(rules, question, subject), {}};
  if (unclassified(rules, question)) return explanation;
  for (const Statement& statement : rules.statements) {
    const auto about = [&](Action action) { return is_about(statement, action); };
    if (!std::ranges::any_of(granting(question.action), about)) continue;
    explanation.verdicts.push_back(judge(rules, statement, question, subject));
  }
  return explanation;
}

std::vector<Statement> denies(const Rules& rules, const Question& question) {
  std::vector<Statement> found;
  for (const Statement& statement : rules.statements) {
    const bool applies = statement.effect == Statement::Effect::deny &&
                         is_about(statement, question.action) &&
                         !failing_condition(rules, statement, question);
    if (applies) found.push_back(statement);
  }
  return found;
}

std::vector<Statement> elsewhere(const Rules& rules, const Question& question) {
  std::vector<Statement> found;
  if (unclassified(rules, question)) return found;
  const auto actions = granting(question.action);
  for (const Statement& statement : rules.statements) {
    const auto about = [&](Action action) { return is_about(statement, action); };
    if (std::ranges::any_of(actions, about) &&
        failing_condition(rules, statement, question) == "channel")
      found.push_back(statement);
  }
  return found;
}

std::string to_text(const Explanation& explanation) {
  std::string text = explanation.decision.allowed ? "yes: " : "no: ";
  text += explanation.decision.reason + "\n";
  for (const Verdict& verdict : explanation.verdicts) {
    const bool deny = verdict.statement->effect == Statement::Effect::deny;
    text += std::string{verdict.matched ? "  matches  " : "  -        "} +
            (deny ? "deny   " : "allow  ") + verdict.statement->id + ": " + verdict.why + "\n";
  }
  return text;
}

std::string to_text(const Who& term) {
  if (std::holds_alternative<Members>(term)) return "members";
  if (std::holds_alternative<TeamMembers>(term)) return "team.members";
  if (std::holds_alternative<TeamApprovers>(term)) return "team.approvers";
  if (const auto* group = std::get_if<Group>(&term)) return "@" + group->handle;
  return std::get<SlackUser>(term).str();
}

}  // namespace ringi::access
