#include "handlers/desk/rights.hpp"

#include "handlers/access/matching.hpp"

#include <algorithm>

namespace ringi::desk {
namespace {

using access::Question;
using access::Rules;

// A pipeline that only a glob can mean.
constexpr std::string_view any_name = "zz-any-zz";

// A name that the glob matches; nullopt where no pipeline can have such a name.
std::optional<PipelineName> sample_of(const std::string& glob) {
  std::string name;
  for (const char c : glob) {
    if (c == '*') {
      name += any_name;
    } else {
      name += c == '?' ? 'z' : c;
    }
  }
  return PipelineName::parse(name);
}

// The pipelines that statements name where all else that they ask for holds.
std::vector<std::string> globs_for(const Rules& rules, const Question& question) {
  std::vector<std::string> globs;
  const auto actions = access::granting(question.action);
  for (const access::Statement& statement : rules.statements) {
    const auto about = [&](access::Action action) { return access::is_about(statement, action); };
    if (!std::ranges::any_of(actions, about)) continue;
    for (const std::string& glob : statement.pipeline) {
      Question sample = question;
      sample.pipeline = sample_of(glob);
      if (!sample.pipeline || access::failing_condition(rules, statement, sample)) continue;
      if (std::ranges::find(globs, glob) == globs.end()) globs.push_back(glob);
    }
  }
  return globs;
}

bool among(const std::vector<std::string>& globs, const std::string& glob) {
  const auto sample = sample_of(glob);
  return sample && std::ranges::any_of(globs, [&](const std::string& one) {
           return access::glob_matches(one, sample->str());
         });
}

}  // namespace

Task<Result<Reach>> Rights::in(RulesPtr rules, SlackUser user, Question question) {
  Reach reach;
  std::vector<std::string> refused;
  question.pipeline = sample_of("*");
  auto elsewhere = co_await gate_.may(rules, user, question, permission::usual);
  if (elsewhere.has_error()) co_return elsewhere.error();
  const auto globs = globs_for(*rules, question);
  for (const std::string& glob : globs) {
    question.pipeline = sample_of(glob);
    auto decision = co_await gate_.may(rules, user, question, permission::usual);
    if (decision.has_error()) co_return decision.error();
    (decision->allowed ? reach.only : refused).push_back(glob);
  }
  reach.any = elsewhere->allowed || !reach.only.empty();
  for (const std::string& glob : refused) {
    if (elsewhere->allowed || among(reach.only, glob)) reach.except.push_back(glob);
  }
  if (elsewhere->allowed) reach.only.clear();
  co_return reach;
}

Task<Result<bool>> Rights::anywhere(RulesPtr rules, SlackUser user, access::Action action,
                                    SlackChannel here) {
  for (const auto& account : rules->accounts) {
    Question question{.action = action, .account = &account, .channel = here};
    if (here.empty()) question.channel = access::channel_of(*rules, account);
    auto reach = co_await in(rules, user, std::move(question));
    if (reach.has_error()) co_return reach.error();
    if (reach->any) co_return true;
  }
  co_return false;
}

}  // namespace ringi::desk
