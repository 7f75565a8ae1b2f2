// /deploy alone: what waits for me and what I can start, with buttons.
#include "handlers/message/english_lists.hpp"
#include "handlers/pipeline/card.hpp"
#include "handlers/pipeline/overview.hpp"
#include "handlers/pipeline/words.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

namespace english = message::english;
using message::Text;

constexpr std::size_t shown_at_home = 5;  // of each list

}  // namespace

// Read from AWS like a card: nobody approves what they are not shown.
Task<Overview::Waiting> Overview::waiting_item(RulesPtr rules, SlackUser user,
                                               ports::Approval row) {
  const auto site = site_of(*rules, row.execution.pipeline);
  const auto url = co_await card_url(row.execution);
  Waiting item{english::waiting_item(site->place, row.action, row.found, url), {}};
  auto facts = co_await client_.execution(row.execution);
  auto known = co_await deployments_.execution(row.execution);
  if (facts.has_error() || known.has_error()) co_return item;
  const auto starter = starter_of(
      *rules, *site, known.value() ? known.value()->started_by : SlackUser{}, facts.value());
  const auto revision = revision_text({facts.value(), {}, {}});
  const DecisionButtons buttons{site->place, site->environment->comment, row, row.action, revision};
  if (!revision.empty()) item.line += " · " + revision;
  if (site->environment->four_eyes_starter && starter == user) {
    item.line += english::own_start();
  } else {
    item.buttons.push_back(buttons.approve());
  }
  item.buttons.push_back(buttons.reject());
  co_return item;
}

Task<void> Overview::add_waiting(RulesPtr rules, SlackUser user, std::vector<ports::Approval> rows,
                                 message::Message& answer) {
  answer.blocks.emplace_back(message::Section{english::waiting_heading()});
  const auto shown = std::min(rows.size(), shown_at_home);
  std::vector<Waiting> items(shown);
  const auto read = [&](std::size_t i) -> Task<void> {
    auto item = co_await waiting_item(rules, user, rows[i]);
    items[i] = std::move(item);
  };
  co_await together_.each(shown, read);
  for (std::size_t i = 0; i < shown; ++i) {
    answer.blocks.emplace_back(message::Section{items[i].line});
    if (items[i].buttons.empty()) continue;
    answer.blocks.emplace_back(
        message::Actions{"home-" + rows[i].id.str(), std::move(items[i].buttons)});
  }
  if (rows.empty()) answer.blocks.emplace_back(message::Section{english::nothing_waits()});
  if (rows.size() > shown)
    answer.blocks.emplace_back(message::Section{english::and_more_waiting(rows.size() - shown)});
}

Task<Text> Overview::startable_line(RulesPtr rules, PipelineRef ref) {
  const auto site = site_of(*rules, ref);
  auto history = co_await client_.executions(ref, 10);
  if (history.has_error()) co_return english::startable_item(site->place, {}, {}, {});
  const auto last = std::ranges::find(history.value(), Status::succeeded, &ExecutionFacts::status);
  if (last == history.value().end()) co_return english::startable_item(site->place, {}, {}, {});
  const auto by = starter_of(*rules, *site, {}, *last);
  const auto revision = revision_text({*last, {}, {}});
  co_return english::startable_item(site->place, revision, last->updated, message::user(by));
}

Task<Result<message::Button>> Overview::start_button(RulesPtr rules, SlackUser user,
                                                     PipelineRef ref) {
  const auto id = ids_.next();
  ports::Deployments::Confirmation confirmation{id, std::move(user), written(ref, {}),
                                                clock_.now() + std::chrono::minutes{15}};
  auto asked = co_await deployments_.ask(std::move(confirmation));
  if (asked.has_error()) co_return asked.error();
  const auto site = site_of(*rules, ref);
  co_return message::Button{.action = "start.choose",
                            .value = id.str(),
                            .label = "Start " + english::target(site->place)};
}

Task<Result<void>> Overview::add_startable(RulesPtr rules, SlackUser user, Known known,
                                           message::Message& answer) {
  const auto shown = std::min(known.refs.size(), shown_at_home);
  std::vector<Text> lines(shown);
  const auto read = [&](std::size_t i) -> Task<void> {
    auto line = co_await startable_line(rules, known.refs[i]);
    lines[i] = std::move(line);
  };
  co_await together_.each(shown, read);
  message::Actions actions{.block_id = "home", .buttons = {}};
  for (std::size_t i = 0; i < shown; ++i) {
    auto button = co_await start_button(rules, user, known.refs[i]);
    if (button.has_error()) co_return button.error();
    actions.buttons.push_back(std::move(button).value());
  }
  if (known.refs.empty()) lines.push_back(english::nothing_to_start());
  if (known.refs.size() > shown)
    lines.push_back(english::and_more_to_start(known.refs.size() - shown, rules->command_deploy));
  known.add_silent(lines);
  for (auto& block : english::list_of(english::startable_heading(), lines).blocks)
    answer.blocks.push_back(std::move(block));
  if (!actions.buttons.empty()) answer.blocks.emplace_back(std::move(actions));
  co_return Result<void>{};
}

Task<Result<void>> Overview::home(Command command) {
  const auto rules = rules_.rules();
  const auto& user = command.caller.user;
  auto waits = co_await waiting(rules, user, command.via, Only::for_me);
  if (waits.has_error()) co_return waits.error();
  auto known = co_await allowed(rules, user, access::Action::start, command.via);
  if (known.has_error()) co_return known.error();
  message::Message answer{english::home_text(waits.value().size(), known.value().refs.size()), {}};
  co_await add_waiting(rules, user, std::move(waits).value(), answer);
  auto added = co_await add_startable(rules, user, std::move(known).value(), answer);
  if (added.has_error()) co_return added;
  auto told = co_await slack_.tell(command.caller, command.via, std::move(answer));
  co_return told;
}

}  // namespace ringi::pipeline
