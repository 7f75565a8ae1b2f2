#include "handlers/access/decide.hpp"

#include "handlers/access/matching.hpp"

#include <algorithm>
#include <string_view>

namespace ringi::access {
namespace {

struct Found {
  std::vector<Match> allows, denies;
};

Found find_matches(const Rules& rules, const Question& question, const Subject& subject) {
  Found found;
  for (const Statement& statement : rules.statements) {
    if (!is_about(statement, question.action)) continue;
    if (failing_condition(rules, statement, question)) continue;
    const Outcome outcome = meant(rules, statement, question, subject);
    const bool deny = statement.effect == Statement::Effect::deny;
    // A group that could not be read matches nobody in an allow and everyone in a deny.
    if (outcome == Outcome::no || (outcome == Outcome::unknown && !deny)) continue;
    (deny ? found.denies : found.allows).push_back({&statement, outcome == Outcome::unknown});
  }
  return found;
}

std::string listed(std::string_view verb, const Decision& decision) {
  std::string text{verb};
  std::string_view separator = " by ";
  for (const std::string& id : decision.because()) {
    text.append(separator).append(id);
    separator = ", ";
  }
  return text;
}

Decision denied(std::vector<Match> matches) {
  Decision decision{.allowed = false, .matches = std::move(matches)};
  decision.reason = listed("denied", decision);
  if (std::ranges::all_of(decision.matches, &Match::by_unknown)) {
    decision.reason += ", because a group's members are not known";
  }
  return decision;
}

// REQUIRES: the question's account is classified and the person a full member.
Decision weigh(const Rules& rules, const Question& question, const Subject& subject) {
  Found found = find_matches(rules, question, subject);
  if (!found.denies.empty()) return denied(std::move(found.denies));
  if (found.allows.empty()) return {.allowed = false, .reason = "no rule allows it"};
  Decision decision{.allowed = true, .matches = std::move(found.allows)};
  decision.reason = listed("allowed", decision);
  return decision;
}

template <class Visit>
void each_applicable(const Rules& rules, const Question& question, Visit visit) {
  if (unclassified(rules, question)) return;
  for (const Statement& statement : rules.statements) {
    const auto about = [&](Action action) { return is_about(statement, action); };
    if (!std::ranges::any_of(granting(question.action), about)) continue;
    if (failing_condition(rules, statement, question)) continue;
    for (const Who& term : statement.who) {
      if (const auto expanded = expand(rules, term, question)) visit(statement, *expanded);
    }
  }
}

}  // namespace

std::vector<std::string> Decision::because() const {
  std::vector<std::string> ids;
  ids.reserve(matches.size());
  for (const Match& match : matches) ids.push_back(match.statement->id);
  return ids;
}

std::set<std::string> groups_needed(const Rules& rules, const Question& question) {
  std::set<std::string> handles;
  each_applicable(rules, question, [&](const Statement&, const Who& term) {
    const auto* group = std::get_if<Group>(&term);
    if (group && !rules.groups.contains(group->handle)) handles.insert(group->handle);
  });
  return handles;
}

Decision decide(const Rules& rules, const Question& question, const Subject& subject) {
  if (!subject.full_member) {
    return {.allowed = false, .reason = "only full members of the workspace may"};
  }
  if (unclassified(rules, question)) {
    return {.allowed = false, .reason = "the account has no known environment"};
  }
  Decision own = weigh(rules, question, subject);
  if (own.allowed || !own.matches.empty()) return own;
  for (const Action other : granting(question.action)) {
    if (other == question.action) continue;
    Question wider = question;
    wider.action = other;
    Decision decision = weigh(rules, wider, subject);
    if (decision.allowed) return decision;
  }
  return own;
}

std::vector<Who> who_may(const Rules& rules, const Question& question) {
  std::vector<Who> terms;
  each_applicable(rules, question, [&](const Statement& statement, const Who& term) {
    if (statement.effect == Statement::Effect::deny) return;
    if (std::ranges::find(terms, term) == terms.end()) terms.push_back(term);
  });
  return terms;
}

}  // namespace ringi::access
