#include "handlers/pipeline/refresh.hpp"

#include "handlers/pipeline/card.hpp"
#include "handlers/pipeline/chores.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

using ports::Approval;
using Priority = ports::Cards::Priority;

constexpr Duration while_running = std::chrono::seconds{20};
constexpr Duration while_waiting = std::chrono::seconds{60};
constexpr Duration own_start_in_flight = std::chrono::seconds{10};
constexpr Duration recently = std::chrono::hours{1};

bool waits(const Reading& reading) {
  return std::ranges::any_of(
      reading.runs, [&](const ActionRun& run) { return !waiting_token(reading, run).empty(); });
}

Priority priority_of(const Reading& reading) {
  if (waits(reading)) return Priority::approval;
  return reading.facts.status == Status::failed ? Priority::failure : Priority::progress;
}

// Our own start whose row is not written yet: its event can be here first.
bool is_being_started(const Site& site, const Reading& reading, Time now) {
  if (session_user(*site.account, reading.facts.trigger_detail).empty()) return false;
  return now - started_at(reading).value_or(now) < std::chrono::minutes{1};
}

message::Text operators_text(const access::Rules& rules) {
  const auto id = rules.channel_ids.find(rules.operators_channel);
  return id == rules.channel_ids.end() ? message::Text{} : message::channel(id->second);
}

}  // namespace

bool wants_card(access::Cards cards, const Reading& reading, Time now) {
  if (waits(reading)) return true;
  if (!is_final(reading.facts.status)) return cards == access::Cards::all;
  Time last{};
  for (const auto& run : reading.runs) last = std::max(last, run.updated.value_or(last));
  if (now - last > recently) return false;
  return cards == access::Cards::all ||
         (cards == access::Cards::failures && reading.facts.status == Status::failed);
}

Task<Result<ports::Execution>> Refresh::follow_found(const access::Rules& rules, const Site& site,
                                                     const Reading& reading) {
  ports::Entry entry;
  entry.kind = "pipeline.started";
  entry.target = subject_of(site, reading.facts.ref);
  for (const auto& one : reading.facts.revisions)
    entry.target->revisions.push_back({one.name, one.id});
  entry.principal = principal_of(reading.facts);
  entry.started_by = starter_of(rules, site, {}, reading.facts);
  if (!reading.facts.trigger_type.empty()) entry.details["trigger"] = reading.facts.trigger_type;
  entry.once = "pipeline.started:" + reading.facts.ref.execution.str();
  auto seq = co_await ledger_.append(std::move(entry));
  if (seq.has_error()) co_return seq.error();
  ports::Execution row;
  row.ref = reading.facts.ref;
  row.first_entry = seq.value();
  row.has_card = true;
  row.seen = clock_.now();
  auto stored = co_await deployments_.follow(std::move(row));
  co_return stored;
}

Task<Result<std::optional<ports::Execution>>> Refresh::followed(const access::Rules& rules,
                                                                const Site& site,
                                                                const Reading& reading) {
  auto row = co_await deployments_.execution(reading.facts.ref);
  if (row.has_error() || row.value()) co_return row;
  if (is_being_started(site, reading, clock_.now())) {
    auto later = co_await again(reading.facts.ref, own_start_in_flight);
    if (later.has_error()) co_return later.error();
    co_return std::optional<ports::Execution>{};
  }
  if (!wants_card(site.environment->cards, reading, clock_.now()))
    co_return std::optional<ports::Execution>{};
  auto stored = co_await follow_found(rules, site, reading);
  if (stored.has_error()) co_return stored.error();
  co_return std::optional{std::move(stored).value()};
}

// Where Slack cannot be asked nothing is said about it; a click will tell.
Task<bool> Refresh::anyone_left(RulesPtr rules, const Site& site, const Reading& reading,
                                SlackUser starter) {
  if (!waits(reading)) co_return true;
  auto barred = site.environment->four_eyes_starter ? std::move(starter) : SlackUser{};
  const auto question = approval_question(*rules, site, reading.facts.ref.pipeline);
  auto left =
      co_await gate_.anyone(std::move(rules), question, std::move(barred), permission::usual);
  co_return left.has_error() || left.value();
}

Task<Result<void>> Refresh::show(RulesPtr rules_held, const Site& site, const Reading& reading,
                                 const ports::Execution& row,
                                 const std::vector<Approval>& approvals) {
  const auto& rules = *rules_held;
  const auto question = approval_question(rules, site, reading.facts.ref.pipeline);
  CardModel model;
  model.place = site.place;
  model.reading = reading;
  model.approvals = approvals;
  model.starter = starter_of(rules, site, row.started_by, reading.facts);
  model.starter_principal = principal_of(reading.facts);
  model.approvers = who_text(rules, *site.account, access::who_may(rules, question));
  if (waits(reading))
    model.timeouts = co_await timeouts_.of(reading.facts.ref.pipeline, reading.facts.version);
  model.anyone_left = co_await anyone_left(rules_held, site, reading, model.starter);
  model.operators = operators_text(rules);
  model.first_entry = row.first_entry;
  model.mode = site.environment->mode;
  model.comment = site.environment->comment;
  model.four_eyes = site.environment->four_eyes_starter;
  model.url = execution_url(rules, reading.facts.ref);
  auto card = draw(model);
  auto shown =
      co_await board_.show(rules, site, reading.facts.ref, std::move(card), priority_of(reading));
  co_return shown;
}

Task<Result<void>> Refresh::again(ExecutionRef ref, Duration after) {
  auto chore = refresh_chore(ref);
  auto queued = co_await jobs_.enqueue(std::move(chore), clock_.now() + after);
  co_return queued;
}

Task<Result<void>> Refresh::bring_up_to_date(RulesPtr rules, const Site& site,
                                             const Reading& reading, const ports::Execution& row) {
  const auto starter = starter_of(*rules, site, row.started_by, reading.facts);
  auto approvals = co_await settle_.run(site, reading, starter);
  if (approvals.has_error()) co_return approvals.error();
  auto shown = co_await show(rules, site, reading, row, approvals.value());
  if (shown.has_error()) co_return shown.error();
  auto told = co_await tell_approvals(*rules, site, reading, approvals.value());
  if (told.has_error() || row.finished) co_return told;
  if (is_final(reading.facts.status)) {
    auto ended = co_await end(site, reading, row, starter, approvals.value());
    co_return ended;
  }
  auto queued = co_await again(row.ref, waits(reading) ? while_waiting : while_running);
  co_return queued;
}

Task<Result<void>> Refresh::run(ExecutionRef ref) {
  const auto rules = rules_.rules();
  const auto site = site_of(*rules, ref.pipeline);
  if (!site) {
    auto hidden = co_await gone_.no_account(rules, ref);
    co_return hidden;
  }
  auto read = co_await client_.read(ref);
  if (read.has_error() && read.error().code == Errc::not_found) {
    auto gone = co_await gone_.not_found(*rules, *site, ref, read.error());
    co_return gone;
  }
  if (read.has_error()) co_return read.error();
  const auto reading = std::move(read).value();
  auto row = co_await followed(*rules, *site, reading);
  if (row.has_error()) co_return row.error();
  if (!row.value()) co_return Result<void>{};
  if (row.value()->missing_since) {
    auto again = co_await deployments_.found_again(ref);
    if (again.has_error()) co_return again;
  }
  auto drawn = co_await bring_up_to_date(rules, *site, reading, *row.value());
  co_return drawn;
}

}  // namespace ringi::pipeline
