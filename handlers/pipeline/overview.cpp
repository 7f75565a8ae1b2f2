#include "handlers/pipeline/overview.hpp"

#include "handlers/message/english_lists.hpp"
#include "handlers/pipeline/card.hpp"
#include "handlers/pipeline/words.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

namespace english = message::english;
using message::Text;

constexpr std::size_t shown_in_list = 60, shown_pending = 20;

bool has_all(const std::string& text, const std::vector<std::string>& words) {
  const auto low = lower_case(text);
  return std::ranges::all_of(words, [&](const std::string& word) {
    return low.find(lower_case(word)) != std::string::npos;
  });
}

const char* status_word(Status status) {
  switch (status) {
    case Status::in_progress:
      return "running";
    case Status::stopping:
      return "stopping";
    case Status::succeeded:
      return "done";
    default:
      return end_name(status);
  }
}

}  // namespace

Task<Result<bool>> Overview::may(RulesPtr rules, SlackUser user, access::Action action,
                                 PipelineRef ref, Via via) {
  const auto site = site_of(*rules, ref);
  if (!site) co_return false;
  auto question = question_about(*site, action, ref, via);
  auto decision =
      co_await gate_.may(rules, std::move(user), std::move(question), permission::usual);
  if (decision.has_error()) co_return decision.error();
  co_return decision.value().allowed;
}

void Overview::Known::add_silent(std::vector<Text>& lines) const {
  for (const auto& [code, places] : silent) lines.push_back(english::no_answer_from(places, code));
}

// Every account and region is asked at once; those that give no answer are named.
Task<Result<Overview::Known>> Overview::allowed(RulesPtr rules, SlackUser user,
                                                access::Action action, Via via) {
  std::vector<Pipelines::Place> places;
  std::vector<std::string> names;
  for (const auto& account : rules->accounts) {
    if (access::environment_of(*rules, account) == nullptr) continue;
    for (const auto& region : account.regions) {
      places.emplace_back(account.id, region);
      names.push_back(account.regions.size() == 1 ? account.name
                                                  : account.name + "@" + region.str());
    }
  }
  const auto answers = co_await pipelines_.in(places);
  Known known;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (answers[i].has_error()) {
      known.silent[answers[i].error().service_code].push_back(names[i]);
      continue;
    }
    for (const auto& name : answers[i].value()) {
      const PipelineRef ref{places[i].first, places[i].second, name};
      auto yes = co_await may(rules, user, action, ref, via);
      if (yes.has_error()) co_return yes.error();
      if (yes.value()) known.refs.push_back(ref);
    }
  }
  co_return known;
}

Task<Result<std::vector<ports::Approval>>> Overview::waiting(RulesPtr rules, SlackUser user,
                                                             Via via, Only only) {
  auto open = co_await deployments_.open_approvals();
  if (open.has_error()) co_return open;
  const auto action = only == Only::for_me ? access::Action::approve : access::Action::read;
  std::vector<ports::Approval> rows;
  for (auto& row : open.value()) {
    if (row.state != ports::Approval::State::waiting) continue;
    auto yes = co_await may(rules, user, action, row.execution.pipeline, via);
    if (yes.has_error()) co_return yes.error();
    if (yes.value()) rows.push_back(std::move(row));
  }
  co_return rows;
}

Task<std::vector<std::string>> Overview::card_urls(std::vector<ExecutionRef> refs) {
  std::vector<std::string> urls(refs.size());
  const auto look = [&](std::size_t i) -> Task<void> {
    auto url = co_await card_url(refs[i]);
    urls[i] = std::move(url);
  };
  co_await together_.each(refs.size(), look);
  co_return urls;
}

Task<std::string> Overview::card_url(ExecutionRef ref) {
  auto key = card_key(ref);
  auto posted = co_await cards_.find(std::move(key), Duration{0});
  if (posted.has_error() || !posted.value()) co_return std::string{};
  auto url = co_await slack_.permalink(posted.value()->channel, posted.value()->ts);
  co_return url.has_value() ? url.value() : std::string{};
}

Task<Result<void>> Overview::list(Command command, std::vector<std::string> words) {
  const auto rules = rules_.rules();
  auto known = co_await allowed(rules, command.caller.user, access::Action::read, command.via);
  if (known.has_error()) co_return known.error();
  std::vector<Text> lines;
  std::size_t left_out = 0;
  for (const auto& ref : known.value().refs) {
    const auto site = site_of(*rules, ref);
    if (!has_all(
            english::target(site->place) + " " + site->place.environment + " " + ref.region.str(),
            words))
      continue;
    if (lines.size() == shown_in_list) {
      ++left_out;
      continue;
    }
    lines.push_back(english::startable_item(site->place, {}, {}, {}) + " · " +
                    message::plain(ref.region.str()));
  }
  if (lines.empty()) lines.push_back(english::nothing_found());
  if (left_out > 0) lines.push_back(english::and_more(left_out));
  known.value().add_silent(lines);
  auto answer = english::list_of(english::pipelines_heading(), lines);
  auto told = co_await slack_.tell(command.caller, command.via, std::move(answer));
  co_return told;
}

Task<Result<void>> Overview::pending(Command command) {
  const auto rules = rules_.rules();
  auto rows = co_await waiting(rules, command.caller.user, command.via, Only::visible);
  if (rows.has_error()) co_return rows.error();
  const auto shown = std::min(rows.value().size(), shown_pending);
  std::vector<ExecutionRef> refs;
  for (std::size_t i = 0; i < shown; ++i) refs.push_back(rows.value()[i].execution);
  const auto urls = co_await card_urls(refs);
  std::vector<Text> lines;
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& row = rows.value()[i];
    const auto site = site_of(*rules, row.execution.pipeline);
    lines.push_back(english::waiting_item(site->place, row.action, row.found, urls[i]));
  }
  if (lines.empty()) lines.push_back(english::nothing_pending());
  if (rows.value().size() > shown)
    lines.push_back(english::and_more_waiting(rows.value().size() - shown));
  auto answer = english::list_of(english::pending_heading(), lines);
  auto told = co_await slack_.tell(command.caller, command.via, std::move(answer));
  co_return told;
}

Task<Result<message::Message>> Overview::history(RulesPtr rules, PipelineRef ref) {
  const auto site = site_of(*rules, ref);
  auto executions = co_await client_.executions(ref, 5);
  if (executions.has_error()) co_return executions.error();
  std::vector<ExecutionRef> refs;
  for (const auto& facts : executions.value()) refs.push_back(facts.ref);
  const auto cards = co_await card_urls(refs);
  std::vector<Text> lines;
  for (std::size_t i = 0; i < refs.size(); ++i) {
    const auto& facts = executions.value()[i];
    const auto revision = revision_text({facts, {}, {}});
    lines.push_back(english::execution_item(status_word(facts.status), facts.ref.execution.str(),
                                            facts.started, revision,
                                            execution_url(*rules, facts.ref)));
    if (!cards[i].empty()) lines.back() += " · " + message::link(cards[i], "card");
  }
  if (lines.empty()) lines.push_back(english::never_ran());
  co_return english::list_of(english::whole(site->place), lines);
}

Task<Result<void>> Overview::status(Command command, std::vector<std::string> words) {
  const auto rules = rules_.rules();
  message::Message answer = english::usage(rules->command_deploy + " status TARGET");
  if (words.size() == 1) {
    auto resolved =
        co_await resolver_.resolve(rules, words.front(), command.caller.user, command.via);
    if (resolved.has_error()) co_return resolved.error();
    if (auto* said = std::get_if<message::Message>(&resolved.value())) {
      answer = std::move(*said);
    } else if (auto* several = std::get_if<Candidates>(&resolved.value())) {
      std::vector<Text> lines;
      for (const auto& ref : *several) {
        const auto site = site_of(*rules, ref);
        const auto name =
            site ? english::target(site->place) + "@" + ref.region.str() : to_string(ref);
        lines.push_back(message::code(name));
      }
      answer = english::list_of(english::which_one(), lines);
    } else {
      const auto& ref = std::get<Meant>(resolved.value()).ref;
      auto yes = co_await may(rules, command.caller.user, access::Action::read, ref, command.via);
      if (yes.has_error()) co_return yes.error();
      answer = english::no_pipeline(words.front(), "", rules->command_deploy);
      if (yes.value()) {
        auto shown = co_await history(rules, ref);
        if (shown.has_error()) co_return shown.error();
        answer = std::move(shown).value();
      }
    }
  }
  auto told = co_await slack_.tell(command.caller, command.via, std::move(answer));
  co_return told;
}

}  // namespace ringi::pipeline
