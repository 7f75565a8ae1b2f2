#include "handlers/pipeline/resolve.hpp"

#include "handlers/access/nearest.hpp"
#include "handlers/access/target.hpp"
#include "handlers/message/english_accounts.hpp"
#include "handlers/pipeline/place.hpp"

namespace ringi::pipeline {
namespace {

namespace english = message::english;

constexpr Duration copy_age = std::chrono::minutes{1};

bool matches(const access::Target& target, const PipelineRef& ref) {
  return ref.pipeline == target.pipeline && (!target.region || *target.region == ref.region);
}

message::Message unknown_pipeline(const access::Rules& rules, const access::Target& target,
                                  const std::vector<PipelineRef>& all) {
  std::vector<std::string> names, targets;
  for (const auto& ref : all) {
    const auto* account = access::find_account(rules, ref.account);
    names.push_back(ref.pipeline.str());
    targets.push_back((account == nullptr ? ref.account.str() : access::address_of(*account)) +
                      "/" + ref.pipeline.str());
  }
  const auto name = access::nearest(target.pipeline.str(), names);
  std::string hint;
  for (std::size_t i = 0; name && hint.empty() && i < names.size(); ++i) {
    if (names[i] == *name) hint = targets[i];
  }
  return english::no_pipeline(target.pipeline.str(), hint, rules.command_deploy);
}

std::vector<Pipelines::Place> searched(const access::Rules& rules, const access::Target& target) {
  std::vector<Pipelines::Place> places;
  for (const auto& account : rules.accounts) {
    const bool named =
        target.account.empty() || access::find_account(rules, target.account) == &account;
    if (!named || access::environment_of(rules, account) == nullptr) continue;
    for (const auto& region : account.regions) places.emplace_back(account.id, region);
  }
  return places;
}

}  // namespace

Task<Pipelines::Names> Pipelines::in_one(Place place) {
  const auto copy = copies_.find(place);
  if (copy != copies_.end() && clock_.now() - copy->second.as_of < copy_age)
    co_return copy->second.names;
  auto names = co_await client_.pipelines(place.first, place.second);
  if (names.has_error()) co_return names.error();
  copies_[place] = {names.value(), clock_.now()};
  co_return names;
}

Task<std::vector<Pipelines::Names>> Pipelines::in(std::vector<Place> places) {
  std::vector<Names> answers(places.size(), std::vector<PipelineName>{});
  const auto ask = [&](std::size_t i) -> Task<void> {
    auto names = co_await in_one(places[i]);
    answers[i] = std::move(names);
  };
  co_await together_.each(places.size(), ask);
  co_return answers;
}

Task<Result<Resolver::Found>> Resolver::search(RulesPtr rules, const access::Target& target) {
  Found found;
  const auto places = searched(*rules, target);
  auto answers = co_await pipelines_.in(places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& [account, region] = places[i];
    const auto& names = answers[i];
    // One account that cannot be read hides only its own pipelines, unless it was the one asked
    // for.
    if (names.has_error() && !target.account.empty()) co_return names.error();
    if (names.has_error()) {
      if (!found.silent) found.silent = names.error();
      continue;
    }
    for (const auto& name : names.value()) {
      PipelineRef ref{account, region, name};
      (matches(target, ref) ? found.matching : found.others).push_back(std::move(ref));
    }
  }
  co_return found;
}

Task<Result<std::vector<PipelineRef>>> Resolver::readable(RulesPtr rules,
                                                          std::vector<PipelineRef> refs,
                                                          SlackUser user, Via via) {
  std::vector<PipelineRef> allowed;
  for (auto& ref : refs) {
    const auto site = site_of(*rules, ref);
    if (!site) continue;
    auto question = question_about(*site, access::Action::read, ref, via);
    auto may = co_await gate_.may(rules, user, std::move(question), permission::usual);
    if (may.has_error()) co_return may.error();
    if (may.value().allowed) allowed.push_back(std::move(ref));
  }
  co_return allowed;
}

Task<Result<message::Message>> Resolver::unknown_account(RulesPtr rules, std::string name,
                                                         SlackUser user) {
  std::vector<std::string> names, same;  // what finds an account; the ids of those so named
  for (const auto& account : rules->accounts) {
    access::Question question{.action = access::Action::read, .account = &account};
    auto may = co_await gate_.may(rules, user, std::move(question), permission::usual);
    if (may.has_error()) co_return may.error();
    if (!may.value().allowed) continue;
    names.push_back(access::address_of(account));
    if (account.name == name) same.push_back(account.id.str());
  }
  if (!same.empty()) co_return english::which_account(name, same);
  const auto near = access::nearest(name, names);
  co_return english::no_account(name, near.value_or(""), rules->command_deploy);
}

Task<Result<Resolved>> Resolver::resolve(RulesPtr rules, std::string target_words, SlackUser user,
                                         Via via) {
  const auto parsed = access::parse_target(target_words);
  if (parsed.has_error()) {
    co_return Resolved{english::malformed(parsed.error().person.text,
                                          rules->command_deploy + " start|status TARGET")};
  }
  const auto& target = parsed.value();
  if (searched(*rules, target).empty()) {
    auto answer = co_await unknown_account(rules, target.account, std::move(user));
    if (answer.has_error()) co_return answer.error();
    co_return Resolved{std::move(answer).value()};
  }
  auto found = co_await search(rules, target);
  if (found.has_error()) co_return found.error();
  auto& [matching, others, silent] = found.value();
  if (matching.size() == 1)
    co_return Resolved{Meant{matching.front(), !target.account.empty() || !silent}};
  if (matching.empty() && silent) co_return *silent;  // it may be there
  const bool none = matching.empty();
  auto shown = co_await readable(rules, none ? std::move(others) : std::move(matching),
                                 std::move(user), std::move(via));
  if (shown.has_error()) co_return shown.error();
  if (none || shown.value().empty())
    co_return Resolved{
        unknown_pipeline(*rules, target, none ? shown.value() : std::vector<PipelineRef>{})};
  if (shown.value().size() == 1) co_return Resolved{Meant{shown.value().front(), false}};
  co_return Resolved{std::move(shown).value()};
}

}  // namespace ringi::pipeline
