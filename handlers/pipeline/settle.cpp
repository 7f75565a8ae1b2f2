#include "handlers/pipeline/settle.hpp"

#include "handlers/pipeline/fingerprint.hpp"

namespace ringi::pipeline {
namespace {

using ports::Approval;

Ending superseded() {
  return {Approval::State::superseded, "approval.superseded", {}, {}};
}

}  // namespace

bool still_waits(const Reading& reading, const Approval& row) {
  const auto* run = latest_run(reading, row.stage, row.action);
  return run != nullptr && waiting_token(reading, *run) == row.token;
}

std::optional<Ending> ending_of(const Reading& reading, const Approval& row) {
  const auto* run = latest_run(reading, row.stage, row.action);
  if (run == nullptr)
    return is_final(reading.facts.status) ? std::optional{superseded()} : std::nullopt;
  const auto waiting = waiting_token(reading, *run);
  if (waiting == row.token) return std::nullopt;
  if (!waiting.empty() || run->status == Status::abandoned) return superseded();
  if (run->status == Status::in_progress)
    return is_final(reading.facts.status) ? std::optional{superseded()} : std::nullopt;
  const auto principal = decision_principal(reading, *run);
  if (run->status == Status::succeeded)
    return Ending{Approval::State::overtaken, "approval.overtaken", principal, "approved"};
  if (run->status != Status::failed) return std::nullopt;
  if (principal.empty()) return Ending{Approval::State::expired, "approval.expired", {}, {}};
  return Ending{Approval::State::overtaken, "approval.overtaken", principal, "rejected"};
}

ports::Entry approval_entry(std::string kind, const Site& site, const Reading& reading,
                            const Approval& row) {
  ports::Entry entry;
  entry.kind = std::move(kind);
  auto subject = subject_of(site, row.execution);
  subject.stage = row.stage;
  subject.action = row.action;
  subject.token = fingerprint(row.token);
  for (const auto& revision : reading.facts.revisions)
    subject.revisions.push_back({revision.name, revision.id});
  entry.target = std::move(subject);
  entry.once = entry.kind + ":" + row.id.str();
  return entry;
}

Task<Result<void>> Settle::add_waiting(const Site& site, const Reading& reading,
                                       SlackUser starter) {
  for (const auto& run : reading.runs) {
    auto token = waiting_token(reading, run);
    if (token.empty() || latest_run(reading, run.stage, run.action) != &run) continue;
    Approval row;
    row.id = ids_.next();
    row.execution = reading.facts.ref;
    row.stage = run.stage;
    row.action = run.action;
    row.token = token;
    auto entry = approval_entry("approval.requested", site, reading, row);
    entry.started_by = starter;
    entry.once = "approval.requested:" + fingerprint(token);
    ports::NewApproval found{row.id, row.execution, row.stage, row.action, std::move(token)};
    auto stored = co_await deployments_.found(std::move(found), std::move(entry));
    if (stored.has_error()) co_return stored.error();
  }
  co_return Result<void>{};
}

Task<Result<bool>> Settle::close_ended(const Site& site, const Reading& reading,
                                       const std::vector<Approval>& rows) {
  bool any = false;
  for (const auto& row : rows) {
    if (row.state != Approval::State::waiting) continue;
    const auto ending = ending_of(reading, row);
    if (!ending) continue;
    auto entry = approval_entry(ending->kind, site, reading, row);
    entry.principal = ending->principal;
    entry.decision = ending->verdict;
    auto closed = co_await deployments_.close(row.id, ending->state, std::move(entry), {});
    if (closed.has_error()) co_return closed.error();
    any = true;
  }
  co_return any;
}

Task<Result<std::vector<Approval>>> Settle::run(const Site& site, const Reading& reading,
                                                SlackUser starter) {
  auto added = co_await add_waiting(site, reading, std::move(starter));
  if (added.has_error()) co_return added.error();
  auto rows = co_await deployments_.approvals(reading.facts.ref);
  if (rows.has_error()) co_return rows.error();
  auto closed = co_await close_ended(site, reading, rows.value());
  if (closed.has_error()) co_return closed.error();
  if (!closed.value()) co_return rows;
  auto again = co_await deployments_.approvals(reading.facts.ref);
  co_return again;
}

}  // namespace ringi::pipeline
