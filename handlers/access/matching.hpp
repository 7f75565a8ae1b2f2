#pragma once

#include "handlers/access/decide.hpp"

#include <optional>
#include <string>
#include <vector>

// How one statement meets one question: what decide, explain and who_may share.
namespace ringi::access {

enum class Outcome { no, yes, unknown };

// The actions whose permission answers for `action`: read goes to whoever has any other.
std::vector<Action> granting(Action action);

bool is_about(const Statement& statement, Action action);

// The name of the first condition that does not hold ("environment"), nullopt where all do. A
// channel name that is not resolved holds in a deny and not in an allow.
std::optional<std::string> failing_condition(const Rules& rules, const Statement& statement,
                                             const Question& question);

// `term` with team.* replaced by what the account's team says; nullopt where the team has none.
std::optional<Who> expand(const Rules& rules, const Who& term, const Question& question);

// Whether the person is meant by `who`. unknown: a group that could not be read may hold them.
Outcome meant(const Rules& rules, const Statement& statement, const Question& question,
              const Subject& subject);

// An account without a known environment is matched by no statement.
bool unclassified(const Rules& rules, const Question& question);

}  // namespace ringi::access
