#include "handlers/pipeline/start.hpp"

#include "handlers/pipeline/card.hpp"
#include "handlers/pipeline/start_entry.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

namespace english = message::english;

constexpr Duration confirmation_lives = std::chrono::minutes{15};
constexpr const char* usage = " start TARGET [NAME=VALUE …] [--revision ACTION=REVISION]";

message::Text revision_words(const StartWords& words) {
  std::vector<message::Text> all;
  for (const auto& [action, id] : words.revisions) {
    all.push_back(message::plain(action, 100) + " " + message::code(id, 80));
  }
  return message::join(all, ", ");
}

message::Text variable_words(const access::Rules& rules, const StartWords& words) {
  std::vector<message::Text> all;
  for (const auto& [name, value] : shown_variables(rules, words))
    all.push_back(message::code(name + "=" + value, 80));
  return message::join(all, ", ");
}

}  // namespace

english::DeadButton dead_button(ports::Deployments::Taken taken) {
  using Taken = ports::Deployments::Taken;
  switch (taken) {
    case Taken::used_before:
      return english::DeadButton::used_before;
    case Taken::expired:
      return english::DeadButton::expired;
    case Taken::not_yours:
      return english::DeadButton::not_yours;
    default:
      return english::DeadButton::unknown;
  }
}

Task<Result<void>> Start::command(Delivery delivery, Command command,
                                  std::vector<std::string> words) {
  const auto rules = rules_.rules();
  auto parsed = parse_start(words);
  if (parsed.has_error()) {
    auto answer = english::malformed(parsed.error().person.text, rules->command_deploy + usage);
    auto told = co_await slack_.tell(command.caller, command.via, std::move(answer));
    co_return told;
  }
  auto resolved =
      co_await resolver_.resolve(rules, parsed.value().target, command.caller.user, command.via);
  if (resolved.has_error()) co_return resolved.error();
  if (auto* answer = std::get_if<message::Message>(&resolved.value())) {
    auto told = co_await slack_.tell(command.caller, command.via, std::move(*answer));
    co_return told;
  }
  if (auto* candidates = std::get_if<Candidates>(&resolved.value())) {
    auto offered =
        co_await offer(rules, std::move(*candidates), parsed.value(), command.caller, command.via);
    co_return offered;
  }
  const auto& meant = std::get<Meant>(resolved.value());
  Order order{delivery.id.str(),         command.caller,    command.via,  meant.ref,
              std::move(parsed).value(), delivery.id.str(), meant.certain};
  auto done = co_await carry_out(delivery, std::move(order), Confirmed::no);
  co_return done;
}

Task<Result<void>> Start::confirmed(Delivery delivery, Click click) {
  auto done = co_await taken(std::move(delivery), std::move(click), Confirmed::yes);
  co_return done;
}

Task<Result<void>> Start::chosen(Delivery delivery, Click click) {
  auto done = co_await taken(std::move(delivery), std::move(click), Confirmed::no);
  co_return done;
}

Task<Result<void>> Start::taken(Delivery delivery, Click click, Confirmed confirmed) {
  using Taken = ports::Deployments::Taken;
  const auto rules = rules_.rules();
  Taken outcome = Taken::unknown;
  ports::Deployments::Confirmation confirmation;
  if (auto id = OpaqueId::parse(click.value)) {
    auto answer = co_await deployments_.take(*id, click.caller.user, delivery.id);
    if (answer.has_error()) co_return answer.error();
    std::tie(outcome, confirmation) = std::move(answer).value();
  }
  auto words = split_words(confirmation.words);
  if (!words.empty()) words.erase(words.begin());  // "start"
  const auto parsed = parse_start(words);
  if (outcome != Taken::yes || parsed.has_error()) {
    auto gone = english::confirmation_gone(dead_button(outcome), rules->command_deploy);
    auto told = co_await slack_.tell(click.caller, click.via, std::move(gone));
    co_return told;
  }
  auto resolved =
      co_await resolver_.resolve(rules, parsed.value().target, click.caller.user, click.via);
  if (resolved.has_error()) co_return resolved.error();
  const auto* meant = std::get_if<Meant>(&resolved.value());
  if (meant == nullptr) {
    auto gone =
        english::confirmation_gone(english::DeadButton::pipeline_gone, rules->command_deploy);
    auto told = co_await slack_.tell(click.caller, click.via, std::move(gone));
    co_return told;
  }
  // The confirmation's id and not the click's: one question starts once, whatever is delivered.
  Order order{confirmed_key(confirmation.id),
              click.caller,
              click.via,
              meant->ref,
              parsed.value(),
              delivery.id.str()};
  auto done = co_await carry_out(std::move(delivery), std::move(order), confirmed);
  co_return done;
}

Task<Result<void>> Start::carry_out(Delivery delivery, Order order, Confirmed confirmed) {
  const auto rules = rules_.rules();
  const auto site = site_of(*rules, order.ref);
  if (!site) co_return error(Errc::denied, "The account belongs to no known environment.");
  const auto question = question_about(*site, access::Action::start, order.ref, order.via);
  auto decision = co_await gate_.may(rules, order.caller.user, question, permission::usual);
  if (decision.has_error()) co_return decision.error();
  if (!decision.value().allowed) {
    auto told = co_await refuse(rules, std::move(order), question, std::move(decision).value());
    co_return told;
  }
  if (site->environment->mode == access::Mode::observe) {
    auto answer = english::observed_start(site->place);
    auto told = co_await slack_.tell(order.caller, order.via, std::move(answer));
    co_return told;
  }
  const bool asks = site->environment->production || !order.certain;
  if (asks && confirmed == Confirmed::no) {
    auto asked = co_await ask(*site, std::move(order), delivery.id);
    co_return asked;
  }
  auto launched = co_await launch(rules, std::move(order), std::move(decision).value());
  co_return launched;
}

Task<Result<void>> Start::refuse(RulesPtr rules, Order order, access::Question question,
                                 access::Decision decision) {
  const auto site = site_of(*rules, order.ref);
  auto entry = start_entry(*rules, *site, order.caller, order.via, order.ref, order.words);
  entry.kind = "access.denied";
  entry.started_by = {};
  entry.because = decision.because();
  entry.reason = decision.reason;
  entry.details["wanted"] = "start";
  entry.request = order.request;
  entry.once = "access.denied:" + order.request;
  auto written_down = co_await ledger_.append(std::move(entry));
  if (written_down.has_error()) co_return written_down.error();
  auto answer = english::refused(refusal_of(*rules, *site, question, decision));
  auto told = co_await slack_.tell(order.caller, order.via, std::move(answer));
  co_return told;
}

// The delivery's own id is the button's: asked again after a crash, it is the same question.
Task<Result<void>> Start::ask(Site site, Order order, OpaqueId id) {
  ports::Deployments::Confirmation confirmation{
      id, order.caller.user, written(order.ref, order.words), clock_.now() + confirmation_lives};
  auto asked = co_await deployments_.ask(std::move(confirmation));
  if (asked.has_error()) co_return asked.error();
  message::Text last;
  auto history = co_await client_.executions(order.ref, 20);
  if (history.has_value()) {  // only shown: without it the question is still the right one
    const auto& all = history.value();
    const auto found = std::ranges::find(all, Status::succeeded, &ExecutionFacts::status);
    if (found != all.end()) last = revision_text({*found, {}, {}});
  }
  message::Button start{.action = "start.confirm",
                        .value = id.str(),
                        .label = "Start",
                        .style = message::Button::Style::primary};
  auto question =
      english::ask_start(site.place, last, revision_words(order.words),
                         variable_words(*rules_.rules(), order.words), std::move(start));
  auto told = co_await slack_.tell(order.caller, order.via, std::move(question));
  co_return told;
}

Task<Result<void>> Start::offer(RulesPtr rules, Candidates candidates, StartWords words,
                                Caller caller, Via via) {
  constexpr std::size_t most = 20;
  std::vector<message::Button> buttons;
  for (const auto& ref : candidates) {
    const auto site = site_of(*rules, ref);
    if (!site || buttons.size() == most) continue;
    const auto id = ids_.next();
    ports::Deployments::Confirmation confirmation{id, caller.user, written(ref, words),
                                                  clock_.now() + confirmation_lives};
    auto asked = co_await deployments_.ask(std::move(confirmation));
    if (asked.has_error()) co_return asked.error();
    const auto label = english::target(site->place) + " " + ref.region.str();
    buttons.push_back({.action = "start.choose", .value = id.str(), .label = label});
  }
  auto answer = english::choose(candidates.front().pipeline.str(), std::move(buttons));
  auto told = co_await slack_.tell(std::move(caller), std::move(via), std::move(answer));
  co_return told;
}

}  // namespace ringi::pipeline
