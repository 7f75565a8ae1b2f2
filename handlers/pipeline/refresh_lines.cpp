// What stands in the thread below a card, and how an execution ends.
#include "handlers/message/english_card.hpp"
#include "handlers/pipeline/card.hpp"
#include "handlers/pipeline/chores.hpp"
#include "handlers/pipeline/refresh.hpp"

namespace ringi::pipeline {
namespace {

namespace english = message::english;
using ports::Approval;

SlackUser approver_of(const std::vector<Approval>& approvals) {
  for (const auto& row : approvals) {
    if (row.state == Approval::State::applied && row.verdict == Approval::Verdict::approved)
      return row.decided_by.user;
  }
  return {};
}

message::Text end_line(const Site& site, const Reading& reading, const SlackUser& starter,
                       const SlackUser& approver) {
  if (reading.facts.status == Status::succeeded)
    return english::is_live(site.place, took(reading), approver);
  if (reading.facts.status != Status::failed)
    return english::has_ended(site.place, end_name(reading.facts.status));
  const auto* run = failed_run(reading);
  if (run == nullptr)
    return english::has_failed(site.place, starter, {}, reading.facts.status_summary, {});
  const auto& why = run->error_message.empty() ? run->summary : run->error_message;
  return english::has_failed(site.place, starter, run->stage + "/" + run->action, why, run->url);
}

}  // namespace

Task<Result<void>> Refresh::tell_approvals(const access::Rules& rules, const Site& site,
                                           const Reading& reading,
                                           const std::vector<Approval>& approvals) {
  const auto question = approval_question(rules, site, reading.facts.ref.pipeline);
  const auto approvers = who_text(rules, *site.account, access::who_may(rules, question));
  for (const auto& row : approvals) {
    Result<void> told;
    if (row.state == Approval::State::waiting) {
      auto line = english::needs_approval(approvers, site.place, row.action);
      auto once = "needs:" + row.id.str();
      told = co_await board_.line(reading.facts.ref, std::move(once), std::move(line));
    } else if (row.state == Approval::State::applied) {
      const bool approved = row.verdict == Approval::Verdict::approved;
      auto line = english::decided_line(approved, row.decided_by.user, row.action, row.reason);
      auto once = "decided:" + row.id.str();
      told = co_await board_.line(reading.facts.ref, std::move(once), std::move(line));
    } else if (row.state == Approval::State::decided) {
      told = co_await jobs_.enqueue(apply_chore(row.id), clock_.now());
    }
    if (told.has_error()) co_return told.error();
  }
  co_return Result<void>{};
}

Task<Result<void>> Refresh::end(const Site& site, const Reading& reading,
                                const ports::Execution& row, SlackUser starter,
                                const std::vector<Approval>& approvals) {
  const auto approver = approver_of(approvals);
  auto line = end_line(site, reading, starter, approver);
  auto told = co_await board_.line(reading.facts.ref, "finished", std::move(line));
  if (told.has_error()) co_return told.error();
  ports::Entry entry;
  entry.kind = "pipeline.finished";
  entry.target = subject_of(site, reading.facts.ref);
  for (const auto& one : reading.facts.revisions)
    entry.target->revisions.push_back({one.name, one.id});
  entry.started_by = row.started_by.empty() ? starter : row.started_by;
  entry.details["status"] = end_name(reading.facts.status);
  if (const auto* run = failed_run(reading);
      run != nullptr && reading.facts.status == Status::failed) {
    entry.details["failed"] = run->stage + "/" + run->action;
    entry.error = run->error_code;
  }
  entry.once = "pipeline.finished:" + reading.facts.ref.execution.str();
  auto finished = co_await deployments_.finish(reading.facts.ref, std::move(entry));
  co_return finished;
}

}  // namespace ringi::pipeline
