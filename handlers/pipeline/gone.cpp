#include "handlers/pipeline/gone.hpp"

#include "handlers/message/english_card.hpp"
#include "handlers/pipeline/card.hpp"
#include "handlers/pipeline/chores.hpp"
#include "handlers/pipeline/settle.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

namespace english = message::english;
using ports::Approval;
using Priority = ports::Cards::Priority;

// AWS's own reads agree within seconds; an hour's outage of theirs answers otherwise.
constexpr Duration until_gone = std::chrono::minutes{10};
constexpr Duration soon = std::chrono::seconds{10}, later = std::chrono::minutes{1};

Reading nothing_but(const ExecutionRef& ref) {
  Reading reading;
  reading.facts.ref = ref;
  return reading;
}

CardModel model_of(message::Place place, const ports::Execution& row,
                   std::vector<Approval> approvals) {
  CardModel model;
  model.place = std::move(place);
  model.reading = nothing_but(row.ref);
  model.approvals = std::move(approvals);
  model.starter = row.started_by;
  model.first_entry = row.first_entry;
  return model;
}

// A decision that never reached AWS failed; what nobody decided was overtaken by what happened.
std::pair<ports::Entry, Approval::State> closing(const Site& site, const Approval& row,
                                                 const Error& why) {
  const bool decided = row.state == Approval::State::decided;
  auto entry = approval_entry(decided ? "approval.failed" : "approval.superseded", site,
                              nothing_but(row.execution), row);
  entry.error = why.service_code;
  entry.details["why"] = "AWS does not know this execution any more";
  if (decided) {
    entry.phase = "failed";
    entry.of = row.decided;
    entry.actor = row.decided_by;
    entry.decision = row.verdict == Approval::Verdict::approved ? "approved" : "rejected";
  }
  return {std::move(entry), decided ? Approval::State::failed : Approval::State::superseded};
}

// Whoever decided is mentioned: the decision did nothing.
SlackUser decided_in_vain(const std::vector<Approval>& approvals) {
  const auto found = std::ranges::find(approvals, Approval::State::failed, &Approval::state);
  return found == approvals.end() ? SlackUser{} : found->decided_by.user;
}

}  // namespace

Task<Result<void>> Gone::not_found(const access::Rules& rules, const Site& site, ExecutionRef ref,
                                   Error why) {
  auto row = co_await deployments_.execution(ref);
  if (row.has_error()) co_return row.error();
  if (!row.value() || row.value()->finished) co_return Result<void>{};  // a hint may name anything
  const auto now = clock_.now();
  auto since = co_await deployments_.missed(ref, now);
  if (since.has_error()) co_return since.error();
  const auto missing = now - since.value();
  if (missing >= until_gone) {
    auto ended = co_await end(rules, site, *std::move(row).value(), std::move(why));
    co_return ended;
  }
  auto chore = refresh_chore(ref);
  auto queued = co_await jobs_.enqueue(std::move(chore), now + (missing < later ? soon : later));
  co_return queued;
}

Task<Result<std::vector<Approval>>> Gone::close_open(const Site& site, const ports::Execution& row,
                                                     const Error& why) {
  auto open = co_await deployments_.approvals(row.ref);
  if (open.has_error()) co_return open;
  for (const auto& one : open.value()) {
    if (one.state != Approval::State::waiting && one.state != Approval::State::decided) continue;
    auto [entry, state] = closing(site, one, why);
    auto closed = co_await deployments_.close(one.id, state, std::move(entry), {});
    if (closed.has_error()) co_return closed.error();
  }
  auto closed = co_await deployments_.approvals(row.ref);
  co_return closed;
}

// Each step can be run again; the row is finished last.
Task<Result<void>> Gone::end(const access::Rules& rules, const Site& site, ports::Execution row,
                             Error why) {
  auto approvals = co_await close_open(site, row, why);
  if (approvals.has_error()) co_return approvals.error();
  const auto in_vain = decided_in_vain(approvals.value());
  auto card = draw_ended(model_of(site.place, row, std::move(approvals).value()),
                         english::gone_from_aws(why.service_code));
  auto shown = co_await board_.show(rules, site, row.ref, std::move(card), Priority::approval);
  if (shown.has_error()) co_return shown;
  auto line = english::has_gone(site.place, row.started_by, in_vain, why.service_code);
  auto told = co_await board_.line(row.ref, "finished", std::move(line));
  if (told.has_error()) co_return told;
  ports::Entry entry;
  entry.kind = "pipeline.finished";
  entry.target = subject_of(site, row.ref);
  entry.started_by = row.started_by;
  entry.details["status"] = "gone";
  entry.error = why.service_code;
  entry.once = "pipeline.finished:" + row.ref.execution.str();
  auto finished = co_await deployments_.finish(row.ref, std::move(entry));
  co_return finished;
}

Task<Result<void>> Gone::no_account(std::shared_ptr<const access::Rules> rules, ExecutionRef ref) {
  auto row = co_await deployments_.execution(ref);
  if (row.has_error()) co_return row.error();
  if (!row.value() || row.value()->finished) co_return Result<void>{};
  const auto& pipeline = ref.pipeline;
  const auto* account = access::find_account(*rules, pipeline.account);
  message::Place place{.pipeline = pipeline.pipeline.str(),
                       .account_name = account == nullptr ? "an unknown account" : account->name,
                       .account = pipeline.account,
                       .environment = "no environment",
                       .region = pipeline.region};
  auto approvals = co_await deployments_.approvals(ref);
  if (approvals.has_error()) co_return approvals.error();
  auto card = draw_ended(model_of(std::move(place), *row.value(), std::move(approvals).value()),
                         english::out_of_reach());
  auto shown = co_await board_.redraw(ref, std::move(card));
  co_return shown;
}

}  // namespace ringi::pipeline
