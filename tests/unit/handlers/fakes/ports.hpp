#pragma once

#include "handlers/access/rules.hpp"
#include "handlers/ports/cards.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/deployments.hpp"
#include "handlers/ports/jobs.hpp"
#include "handlers/ports/rules.hpp"
#include "handlers/ports/slack.hpp"
#include "handlers/ports/together.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

// The ports in memory, with the promises that their headers make. Header-only: every handler room's
// test program includes them.
namespace ringi::fakes {

template <class T>
T run(Task<T> task) {
  boost::asio::io_context context;
  std::optional<T> value;
  std::exception_ptr thrown;
  boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr failure, T result) {
    thrown = failure;
    value = std::move(result);
  });
  context.run();
  if (thrown) std::rethrow_exception(thrown);
  EXPECT_TRUE(value.has_value()) << "the coroutine did not finish";
  return std::move(*value);
}

// The process dies before or after the n-th effect on the outside.
struct Crash {};
struct Fate {
  int left = -1;  // steps until the crash; -1: never
  void step() {
    if (left >= 0 && left-- == 0) throw Crash{};
  }
};

struct FakeClock : ports::Clock {
  Time time = *parse_rfc3339("2026-11-22T12:00:00Z");
  Time now() const override { return time; }
};

struct FakeIds : ports::Ids {
  int count = 0;
  OpaqueId next() override {
    auto digits = std::to_string(++count);
    return *OpaqueId::parse("01JD" + std::string(22 - digits.size(), '0') + digits);
  }
};

struct FakeRules : ports::CurrentRules {
  std::shared_ptr<access::Rules> held = std::make_shared<access::Rules>();
  std::shared_ptr<const access::Rules> rules() const override { return held; }
};

struct FakeLedger : ports::Ledger {
  Fate* fate = nullptr;
  std::vector<ports::Entry> entries;
  int unread = 0;  // so many questions get no answer

  ports::Seq put(const ports::Entry& entry) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (!entry.once.empty() && entries[i].once == entry.once)
        return static_cast<ports::Seq>(i + 1);
    }
    entries.push_back(entry);
    return static_cast<ports::Seq>(entries.size());
  }
  Task<Result<ports::Seq>> append(ports::Entry entry) override {
    if (fate) fate->step();
    const auto seq = put(entry);
    if (fate) fate->step();
    co_return seq;
  }
  Task<Result<std::optional<ports::Seq>>> known(std::string once) override {
    if (unread > 0 && unread-- > 0) co_return error(Errc::unavailable, "The store is away.");
    const auto at = std::ranges::find(entries, once, &ports::Entry::once);
    if (once.empty() || at == entries.end()) co_return std::optional<ports::Seq>{};
    co_return std::optional<ports::Seq>{at - entries.begin() + 1};
  }
  Task<Result<std::vector<std::string>>> recent(std::vector<std::string>, int) override {
    co_return std::vector<std::string>{
        R"({"seq":2,"time":"2026-11-22T03:04:05.678Z","kind":"approval.decided","phase":"intended","decision":"approved",)"
        R"("actor":{"user":"U0123","name":"hanako"},"target":{"account_name":"web-prod","pipeline":"web"}})"};
  }
  Task<Result<std::vector<std::string>>> about(ExecutionRef) override {
    co_return std::vector<std::string>{};
  }

  int count(const std::string& kind, const std::string& phase = "*") const {
    return static_cast<int>(std::ranges::count_if(entries, [&](const ports::Entry& entry) {
      return entry.kind == kind && (phase == "*" || entry.phase == phase);
    }));
  }
};

struct FakeJobs : ports::Jobs {
  std::vector<std::pair<Chore, Time>> waiting;
  Task<Result<void>> enqueue(Chore chore, Time at) override {
    for (auto& [other, when] : waiting) {
      if (other.kind == chore.kind && other.key == chore.key) {
        when = std::min(when, at);
        co_return Result<void>{};
      }
    }
    waiting.emplace_back(std::move(chore), at);
    co_return Result<void>{};
  }
  Task<Result<Counts>> counts() override { co_return Counts{}; }
  bool has(const std::string& kind) const {
    return std::ranges::any_of(waiting, [&](const auto& one) { return one.first.kind == kind; });
  }
};

struct FakeDeployments : ports::Deployments {
  FakeLedger& ledger;
  FakeJobs& jobs;
  FakeClock& clock;
  Fate* fate = nullptr;
  std::vector<ports::Execution> executions;
  std::vector<ports::Approval> rows;
  struct Asked {
    Confirmation confirmation;
    OpaqueId by;
  };
  std::vector<Asked> asked;

  FakeDeployments(FakeLedger& l, FakeJobs& j, FakeClock& c) : ledger(l), jobs(j), clock(c) {}
  void step() const {
    if (fate) fate->step();
  }

  ports::Execution* find(const ExecutionRef& ref) {
    const auto at = std::ranges::find(executions, ref, &ports::Execution::ref);
    return at == executions.end() ? nullptr : &*at;
  }
  ports::Approval* find(const OpaqueId& id) {
    const auto at = std::ranges::find(rows, id, &ports::Approval::id);
    return at == rows.end() ? nullptr : &*at;
  }

  Task<Result<ports::Execution>> follow(ports::Execution row) override {
    step();
    if (find(row.ref) == nullptr) executions.push_back(row);
    auto* known = find(row.ref);
    if (known->started_by.empty()) known->started_by = row.started_by;
    step();
    co_return *known;
  }
  Task<Result<std::optional<ports::Execution>>> execution(ExecutionRef ref) override {
    const auto* known = find(ref);
    co_return known ? std::optional{*known} : std::nullopt;
  }
  Task<Result<std::vector<ports::Execution>>> unfinished() override {
    std::vector<ports::Execution> all;
    std::ranges::copy_if(executions, std::back_inserter(all),
                         [](const auto& row) { return !row.finished; });
    co_return all;
  }
  Task<Result<Time>> missed(ExecutionRef ref, Time now) override {
    step();
    auto* known = find(ref);
    if (known == nullptr) co_return error(Errc::not_found, "not followed");
    if (!known->missing_since) known->missing_since = now;
    step();
    co_return *known->missing_since;
  }
  Task<Result<void>> found_again(ExecutionRef ref) override {
    step();
    if (auto* known = find(ref)) known->missing_since.reset();
    step();
    co_return Result<void>{};
  }
  Task<Result<void>> finish(ExecutionRef ref, ports::Entry entry) override {
    step();
    auto* known = find(ref);
    if (known && !known->finished) ledger.put(entry);
    if (known) known->finished = true;
    step();
    co_return Result<void>{};
  }
  Task<Result<ports::Approval>> found(ports::NewApproval approval,
                                      ports::Entry requested) override {
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
  Task<Result<std::optional<ports::Approval>>> approval(OpaqueId id) override {
    const auto* row = find(id);
    co_return row ? std::optional{*row} : std::nullopt;
  }
  Task<Result<std::vector<ports::Approval>>> approvals(ExecutionRef ref) override {
    std::vector<ports::Approval> all;
    std::ranges::copy_if(rows, std::back_inserter(all),
                         [&](const auto& row) { return row.execution == ref; });
    co_return all;
  }
  Task<Result<std::vector<ports::Approval>>> open_approvals() override {
    using State = ports::Approval::State;
    std::vector<ports::Approval> all;
    std::ranges::copy_if(rows, std::back_inserter(all), [](const auto& row) {
      return row.state == State::waiting || row.state == State::decided;
    });
    co_return all;
  }
  Task<Result<ports::Decided>> decide(ports::Decision decision) override {
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
  Task<Result<bool>> close(OpaqueId id, ports::Approval::State state, ports::Entry entry,
                           std::optional<Chore> then) override {
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
  Task<Result<void>> ask(Confirmation confirmation) override {
    step();
    const auto known = std::ranges::any_of(
        asked, [&](const Asked& one) { return one.confirmation.id == confirmation.id; });
    if (!known) asked.push_back({confirmation, {}});
    step();
    co_return Result<void>{};
  }
  Task<Result<std::pair<Taken, Confirmation>>> take(OpaqueId id, SlackUser user,
                                                    OpaqueId by) override {
    step();
    std::pair<Taken, Confirmation> answer{Taken::unknown, {}};
    for (auto& one : asked) {
      if (one.confirmation.id != id) continue;
      answer.second = one.confirmation;
      answer.first = one.confirmation.user != user     ? Taken::not_yours
                     : !one.by.empty() && one.by != by ? Taken::used_before
                     : one.by.empty() && one.confirmation.expires <= clock.now() ? Taken::expired
                                                                                 : Taken::yes;
      if (answer.first == Taken::yes) one.by = by;
    }
    step();
    co_return answer;
  }
  Task<Result<void>> give_back(OpaqueId id, OpaqueId by) override {
    for (auto& one : asked) {
      if (one.confirmation.id == id && one.by == by) one.by = {};
    }
    co_return Result<void>{};
  }
};

// All at once, as far as each goes without waiting.
struct FakeTogether : ports::Together {
  Task<void> each(std::size_t count, std::function<Task<void>(std::size_t)> work) override {
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
};

struct FakeCards : ports::Cards {
  Fate* fate = nullptr;
  std::map<std::string, message::Message> shown;
  std::map<std::string, SlackChannel> channels;
  std::vector<std::pair<std::string, message::Message>> lines;  // once -> line

  Task<Result<void>> show(std::string key, SlackChannel channel, message::Message card,
                          Priority) override {
    if (fate) fate->step();
    shown[key] = std::move(card);
    channels.try_emplace(key, channel);
    if (fate) fate->step();
    co_return Result<void>{};
  }
  Task<Result<void>> thread(std::string, std::string once, message::Message line) override {
    if (std::ranges::none_of(lines, [&](const auto& one) { return one.first == once; }))
      lines.emplace_back(once, line);
    co_return Result<void>{};
  }
  Task<Result<std::optional<ports::Posted>>> find(std::string key, Duration) override {
    if (!shown.contains(key)) co_return std::optional<ports::Posted>{};
    co_return std::optional{
        ports::Posted{channels.at(key), *MessageTs::parse("1763780645.000100")}};
  }
};

struct FakeSlack : ports::Slack {
  std::vector<std::pair<SlackUser, message::Message>> told;
  std::vector<MessageTs> removed;
  std::vector<std::string> replaced;
  int deaf = 0;  // so many answers reach nobody
  Task<Result<void>> tell(Caller caller, Via, message::Message answer) override {
    if (deaf > 0 && deaf-- > 0) co_return error(Errc::unavailable, "Slack does not answer.");
    told.emplace_back(caller.user, std::move(answer));
    co_return Result<void>{};
  }
  Chore answer_chore(Caller caller, Via, message::Message answer) override {
    return {"answer.late", caller.user.str(), message::json_text(answer)};
  }
  Task<Result<void>> replace(Via, message::Message answer) override {
    replaced.push_back(message::json_text(answer));
    told.emplace_back(SlackUser{}, std::move(answer));
    co_return Result<void>{};
  }
  Task<Result<MessageTs>> say(SlackChannel, std::optional<MessageTs>, message::Message) override {
    co_return *MessageTs::parse("1763780645.000200");
  }
  Task<Result<void>> remove(SlackChannel, MessageTs ts) override {
    removed.push_back(ts);
    co_return Result<void>{};
  }
  Task<Result<std::string>> permalink(SlackChannel, MessageTs) override {
    co_return "https://acme.slack.com/archives/C1/p1";
  }
  std::vector<std::pair<std::string, message::View>> filled;
  bool closed = false;  // the form that is to be filled
  Task<Result<void>> update_view(std::string id, message::View view) override {
    if (closed) co_return error(Errc::not_found, "not_found");
    filled.emplace_back(std::move(id), std::move(view));
    co_return Result<void>{};
  }
  std::string last() const { return told.empty() ? "" : message::json_text(told.back().second); }
};

struct FakeDirectory : ports::Directory {
  std::map<std::string, std::vector<SlackUser>> groups;  // S… -> members
  std::vector<SlackUser> guests;
  std::vector<SlackChannel> shared;
  bool away = false;
  Duration youngest = std::chrono::hours{24};  // the freshest copy that was asked for

  Error gone() const { return error(Errc::unavailable, "Slack does not answer."); }
  Task<Result<ports::Person>> person(SlackUser user, Duration max_age) override {
    youngest = std::min(youngest, max_age);
    if (away) co_return gone();
    const bool guest = std::ranges::find(guests, user) != guests.end();
    co_return ports::Person{user, "somebody", !guest, {}};
  }
  Task<Result<std::vector<SlackUser>>> members(SlackGroup group, Duration max_age) override {
    youngest = std::min(youngest, max_age);
    if (away) co_return gone();
    co_return groups[group.str()];
  }
  Task<Result<ports::ChannelFacts>> channel(SlackChannel channel, Duration) override {
    if (away) co_return gone();
    co_return ports::ChannelFacts{
        channel, "deploys", std::ranges::find(shared, channel) != shared.end(), {}};
  }
};

}  // namespace ringi::fakes
