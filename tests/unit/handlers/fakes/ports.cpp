#include "tests/unit/handlers/fakes/ports.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>

namespace ringi::fakes {

ports::Seq FakeLedger::put(const ports::Entry& entry) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entry.once.empty() && entries[i].once == entry.once) return static_cast<ports::Seq>(i + 1);
  }
  entries.push_back(entry);
  return static_cast<ports::Seq>(entries.size());
}

Task<Result<ports::Seq>> FakeLedger::append(ports::Entry entry) {
  if (fate) fate->step();
  const auto seq = put(entry);
  if (fate) fate->step();
  co_return seq;
}

Task<Result<std::optional<ports::Seq>>> FakeLedger::known(std::string once) {
  if (unread > 0 && unread-- > 0) co_return error(Errc::unavailable, "The store is away.");
  const auto at = std::ranges::find(entries, once, &ports::Entry::once);
  if (once.empty() || at == entries.end()) co_return std::optional<ports::Seq>{};
  co_return std::optional<ports::Seq>{at - entries.begin() + 1};
}

Task<Result<std::vector<std::string>>> FakeLedger::recent(std::vector<std::string>, int) {
  co_return std::vector<std::string>{
      R"({"seq":2,"time":"2026-11-22T03:04:05.678Z","kind":"approval.decided","phase":"intended","decision":"approved",)"
      R"("actor":{"user":"U0123","name":"hanako"},"target":{"account_name":"web-prod","pipeline":"web"}})"};
}

Task<Result<std::vector<std::string>>> FakeLedger::about(ExecutionRef) {
  co_return std::vector<std::string>{};
}

int FakeLedger::count(const std::string& kind, const std::string& phase) const {
  return static_cast<int>(std::ranges::count_if(entries, [&](const ports::Entry& entry) {
    return entry.kind == kind && (phase == "*" || entry.phase == phase);
  }));
}

Task<Result<void>> FakeJobs::enqueue(Chore chore, Time at) {
  for (auto& [other, when] : waiting) {
    if (other.kind == chore.kind && other.key == chore.key) {
      when = std::min(when, at);
      co_return Result<void>{};
    }
  }
  waiting.emplace_back(std::move(chore), at);
  co_return Result<void>{};
}

Task<Result<ports::Jobs::Counts>> FakeJobs::counts() {
  co_return Counts{};
}

bool FakeJobs::has(const std::string& kind) const {
  return std::ranges::any_of(waiting, [&](const auto& one) { return one.first.kind == kind; });
}

void FakeDeployments::step() const {
  if (fate) fate->step();
}

ports::Execution* FakeDeployments::find(const ExecutionRef& ref) {
  const auto at = std::ranges::find(executions, ref, &ports::Execution::ref);
  return at == executions.end() ? nullptr : &*at;
}

ports::Approval* FakeDeployments::find(const OpaqueId& id) {
  const auto at = std::ranges::find(rows, id, &ports::Approval::id);
  return at == rows.end() ? nullptr : &*at;
}

Task<Result<ports::Execution>> FakeDeployments::follow(ports::Execution row) {
  step();
  if (find(row.ref) == nullptr) executions.push_back(row);
  auto* known = find(row.ref);
  if (known->started_by.empty()) known->started_by = row.started_by;
  step();
  co_return *known;
}

Task<Result<std::optional<ports::Execution>>> FakeDeployments::execution(ExecutionRef ref) {
  const auto* known = find(ref);
  co_return known ? std::optional{*known} : std::nullopt;
}

Task<Result<std::vector<ports::Execution>>> FakeDeployments::unfinished() {
  std::vector<ports::Execution> all;
  std::ranges::copy_if(executions, std::back_inserter(all),
                       [](const auto& row) { return !row.finished; });
  co_return all;
}

Task<Result<Time>> FakeDeployments::missed(ExecutionRef ref, Time now) {
  step();
  auto* known = find(ref);
  if (known == nullptr) co_return error(Errc::not_found, "not followed");
  if (!known->missing_since) known->missing_since = now;
  step();
  co_return *known->missing_since;
}

Task<Result<void>> FakeDeployments::found_again(ExecutionRef ref) {
  step();
  if (auto* known = find(ref)) known->missing_since.reset();
  step();
  co_return Result<void>{};
}

Task<Result<void>> FakeDeployments::finish(ExecutionRef ref, ports::Entry entry) {
  step();
  auto* known = find(ref);
  if (known && !known->finished) ledger.put(entry);
  if (known) known->finished = true;
  step();
  co_return Result<void>{};
}

Task<Result<ports::Approval>> FakeDeployments::found(ports::NewApproval approval,
                                                     ports::Entry requested) {
  step();
  for (const auto& row : rows) {
    if (row.token == approval.token) co_return row;
  }
  ports::Approval row{.id = approval.id,
                      .execution = approval.execution,
                      .stage = approval.stage,
                      .action = approval.action,
                      .token = approval.token};
  row.requested = ledger.put(requested);
  row.found = clock.now();
  rows.push_back(row);
  step();
  co_return row;
}

Task<Result<std::optional<ports::Approval>>> FakeDeployments::approval(OpaqueId id) {
  const auto* row = find(id);
  co_return row ? std::optional{*row} : std::nullopt;
}

Task<Result<std::vector<ports::Approval>>> FakeDeployments::approvals(ExecutionRef ref) {
  std::vector<ports::Approval> all;
  std::ranges::copy_if(rows, std::back_inserter(all),
                       [&](const auto& row) { return row.execution == ref; });
  co_return all;
}

Task<Result<std::vector<ports::Approval>>> FakeDeployments::open_approvals() {
  using State = ports::Approval::State;
  std::vector<ports::Approval> all;
  std::ranges::copy_if(rows, std::back_inserter(all), [](const auto& row) {
    return row.state == State::waiting || row.state == State::decided;
  });
  co_return all;
}

Task<Result<ports::Decided>> FakeDeployments::decide(ports::Decision decision) {
  step();
  auto* row = find(decision.approval);
  const bool won = row->state == ports::Approval::State::waiting;
  if (won) {
    row->state = ports::Approval::State::decided;
    row->verdict = decision.verdict;
    row->decided_by = decision.by;
    row->decided_at = clock.now();
    row->reason = decision.reason;
    row->decided = ledger.put(decision.entry);
    row->summary = decision.summary_prefix + " (ringi #" + std::to_string(row->decided) + ")";
    jobs.waiting.emplace_back(decision.apply, clock.now());
  }
  step();
  co_return ports::Decided{won, *row};
}

Task<Result<bool>> FakeDeployments::close(OpaqueId id, ports::Approval::State state,
                                          ports::Entry entry, std::optional<Chore> then) {
  using State = ports::Approval::State;
  step();
  auto* row = find(id);
  const bool open = row->state == (entry.of ? State::decided : State::waiting);
  if (open) {
    row->state = state;
    ledger.put(entry);
    if (then) jobs.waiting.emplace_back(*then, clock.now());
  }
  step();
  co_return open;
}

Task<Result<void>> FakeDeployments::ask(Confirmation confirmation) {
  step();
  const auto known = std::ranges::any_of(
      asked, [&](const Asked& one) { return one.confirmation.id == confirmation.id; });
  if (!known) asked.push_back({confirmation, {}});
  step();
  co_return Result<void>{};
}

Task<Result<std::pair<ports::Deployments::Taken, ports::Deployments::Confirmation>>>
FakeDeployments::take(OpaqueId id, SlackUser user, OpaqueId by) {
  step();
  std::pair<Taken, Confirmation> answer{Taken::unknown, {}};
  for (auto& one : asked) {
    if (one.confirmation.id != id) continue;
    answer.second = one.confirmation;
    answer.first = one.confirmation.user != user                               ? Taken::not_yours
                   : !one.by.empty() && one.by != by                           ? Taken::used_before
                   : one.by.empty() && one.confirmation.expires <= clock.now() ? Taken::expired
                                                                               : Taken::yes;
    if (answer.first == Taken::yes) one.by = by;
  }
  step();
  co_return answer;
}

Task<Result<void>> FakeDeployments::give_back(OpaqueId id, OpaqueId by) {
  for (auto& one : asked) {
    if (one.confirmation.id == id && one.by == by) one.by = {};
  }
  co_return Result<void>{};
}

Task<Result<std::optional<access::KnownAccount>>> FakeAccounts::waiting(OpaqueId move) {
  const auto found = std::ranges::find(rows, move, &access::KnownAccount::move);
  if (found == rows.end()) co_return std::optional<access::KnownAccount>{};
  co_return std::optional{*found};
}

Task<Result<bool>> FakeAccounts::agree(OpaqueId move, ports::Entry entry) {
  const auto found = std::ranges::find(rows, move, &access::KnownAccount::move);
  if (found == rows.end()) co_return false;
  *found = access::moved(*found, rules.held->environments);
  ledger.put(entry);
  co_return true;
}

Task<void> FakeTogether::each(std::size_t count, std::function<Task<void>(std::size_t)> work) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer over{executor, boost::asio::steady_timer::time_point::max()};
  std::size_t left = count;
  std::exception_ptr thrown;
  const auto ended = [&](std::exception_ptr failure) {
    if (failure) thrown = failure;
    if (--left == 0) over.cancel();
  };
  for (std::size_t i = 0; i < count; ++i) boost::asio::co_spawn(executor, work(i), ended);
  boost::system::error_code woken;
  if (left > 0)
    co_await over.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  if (thrown) std::rethrow_exception(thrown);
}

Task<Result<void>> FakeCards::show(std::string key, SlackChannel channel, message::Message card,
                                   Priority) {
  if (fate) fate->step();
  shown[key] = std::move(card);
  channels.try_emplace(key, channel);
  if (fate) fate->step();
  co_return Result<void>{};
}

Task<Result<void>> FakeCards::thread(std::string, std::string once, message::Message line) {
  if (std::ranges::none_of(lines, [&](const auto& one) { return one.first == once; }))
    lines.emplace_back(once, line);
  co_return Result<void>{};
}

Task<Result<std::optional<ports::Posted>>> FakeCards::find(std::string key, Duration) {
  if (!shown.contains(key)) co_return std::optional<ports::Posted>{};
  co_return std::optional{ports::Posted{channels.at(key), *MessageTs::parse("1763780645.000100")}};
}

Task<Result<void>> FakeSlack::tell(Caller caller, Via, message::Message answer) {
  if (deaf > 0 && deaf-- > 0) co_return error(Errc::unavailable, "Slack does not answer.");
  told.emplace_back(caller.user, std::move(answer));
  co_return Result<void>{};
}

Chore FakeSlack::answer_chore(Caller caller, Via, message::Message answer) {
  return {"answer.late", caller.user.str(), message::json_text(answer)};
}

Task<Result<void>> FakeSlack::replace(Via, message::Message answer) {
  replaced.push_back(message::json_text(answer));
  told.emplace_back(SlackUser{}, std::move(answer));
  co_return Result<void>{};
}

Task<Result<MessageTs>> FakeSlack::say(SlackChannel, std::optional<MessageTs>, message::Message) {
  co_return *MessageTs::parse("1763780645.000200");
}

Task<Result<void>> FakeSlack::remove(SlackChannel, MessageTs ts) {
  removed.push_back(ts);
  co_return Result<void>{};
}

Task<Result<std::string>> FakeSlack::permalink(SlackChannel, MessageTs) {
  co_return "https://acme.slack.com/archives/C1/p1";
}

Task<Result<void>> FakeSlack::update_view(std::string id, message::View view) {
  if (closed) co_return error(Errc::not_found, "not_found");
  filled.emplace_back(std::move(id), std::move(view));
  co_return Result<void>{};
}

Task<Result<ports::Person>> FakeDirectory::person(SlackUser user, Duration max_age) {
  youngest = std::min(youngest, max_age);
  if (away) co_return gone();
  const bool guest = std::ranges::find(guests, user) != guests.end();
  co_return ports::Person{user, "somebody", !guest, {}};
}

Task<Result<std::vector<SlackUser>>> FakeDirectory::members(SlackGroup group, Duration max_age) {
  youngest = std::min(youngest, max_age);
  if (away) co_return gone();
  co_return groups[group.str()];
}

Task<Result<ports::ChannelFacts>> FakeDirectory::channel(SlackChannel channel, Duration) {
  if (away) co_return gone();
  co_return ports::ChannelFacts{
      channel, "deploys", std::ranges::find(shared, channel) != shared.end(), {}};
}

}  // namespace ringi::fakes
