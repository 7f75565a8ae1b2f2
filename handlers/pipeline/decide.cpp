#include "handlers/pipeline/decide.hpp"

#include "handlers/message/english_decision.hpp"
#include "handlers/pipeline/chores.hpp"
#include "handlers/pipeline/settle.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

namespace english = message::english;
using ports::Approval;

std::string trimmed(std::string text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool needs_reason(access::Comment comment, Approval::Verdict verdict) {
  if (comment == access::Comment::never) return false;
  return comment == access::Comment::always || verdict == Approval::Verdict::rejected;
}

const char* verdict_name(Approval::Verdict verdict) {
  return verdict == Approval::Verdict::approved ? "approved" : "rejected";
}

// What a row that is decided or closed says to a click that comes too late.
message::Message too_late(const Approval& row) {
  const bool approved = row.verdict == Approval::Verdict::approved;
  switch (row.state) {
    case Approval::State::decided:
    case Approval::State::applied:
      return english::decided_before(approved, row.decided_by.user, row.decided_at);
    case Approval::State::failed:
      return english::decided_in_vain(approved, row.decided_by.user, row.decided_at);
    case Approval::State::expired:
      return english::no_longer_waiting(english::Ended::expired);
    case Approval::State::superseded:
      return english::no_longer_waiting(english::Ended::superseded);
    default:
      return english::no_longer_waiting(english::Ended::in_aws);
  }
}

// The same click again, or its job carried on after a restart: the answer stays the same, whether
// or not AWS has heard of it meanwhile.
bool is_recorded(const Approval& row, const Caller& caller, Approval::Verdict verdict) {
  const bool stands =
      row.state == Approval::State::decided || row.state == Approval::State::applied;
  return stands && row.decided_by.user == caller.user && row.verdict == verdict;
}

std::string once_decided(const std::string& request) {
  return "approval.decided:" + request;
}

english::Sent sent(const Approval& row) {
  return row.state == Approval::State::applied ? english::Sent::done : english::Sent::now;
}

}  // namespace

Task<Result<void>> Decide::clicked(Delivery delivery, Click click, Approval::Verdict verdict) {
  Vote one{click.caller, click.via, click.value, verdict, {}, delivery.id.str()};
  auto done = co_await vote(std::move(one));
  co_return done;
}

Task<Result<void>> Decide::submitted(Delivery delivery, Submission form,
                                     Approval::Verdict verdict) {
  const auto field = form.fields.find("reason");
  auto reason = field == form.fields.end() ? std::string{} : trimmed(field->second);
  Vote one{form.caller, form.via, form.value, verdict, std::move(reason), delivery.id.str()};
  auto done = co_await vote(std::move(one));
  co_return done;
}

Task<Result<bool>> Decide::holds(OpaqueId request) {
  auto known = co_await ledger_.known(once_decided(request.str()));
  if (known.has_error()) co_return known.error();
  co_return known.value().has_value();
}

Task<Result<void>> Decide::tell(const Vote& vote, message::Message answer) {
  auto told = co_await slack_.tell(vote.caller, vote.via, std::move(answer));
  co_return told;
}

// After a crash in the instant of posting a card may stand twice (contract section 3): the copy
// that no row knows goes. Nothing of the decision waits for it.
Task<void> Decide::remove_unknown_copy(const Approval& row, const Via& via) {
  if (!via.message || via.ephemeral || via.channel.empty()) co_return;
  auto key = card_key(row.execution);
  auto known = co_await cards_.find(std::move(key), Duration{0});
  if (known.has_error() || !known.value() || known.value()->channel != via.channel) co_return;
  if (known.value()->ts == *via.message) co_return;
  (void)co_await slack_.remove(via.channel, *via.message);
}

Task<Result<void>> Decide::vote(Vote vote) {
  const auto rules = rules_.rules();
  std::optional<Approval> row;
  if (auto id = OpaqueId::parse(vote.value)) {
    auto found = co_await deployments_.approval(*id);
    if (found.has_error()) co_return found.error();
    row = std::move(found).value();
  }
  const auto site = row ? site_of(*rules, row->execution.pipeline) : std::nullopt;
  if (!row || !site) {
    auto told = co_await tell(vote, english::unknown_button());
    co_return told;
  }
  co_await remove_unknown_copy(*row, vote.via);
  if (row->state != Approval::State::waiting) {
    auto told = co_await tell(vote, is_recorded(*row, vote.caller, vote.verdict)
                                        ? english::recorded(vote.is_approval(), site->place,
                                                            row->action, row->decided, sent(*row))
                                        : too_late(*row));
    co_return told;
  }
  auto weighed = co_await weigh(rules, *site, *std::move(row), std::move(vote));
  co_return weighed;
}

// Slack is asked last: AWS may take its time to answer, and what Slack said would grow old
// meanwhile.
Task<Result<void>> Decide::weigh(RulesPtr rules, Site site, Approval row, Vote vote) {
  auto reading = co_await client_.read(row.execution);
  if (reading.has_error()) co_return reading.error();
  auto known = co_await deployments_.execution(row.execution);
  if (known.has_error()) co_return known.error();
  const auto question =
      question_about(site, access::Action::approve, row.execution.pipeline, vote.via);
  const auto age = site.environment->production ? permission::fresh : permission::usual;
  auto decision = co_await gate_.may(rules, vote.caller.user, question, age);
  if (decision.has_error()) co_return decision.error();
  if (!decision.value().allowed) {
    auto refused =
        co_await refuse(rules, site, std::move(row), std::move(vote), std::move(decision).value());
    co_return refused;
  }
  const auto starter = starter_of(
      *rules, site, known.value() ? known.value()->started_by : SlackUser{}, reading.value().facts);
  if (vote.is_approval() && site.environment->four_eyes_starter && starter == vote.caller.user) {
    auto refused = co_await refuse_own(rules, site, std::move(row), std::move(vote));
    co_return refused;
  }
  if (needs_reason(site.environment->comment, vote.verdict) && vote.reason.empty()) {
    // The card is older than the rule: drawn again, its button opens the form.
    (void)co_await jobs_.enqueue(refresh_chore(row.execution), clock_.now());
    auto told = co_await tell(vote, english::reason_missing());
    co_return told;
  }
  auto settled = co_await settle(site, std::move(row), std::move(vote), std::move(reading).value(),
                                 std::move(decision).value());
  co_return settled;
}

Task<Result<void>> Decide::refuse(RulesPtr rules, Site site, Approval row, Vote vote,
                                  access::Decision decision) {
  const auto question =
      question_about(site, access::Action::approve, row.execution.pipeline, vote.via);
  auto answer = english::refused(refusal_of(*rules, site, question, decision));
  auto denied = co_await deny(site, std::move(row), std::move(vote), decision.reason,
                              decision.because(), std::move(answer));
  co_return denied;
}

Task<Result<void>> Decide::refuse_own(RulesPtr rules, Site site, Approval row, Vote vote) {
  const std::string rule = "environments." + site.environment->name + ".approval.four_eyes";
  const auto question =
      question_about(site, access::Action::approve, row.execution.pipeline, vote.via);
  const auto who = who_text(*rules, *site.account, access::who_may(*rules, question));
  auto answer = english::own_deployment(site.place, rule, who,
                                        why_command(*rules, site, access::Action::approve));
  std::vector<std::string> because{rule};
  auto denied = co_await deny(site, std::move(row), std::move(vote),
                              "four eyes: the starter does not approve", std::move(because),
                              std::move(answer));
  co_return denied;
}

Task<Result<void>> Decide::deny(Site site, Approval row, Vote vote, std::string reason,
                                std::vector<std::string> because, message::Message answer) {
  auto entry = approval_entry("access.denied", site, {}, row);
  entry.actor = vote.caller;
  entry.decision = verdict_name(vote.verdict);
  entry.reason = std::move(reason);
  entry.because = std::move(because);
  entry.via = vote.via;
  entry.request = vote.request;
  entry.once = "access.denied:" + vote.request;
  auto written_down = co_await ledger_.append(std::move(entry));
  if (written_down.has_error()) co_return written_down.error();
  auto told = co_await tell(vote, std::move(answer));
  co_return told;
}

Task<Result<void>> Decide::observe(Site site, Vote vote, ports::Entry entry) {
  entry.phase = "observed";
  entry.once = "approval.observed:" + vote.request;  // never taken for a decision that was meant
  auto written_down = co_await ledger_.append(std::move(entry));
  if (written_down.has_error()) co_return written_down.error();
  auto told = co_await tell(vote, english::would_have(vote.is_approval(), site.place));
  co_return told;
}

// A stale card: says so, and has it drawn again.
Task<Result<void>> Decide::stale(Approval row, Vote vote, const Reading& reading) {
  (void)co_await jobs_.enqueue(refresh_chore(row.execution), clock_.now());
  const auto ended = ending_of(reading, row);
  if (!ended)
    co_return error(Errc::unavailable, "AWS does not say yet whether this approval still waits.");
  row.state = ended->state;
  auto told = co_await tell(vote, too_late(row));
  co_return told;
}

Task<Result<void>> Decide::settle(Site site, Approval row, Vote vote, Reading reading,
                                  access::Decision decision) {
  if (!still_waits(reading, row)) {
    auto told = co_await stale(std::move(row), std::move(vote), reading);
    co_return told;
  }
  auto entry = approval_entry("approval.decided", site, reading, row);
  entry.phase = "intended";
  entry.actor = vote.caller;
  entry.decision = verdict_name(vote.verdict);
  entry.reason = vote.reason;
  entry.because = decision.because();
  entry.via = vote.via;
  entry.request = vote.request;
  entry.once = once_decided(vote.request);
  if (site.environment->mode == access::Mode::observe) {
    auto observed = co_await observe(site, std::move(vote), std::move(entry));
    co_return observed;
  }
  ports::Decision wanted{
      row.id,
      vote.verdict,
      vote.caller,
      vote.reason,
      english::summary(vote.is_approval(), vote.caller.name, vote.caller.user, vote.reason),
      std::move(entry),
      apply_chore(row.id, vote.via)};
  auto decided = co_await deployments_.decide(std::move(wanted));
  if (decided.has_error()) co_return decided.error();
  auto answer = decided.value().won
                    ? english::recorded(vote.is_approval(), site.place, row.action,
                                        decided.value().row.decided, english::Sent::now)
                    : too_late(decided.value().row);
  auto told = co_await tell(vote, std::move(answer));
  co_return told;
}

}  // namespace ringi::pipeline
