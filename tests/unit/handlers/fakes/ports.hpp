#pragma once

#include "handlers/access/rules.hpp"
#include "handlers/ports/accounts.hpp"
#include "handlers/ports/cards.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/deployments.hpp"
#include "handlers/ports/jobs.hpp"
#include "handlers/ports/rules.hpp"
#include "handlers/ports/slack.hpp"
#include "handlers/ports/together.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// The ports in memory, with the promises that their headers make.
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

  ports::Seq put(const ports::Entry& entry);
  Task<Result<ports::Seq>> append(ports::Entry entry) override;
  Task<Result<std::optional<ports::Seq>>> known(std::string once) override;
  Task<Result<std::vector<std::string>>> recent(std::vector<std::string>, int) override;
  Task<Result<std::vector<std::string>>> about(ExecutionRef) override;

  int count(const std::string& kind, const std::string& phase = "*") const;
};

struct FakeJobs : ports::Jobs {
  std::vector<std::pair<Chore, Time>> waiting;
  Task<Result<void>> enqueue(Chore chore, Time at) override;
  Task<Result<Counts>> counts() override;
  bool has(const std::string& kind) const;
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
  void step() const;

  ports::Execution* find(const ExecutionRef& ref);
  ports::Approval* find(const OpaqueId& id);

  Task<Result<ports::Execution>> follow(ports::Execution row) override;
  Task<Result<std::optional<ports::Execution>>> execution(ExecutionRef ref) override;
  Task<Result<std::vector<ports::Execution>>> unfinished() override;
  Task<Result<Time>> missed(ExecutionRef ref, Time now) override;
  Task<Result<void>> found_again(ExecutionRef ref) override;
  Task<Result<void>> finish(ExecutionRef ref, ports::Entry entry) override;
  Task<Result<ports::Approval>> found(ports::NewApproval approval, ports::Entry requested) override;
  Task<Result<std::optional<ports::Approval>>> approval(OpaqueId id) override;
  Task<Result<std::vector<ports::Approval>>> approvals(ExecutionRef ref) override;
  Task<Result<std::vector<ports::Approval>>> open_approvals() override;
  Task<Result<ports::Decided>> decide(ports::Decision decision) override;
  Task<Result<bool>> close(OpaqueId id, ports::Approval::State state, ports::Entry entry,
                           std::optional<Chore> then) override;
  Task<Result<void>> ask(Confirmation confirmation) override;
  Task<Result<std::pair<Taken, Confirmation>>> take(OpaqueId id, SlackUser user,
                                                    OpaqueId by) override;
  Task<Result<void>> give_back(OpaqueId id, OpaqueId by) override;
};

// All at once, as far as each goes without waiting.
struct FakeAccounts : ports::Accounts {
  explicit FakeAccounts(FakeLedger& book, const FakeRules& held) : ledger(book), rules(held) {}
  FakeLedger& ledger;
  const FakeRules& rules;
  std::vector<access::KnownAccount> rows;
  Listing listed;

  Task<Result<std::optional<access::KnownAccount>>> waiting(OpaqueId move) override;
  Task<Result<bool>> agree(OpaqueId move, ports::Entry entry) override;
  Listing listing() const override { return listed; }
};

struct FakeTogether : ports::Together {
  Task<void> each(std::size_t count, std::function<Task<void>(std::size_t)> work) override;
};

struct FakeCards : ports::Cards {
  Fate* fate = nullptr;
  std::map<std::string, message::Message> shown;
  std::map<std::string, SlackChannel> channels;
  std::vector<std::pair<std::string, message::Message>> lines;  // once -> line

  Task<Result<void>> show(std::string key, SlackChannel channel, message::Message card,
                          Priority) override;
  Task<Result<void>> thread(std::string, std::string once, message::Message line) override;
  Task<Result<std::optional<ports::Posted>>> find(std::string key, Duration) override;
};

struct FakeSlack : ports::Slack {
  std::vector<std::pair<SlackUser, message::Message>> told;
  std::vector<MessageTs> removed;
  std::vector<std::string> replaced;
  int deaf = 0;  // so many answers reach nobody
  Task<Result<void>> tell(Caller caller, Via, message::Message answer) override;
  Chore answer_chore(Caller caller, Via, message::Message answer) override;
  Task<Result<void>> replace(Via, message::Message answer) override;
  Task<Result<MessageTs>> say(SlackChannel, std::optional<MessageTs>, message::Message) override;
  Task<Result<void>> remove(SlackChannel, MessageTs ts) override;
  Task<Result<std::string>> permalink(SlackChannel, MessageTs) override;
  std::vector<std::pair<std::string, message::View>> filled;
  bool closed = false;  // the form that is to be filled
  Task<Result<void>> update_view(std::string id, message::View view) override;
  std::string last() const { return told.empty() ? "" : message::json_text(told.back().second); }
};

struct FakeDirectory : ports::Directory {
  std::map<std::string, std::vector<SlackUser>> groups;  // S… -> members
  std::vector<SlackUser> guests;
  std::vector<SlackChannel> shared;
  bool away = false;
  Duration youngest = std::chrono::hours{24};  // the freshest copy that was asked for

  Error gone() const { return error(Errc::unavailable, "Slack does not answer."); }
  Task<Result<ports::Person>> person(SlackUser user, Duration max_age) override;
  Task<Result<std::vector<SlackUser>>> members(SlackGroup group, Duration max_age) override;
  Task<Result<ports::ChannelFacts>> channel(SlackChannel channel, Duration) override;
};

}  // namespace ringi::fakes
