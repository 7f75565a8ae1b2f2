#pragma once

#include "handlers/access/rules.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ringi::access {

// What is asked: may `user` do `action` on this?
struct Question {
  Action action;
  const Account* account = nullptr;  // nullptr for audit
  std::optional<PipelineName> pipeline;
  SlackChannel channel;  // where it was asked; may be empty
};

// What is known of the person. A group that is missing here could not be read.
struct Subject {
  SlackUser user;
  bool full_member = false;
  std::map<std::string, bool> in_group;  // handle -> is a member
};

struct Match {
  const Statement* statement;
  bool by_unknown = false;  // a deny that matched because a group could not be read
};

struct Decision {
  bool allowed = false;
  std::vector<Match> matches;  // deciding ones: the denies if any, else the allows
  std::string reason;          // "allowed by environments.production.start", "no rule allows it"
  std::vector<std::string> because() const;  // ids of `matches`
};

// Handles (without "@") whose members must be known to answer the question.
std::set<std::string> groups_needed(const Rules& rules, const Question& question);

// Explicit deny > explicit allow > implicit deny. Pure.
Decision decide(const Rules& rules, const Question& question, const Subject& subject);

// Who may, as terms: the `who` of every allowing statement that applies, for "@web-developers can".
std::vector<Who> who_may(const Rules& rules, const Question& question);

}  // namespace ringi::access
