#include "handlers/desk/inquiry.hpp"

#include "handlers/access/explain.hpp"
#include "handlers/access/nearest.hpp"
#include "handlers/access/target.hpp"

#include <algorithm>
#include <utility>

namespace ringi::desk {
namespace {

namespace english = message::english;
using access::Action;
using pipeline::Site;

std::optional<Site> site_in(const access::Rules& rules, const access::Account& account,
                            const access::Target& target) {
  const auto first = account.regions.empty() ? Region{} : account.regions.front();
  return pipeline::site_of(rules, {account.id, target.region.value_or(first), target.pipeline});
}

message::Message no_action(std::string_view action, std::string_view usage) {
  const auto known = access::parse_action(action);
  if (known && access::is_about_no_account(*known)) return english::has_no_target(action, usage);
  const auto near = access::nearest(action, {"start", "read", "approve"});
  return english::unknown_word(action, near.value_or(""), "Usage: " + std::string{usage});
}

message::Message candidates(const access::Rules& rules, const pipeline::Candidates& refs,
                            std::string_view again) {
  std::vector<std::string> targets;
  for (const auto& ref : refs) {
    const auto site = pipeline::site_of(rules, ref);
    if (site) targets.push_back(english::target(site->place) + "@" + ref.region.str());
  }
  return english::which_target(targets, again);
}

// Groups by their handles, which say more in the line on a phone than a mention does.
message::Text terms_text(const std::vector<access::Who>& who) {
  std::vector<message::Text> terms;
  for (const auto& one : who) {
    const auto* user = std::get_if<SlackUser>(&one);
    if (user != nullptr) {
      terms.push_back(message::user(*user));
    } else {
      terms.push_back(message::code(access::to_text(one)));
    }
  }
  return message::join(terms, ", ");
}

std::string four_eyes_of(const Site& site) {
  if (!site.environment->four_eyes_starter) return {};
  return "environments." + site.environment->name + ".approval.four_eyes";
}

}  // namespace

Task<Result<void>> Inquiry::tell(const Command& command, message::Message answer) {
  auto told = co_await slack_.tell(command.caller, command.via, std::move(answer));
  co_return told;
}

Task<Result<Inquiry::Understood>> Inquiry::looked_up(RulesPtr rules, Command command,
                                                     std::string target, Action action,
                                                     std::string again) {
  auto resolved =
      co_await resolver_.resolve(rules, std::move(target), command.caller.user, command.via);
  if (resolved.has_error()) co_return resolved.error();
  if (auto* answer = std::get_if<message::Message>(&resolved.value()))
    co_return Understood{std::move(*answer)};
  if (const auto* several = std::get_if<pipeline::Candidates>(&resolved.value()))
    co_return Understood{candidates(*rules, *several, again)};
  const auto& ref = std::get<pipeline::Meant>(resolved.value()).ref;
  auto site = pipeline::site_of(*rules, ref);
  if (!site) co_return error(Errc::not_found, "The account is no longer registered.");
  auto question = pipeline::question_about(*site, action, ref, command.via);
  co_return Understood{Asked{std::move(question), *std::move(site), true}};
}

Task<Result<Inquiry::Understood>> Inquiry::understood(RulesPtr rules, Command command, Words words,
                                                      std::string usage) {
  const auto action = access::parse_action(words[1]);
  if (!action || access::is_about_no_account(*action))
    co_return Understood{no_action(words[1], usage)};
  const auto parsed = access::parse_target(words[0]);
  if (parsed.has_error())
    co_return Understood{english::malformed(parsed.error().person.text, usage)};
  const auto& target = parsed.value();
  if (target.account.empty()) {
    auto found = co_await looked_up(rules, std::move(command), words[0], *action, std::move(usage));
    co_return found;
  }
  const auto* account = access::find_account(*rules, target.account);
  if (account == nullptr) {
    auto answer = co_await resolver_.unknown_account(rules, target.account, command.caller.user);
    if (answer.has_error()) co_return answer.error();
    co_return Understood{std::move(answer).value()};
  }
  auto site = site_in(*rules, *account, target);
  if (!site) co_return Understood{english::unclassified(account->name, account->id)};
  access::Question question{*action, account, target.pipeline, command.via.channel};
  co_return Understood{Asked{std::move(question), *std::move(site), target.region.has_value()}};
}

Task<Result<std::vector<ExecutionId>>> Inquiry::own_waiting(RulesPtr rules, SlackUser user,
                                                            Asked asked) {
  std::vector<ExecutionId> own;
  auto open = co_await deployments_.open_approvals();
  if (open.has_error()) co_return open.error();
  for (const auto& approval : open.value()) {
    const auto& ref = approval.execution;
    const bool here = ref.pipeline.account == asked.site.place.account &&
                      ref.pipeline.pipeline == asked.question.pipeline &&
                      (!asked.in_region || ref.pipeline.region == asked.site.place.region);
    if (!here || approval.state != ports::Approval::State::waiting) continue;
    auto row = co_await deployments_.execution(ref);
    if (row.has_error()) co_return row.error();
    auto facts = co_await client_.execution(ref);
    if (facts.has_error() && facts.error().code == Errc::cancelled) co_return facts.error();
    // Where AWS gives no answer, ringi's own row has to do.
    const auto starter = pipeline::starter_of(
        *rules, asked.site, row.value() ? row.value()->started_by : SlackUser{},
        facts.has_value() ? facts.value() : pipeline::ExecutionFacts{});
    if (starter == user && std::ranges::find(own, ref.execution) == own.end())
      own.push_back(ref.execution);
  }
  co_return own;
}

Task<Result<message::Message>> Inquiry::allowed(RulesPtr rules, SlackUser user, Asked asked,
                                                std::string reason) {
  const std::string verb{access::name_of(asked.question.action)};
  const auto& site = asked.site;
  const bool observed = site.environment->mode == access::Mode::observe;
  if (asked.question.action == Action::start && observed)
    co_return english::may_do_observed(site.place, reason);
  const auto rule = four_eyes_of(site);
  if (asked.question.action != Action::approve || rule.empty())
    co_return english::may_do(verb, site.place, reason);
  auto own = co_await own_waiting(rules, std::move(user), asked);
  if (own.has_error()) co_return own.error();
  co_return english::may_approve(site.place, reason, rule, own.value());
}

Task<Result<void>> Inquiry::why(Command command, Words words) {
  const auto rules = rules_.rules();
  const auto usage = rules->command_ringi + " why TARGET [start|read|approve]";
  if (words.empty() || words.size() > 2) {
    auto told = co_await tell(command, english::usage(usage));
    co_return told;
  }
  if (words.size() == 1) words.emplace_back("start");
  auto what = co_await understood(rules, command, std::move(words), usage);
  if (what.has_error()) co_return what.error();
  if (auto* answer = std::get_if<message::Message>(&what.value())) {
    auto told = co_await tell(command, std::move(*answer));
    co_return told;
  }
  auto& asked = std::get<Asked>(what.value());
  auto decision = co_await gate_.may(rules, command.caller.user, asked.question, permission::usual);
  if (decision.has_error()) co_return decision.error();
  if (!decision.value().allowed) {
    english::Refusal refusal{.verb = std::string{access::name_of(asked.question.action)},
                             .target = english::target(asked.site.place),
                             .rule = decision.value().reason,
                             .who = terms_text(access::who_may(*rules, asked.question))};
    auto told = co_await tell(command, english::may_not(refusal, rules->command_ringi));
    co_return told;
  }
  auto answer = co_await allowed(rules, command.caller.user, std::move(asked),
                                 std::move(decision.value().reason));
  if (answer.has_error()) co_return answer.error();
  auto told = co_await tell(command, std::move(answer).value());
  co_return told;
}

Task<Result<void>> Inquiry::who(Command command, Words words) {
  const auto rules = rules_.rules();
  const auto usage = rules->command_ringi + " who TARGET start|read|approve";
  if (words.size() != 2) {
    auto told = co_await tell(command, english::usage(usage));
    co_return told;
  }
  auto what = co_await understood(rules, command, std::move(words), usage);
  if (what.has_error()) co_return what.error();
  if (auto* answer = std::get_if<message::Message>(&what.value())) {
    auto told = co_await tell(command, std::move(*answer));
    co_return told;
  }
  const auto& [question, site, in_region] = std::get<Asked>(what.value());
  auto people = co_await gate_.everyone(rules, question, permission::usual);
  if (people.has_error()) co_return people.error();
  const auto rule = question.action == Action::approve ? four_eyes_of(site) : std::string{};
  const bool everyone = !people.value().has_value();
  auto answer = english::who_may({.verb = access::name_of(question.action),
                                  .terms = terms_text(access::who_may(*rules, question)),
                                  .everyone = everyone,
                                  .four_eyes = rule},
                                 site.place, people.value().value_or(std::vector<SlackUser>{}));
  auto told = co_await tell(command, std::move(answer));
  co_return told;
}

}  // namespace ringi::desk
