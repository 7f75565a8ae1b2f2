#pragma once

#include "handlers/access/decide.hpp"

#include <string>
#include <vector>

namespace ringi::access {

// One statement that could have answered, and how it met the question.
struct Verdict {
  const Statement* statement;
  bool matched = false;
  std::string why;  // "it is for @web-leads", "only where the environment is staging"
};

struct Explanation {
  Decision decision;
  std::vector<Verdict>
      verdicts;  // in the order of the configuration; those about other actions are left out
};

// REQUIRES: `rules` and `question.account` outlive the explanation.
Explanation explain(const Rules& rules, const Question& question, const Subject& subject);

// The denying statements whose conditions hold: who_may names people whom these may take out again.
std::vector<Statement> denies(const Rules& rules, const Question& question);

// The statements about it that hold in certain channels only, none of them the question's.
std::vector<Statement> elsewhere(const Rules& rules, const Question& question);

// One line for each verdict after the line that says what was decided.
std::string to_text(const Explanation& explanation);

// "members", "team.members", "@release-managers", "U0003": as it is written in the configuration.
std::string to_text(const Who& term);

}  // namespace ringi::access
