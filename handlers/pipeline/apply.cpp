#include "handlers/pipeline/apply.hpp"

#include "handlers/message/english_decision.hpp"
#include "handlers/pipeline/chores.hpp"

namespace ringi::pipeline {
namespace {

namespace english = message::english;
using ports::Approval;

constexpr Duration between_rounds = std::chrono::minutes{1};

// The summary names the ledger entry: byte for byte the same, it is our own decision.
bool is_ours(const Reading& reading, const Approval& row) {
  const auto* run = latest_run(reading, row.stage, row.action);
  if (run == nullptr || row.summary.empty()) return false;
  return decision_summary(reading, *run) == row.summary || run->summary == row.summary;
}

Chore chore_of(const Delivery& delivery) {
  const auto* chore = std::get_if<Chore>(&delivery.request);
  return chore != nullptr ? *chore : Chore{};
}

message::Message did_not_take_effect(const Site& site, const Ending& ending) {
  switch (ending.state) {
    case Approval::State::expired:
      return english::ended_before(site.place, english::Ended::expired);
    case Approval::State::superseded:
      return english::ended_before(site.place, english::Ended::superseded);
    default:
      return english::overtaken(site.place, ending.principal);
  }
}

bool says_decided(const Error& error) {
  return error.service_code == "InvalidApprovalTokenException" ||
         error.service_code == "ApprovalAlreadyCompletedException";
}

ports::Entry closing(std::string kind, const char* phase, const Delivery& delivery,
                     const Site& site, const Reading& reading, const Approval& row) {
  auto entry = approval_entry(std::move(kind), site, reading, row);
  entry.phase = phase;
  entry.of = row.decided;
  entry.actor = row.decided_by;
  entry.decision = row.verdict == Approval::Verdict::approved ? "approved" : "rejected";
  entry.request = delivery.id.str();
  return entry;
}

}  // namespace

Task<Result<void>> Apply::run(Delivery delivery, OpaqueId approval) {
  const auto rules = rules_.rules();
  auto found = co_await deployments_.approval(approval);
  if (found.has_error()) co_return found.error();
  if (!found.value() || found.value()->state != Approval::State::decided) co_return Result<void>{};
  auto row = *std::move(found).value();
  const auto site = site_of(*rules, row.execution.pipeline);
  if (!site) {
    auto waited = co_await later(
        std::move(delivery), std::move(row),
        error(Errc::denied, "The account of a decided approval belongs to no known environment."));
    co_return waited;
  }
  auto reading = co_await client_.read(row.execution);
  if (reading.has_error()) {
    auto waited = co_await later(std::move(delivery), std::move(row), reading.error());
    co_return waited;
  }
  if (still_waits(reading.value(), row) && site->environment->mode == access::Mode::observe) {
    auto told = english::not_sent(site->place);
    auto kept = co_await give_up(std::move(delivery), *site, std::move(row),
                                 std::move(reading).value(), "observe", std::move(told));
    co_return kept;
  }
  if (still_waits(reading.value(), row)) {
    auto sent =
        co_await send(std::move(delivery), *site, std::move(row), std::move(reading).value());
    co_return sent;
  }
  auto ended =
      co_await found_ended(std::move(delivery), *site, std::move(row), std::move(reading).value());
  co_return ended;
}

Task<Result<void>> Apply::send(Delivery delivery, Site site, Approval row, Reading before) {
  ApprovalResult result{row.execution.pipeline,
                        row.stage,
                        row.action,
                        row.token,
                        row.summary,
                        row.verdict == Approval::Verdict::approved};
  auto answer = co_await client_.decide(std::move(result), row.decided_by.user);
  if (answer.has_value()) {
    auto entry = closing("approval.applied", "done", delivery, site, before, row);
    entry.aws_request = answer.value();
    auto closed = co_await close(std::move(delivery), std::move(row), Approval::State::applied,
                                 std::move(entry), {});
    co_return closed;
  }
  if (is_transient(answer.error().code) || says_decided(answer.error())) {
    auto looked = co_await after_loss(std::move(delivery), site, std::move(row), answer.error());
    co_return looked;
  }
  auto code = code_of(answer.error());
  auto told = english::not_accepted(site.place, code, short_id(delivery.id));
  auto closed = co_await give_up(std::move(delivery), site, std::move(row), std::move(before),
                                 std::move(code), std::move(told));
  co_return closed;
}

// Nothing of the decision is at AWS, and nothing more will be sent.
Task<Result<void>> Apply::give_up(Delivery delivery, Site site, Approval row, Reading reading,
                                  std::string code, message::Message answer) {
  auto entry = closing("approval.failed", "failed", delivery, site, reading, row);
  entry.error = std::move(code);
  auto closed = co_await close(std::move(delivery), std::move(row), Approval::State::failed,
                               std::move(entry), std::move(answer));
  co_return closed;
}

// The answer was lost, or AWS says that the token was used: the state tells which.
Task<Result<void>> Apply::after_loss(Delivery delivery, Site site, Approval row, Error lost) {
  auto reading = co_await client_.read(row.execution);
  if (reading.has_error() || still_waits(reading.value(), row)) {
    auto waited = co_await later(std::move(delivery), std::move(row), std::move(lost));
    co_return waited;
  }
  auto ended =
      co_await found_ended(std::move(delivery), site, std::move(row), std::move(reading).value());
  co_return ended;
}

Task<Result<void>> Apply::found_ended(Delivery delivery, Site site, Approval row, Reading reading) {
  if (is_ours(reading, row)) {
    auto entry = closing("approval.applied", "done", delivery, site, reading, row);
    entry.details["found"] = "by its summary";
    auto closed = co_await close(std::move(delivery), std::move(row), Approval::State::applied,
                                 std::move(entry), {});
    co_return closed;
  }
  const auto ending = ending_of(reading, row);
  if (!ending) {  // the readings do not agree yet: look again
    auto waited = co_await later(
        std::move(delivery), std::move(row),
        error(Errc::unavailable, "AWS does not say yet what became of the approval."));
    co_return waited;
  }
  auto entry = closing("approval.overtaken", "failed", delivery, site, reading, row);
  entry.principal = ending->principal;
  if (!entry.principal.empty())
    entry.actor.reset();  // who acted is AWS's principal; `of` names ours
  entry.details["ended"] = ending->kind.substr(ending->kind.find('.') + 1);
  auto told = did_not_take_effect(site, *ending);
  auto closed = co_await close(std::move(delivery), std::move(row), ending->state, std::move(entry),
                               std::move(told));
  co_return closed;
}

// A decision that the ledger holds is carried out until its token expires: a new round follows the
// last. Whoever decided hears of the first failure.
Task<Result<void>> Apply::later(Delivery delivery, Approval row, Error error) {
  const auto order = chore_of(delivery);
  if (delivery.attempt == 1 && !order.via.channel.empty() && !was_told(order)) {
    auto answer = english::failed_for_now(error, short_id(delivery.id));
    (void)co_await slack_.tell(row.decided_by, order.via, std::move(answer));
  }
  if (is_transient(error.code) && !delivery.last_attempt) co_return error;
  auto chore = apply_chore(row.id, order.via, true);
  auto queued = co_await jobs_.enqueue(std::move(chore), clock_.now() + between_rounds);
  co_return queued;
}

Task<Result<void>> Apply::close(Delivery delivery, Approval row, Approval::State state,
                                ports::Entry entry, std::optional<message::Message> answer) {
  std::optional<Chore> tell;
  if (answer)
    tell = slack_.answer_chore(row.decided_by, chore_of(delivery).via, *std::move(answer));
  auto closed = co_await deployments_.close(row.id, state, std::move(entry), std::move(tell));
  if (closed.has_error()) co_return closed.error();
  auto drawn = co_await refresh_.run(row.execution);
  if (drawn.has_value()) co_return Result<void>{};
  auto chore = refresh_chore(row.execution);
  auto queued = co_await jobs_.enqueue(std::move(chore), clock_.now());
  co_return queued;
}

}  // namespace ringi::pipeline
