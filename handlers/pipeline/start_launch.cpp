// What a start does once it is allowed and confirmed: each step can be run again.
#include "handlers/message/english.hpp"
#include "handlers/pipeline/chores.hpp"
#include "handlers/pipeline/start.hpp"
#include "handlers/pipeline/start_entry.hpp"

namespace ringi::pipeline {
namespace {

namespace english = message::english;

constexpr Duration card_patience = std::chrono::seconds{4};

std::string once_of(const std::string& phase, const std::string& key) {
  return "pipeline.started." + phase + ":" + key;
}

std::optional<Caller> caller_of(const Delivery& delivery) {
  if (const auto* click = std::get_if<Click>(&delivery.request)) return click->caller;
  if (const auto* command = std::get_if<Command>(&delivery.request)) return command->caller;
  return std::nullopt;
}

}  // namespace

// Not the id alone: that is the key of the command that asked, and a command which is carried on
// after a restart must not close what its button has begun meanwhile.
std::string confirmed_key(const OpaqueId& confirmation) {
  return "confirmed-" + confirmation.str();
}

Task<Result<Start::Trace>> Start::trace(std::string key) {
  auto intended = co_await ledger_.known(once_of("intended", key));
  if (intended.has_error()) co_return intended.error();
  if (!intended.value()) co_return Trace{};
  for (const char* phase : {"done", "failed"}) {
    auto closed = co_await ledger_.known(once_of(phase, key));
    if (closed.has_error()) co_return closed.error();
    if (!closed.value()) continue;
    const bool done = std::string_view{phase} == "done";
    co_return Trace{done ? Begun::done : Begun::nothing, std::move(key), *intended.value()};
  }
  co_return Trace{Begun::open, std::move(key), *intended.value()};
}

Task<Result<Start::Trace>> Start::trace_of(Delivery delivery) {
  using Taken = ports::Deployments::Taken;
  auto typed = co_await trace(delivery.id.str());
  if (typed.has_error() || typed.value().begun != Begun::nothing) co_return typed;
  const auto* click = std::get_if<Click>(&delivery.request);
  const auto id = click != nullptr ? OpaqueId::parse(click->value) : std::nullopt;
  if (!id) co_return Trace{};
  auto confirmed = co_await trace(confirmed_key(*id));
  if (confirmed.has_error() || confirmed.value().begun == Begun::nothing) co_return confirmed;
  // Another click's start may still be under way: it belongs to the one that took the button.
  auto taken = co_await deployments_.take(*id, click->caller.user, delivery.id);
  if (taken.has_error()) co_return taken.error();
  if (taken.value().first != Taken::yes) co_return Trace{};
  co_return confirmed;
}

Task<Result<Begun>> Start::begun(Delivery delivery) {
  auto traced = co_await trace_of(std::move(delivery));
  if (traced.has_error()) co_return traced.error();
  co_return traced.value().begun;
}

Task<Result<Begun>> Start::abandon(Delivery delivery, std::string why) {
  auto traced = co_await trace_of(delivery);
  if (traced.has_error()) co_return traced.error();
  const auto& [begun, key, intended] = traced.value();
  if (begun != Begun::open) co_return begun;
  ports::Entry entry;
  entry.kind = "pipeline.started";
  entry.phase = "failed";
  entry.of = intended;
  entry.actor = caller_of(delivery);
  entry.request = delivery.id.str();
  entry.error = std::move(why);
  entry.details["outcome"] = "not known: an execution that AWS began gets a card of its own";
  entry.once = once_of("failed", key);
  auto closed = co_await ledger_.append(std::move(entry));
  if (closed.has_error()) co_return closed.error();
  co_return begun;
}

Task<Result<void>> Start::launch(RulesPtr rules, Order order, access::Decision decision) {
  const auto site = site_of(*rules, order.ref);
  auto entry = start_entry(*rules, *site, order.caller, order.via, order.ref, order.words);
  entry.phase = "intended";
  entry.because = decision.because();
  entry.request = order.request;
  entry.once = once_of("intended", order.key);
  auto intended = co_await ledger_.append(std::move(entry));
  if (intended.has_error()) co_return intended.error();
  auto execution = co_await start_once(rules, *site, order, intended.value());
  if (execution.has_error()) co_return execution.error();
  const ExecutionRef ref{order.ref, execution.value()};
  auto followed = co_await follow(order, ref, intended.value());
  if (followed.has_error()) co_return followed.error();
  auto told = co_await tell_started(*site, std::move(order), ref);
  co_return told;
}

Task<Result<ExecutionId>> Start::start_once(RulesPtr rules, Site site, Order order,
                                            ports::Seq intended) {
  StartOrder start{order.ref, order.words.variables, order.words.revisions, "ringi-" + order.key};
  auto execution = co_await client_.start(std::move(start), order.caller.user);
  // Repeated with the same token, or abandoned: an earlier try may have reached AWS.
  if (execution.has_error() && is_transient(execution.error().code)) co_return execution;
  auto entry = start_entry(*rules, site, order.caller, order.via, order.ref, order.words);
  entry.details.clear();
  entry.request = order.request;
  entry.of = intended;
  entry.phase = execution.has_error() ? "failed" : "done";
  entry.once = once_of(entry.phase, order.key);
  if (execution.has_error()) entry.error = code_of(execution.error());
  if (execution.has_value()) entry.target->execution = execution.value();
  auto closed = co_await ledger_.append(std::move(entry));
  if (closed.has_error()) co_return closed.error();
  co_return execution;
}

Task<Result<void>> Start::follow(Order order, ExecutionRef ref, ports::Seq first_entry) {
  ports::Execution row;
  row.ref = ref;
  row.started_by = order.caller.user;
  row.first_entry = first_entry;
  row.has_card = true;
  row.seen = clock_.now();
  auto followed = co_await deployments_.follow(std::move(row));
  if (followed.has_error()) co_return followed.error();
  auto drawn = co_await refresh_.run(ref);
  if (drawn.has_value()) co_return Result<void>{};
  auto chore = refresh_chore(ref);  // the start stands; the card follows as soon as it can be drawn
  auto queued = co_await jobs_.enqueue(std::move(chore), clock_.now());
  co_return queued;
}

Task<Result<void>> Start::tell_started(Site site, Order order, ExecutionRef ref) {
  std::string link;
  auto key = card_key(ref);
  auto posted = co_await cards_.find(std::move(key), card_patience);
  if (posted.has_value() && posted.value()) {
    auto permalink = co_await slack_.permalink(posted.value()->channel, posted.value()->ts);
    if (permalink.has_value()) link = std::move(permalink).value();
  }
  auto answer = english::starting(site.place, link);
  // A click's answer takes the place of its question, so that the button is gone.
  Result<void> told = error(Errc::not_found, "no question to replace");
  if (order.via.message) told = co_await slack_.replace(order.via, answer);
  if (told.has_error()) told = co_await slack_.tell(order.caller, order.via, std::move(answer));
  co_return told;
}

}  // namespace ringi::pipeline
