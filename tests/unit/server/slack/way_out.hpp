#pragma once

#include "handlers/access/rules.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/rules.hpp"
#include "handlers/ports/slack.hpp"
#include "server/net/transport.hpp"
#include "server/observe/metrics.hpp"
#include "server/slack/web_api.hpp"
#include "server/store/copies.hpp"
#include "server/store/messages.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

// Small stand-ins for what the way out of Slack touches.
namespace ringi::slack::test {

inline net::Answer answer(int status, std::string body, std::string retry_after = {}) {
  net::Answer made{.status = status, .headers = {}, .body = std::move(body)};
  if (!retry_after.empty()) made.headers.emplace_back("retry-after", std::move(retry_after));
  return made;
}
inline net::Answer ok(const nlohmann::json& more = nlohmann::json::object()) {
  auto body = more;
  body["ok"] = true;
  return answer(200, body.dump());
}
inline net::Answer failed(const std::string& name) {
  return answer(200, nlohmann::json{{"ok", false}, {"error", name}}.dump());
}

// Answers by what the URL ends with: first what is queued, then what always holds, else
// {"ok":true}.
class FakeTransport final : public net::Transport {
 public:
  Task<Result<net::Answer>> send(net::Call call) override {
    calls.push_back(call);
    co_await boost::asio::post(boost::asio::use_awaitable);  // nobody answers before others may ask
    const auto method = call.url.substr(call.url.rfind('/') + 1);
    if (on_call) on_call(method);
    if (const auto wait = std::exchange(wait_once, nullptr)) co_await wait();
    auto& queue = queued[method];
    if (!queue.empty()) {
      auto next = queue.front();
      queue.erase(queue.begin());
      co_return next;
    }
    const auto fixed = always.find(method);
    co_return fixed == always.end() ? Result<net::Answer>{ok()} : fixed->second;
  }

  std::size_t count(const std::string& method) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        calls, [&](const auto& call) { return call.url.ends_with("/" + method); }));
  }
  nlohmann::json last(const std::string& method) const {
    for (auto it = calls.rbegin(); it != calls.rend(); ++it) {
      if (it->url.ends_with("/" + method)) return nlohmann::json::parse(it->body);
    }
    throw std::runtime_error("no call of " + method);
  }

  std::map<std::string, std::vector<Result<net::Answer>>> queued;
  std::map<std::string, Result<net::Answer>> always;
  std::vector<net::Call> calls;
  std::function<void(const std::string&)> on_call;
  std::function<Task<>()> wait_once;
};

class FakeClock final : public ports::Clock {
 public:
  Time now() const override { return time; }
  Time time = from_unix_micros(1'763'780'645'000'000);
};

class FakeCopies final : public store::Copies {
 public:
  explicit FakeCopies(const ports::Clock& clock) : clock_(clock) {}
  Task<Result<std::optional<store::Copy>>> get(std::string kind, std::string key) override {
    const auto found = rows.find({kind, key});
    co_return found == rows.end() ? std::optional<store::Copy>{} : found->second;
  }
  Task<Result<void>> put(std::string kind, std::string key, std::string value) override {
    rows.insert_or_assign({kind, key}, store::Copy{value, clock_.now()});
    co_return Result<void>{};
  }
  Task<Result<void>> drop(std::string kind, std::string key) override {
    rows.erase({kind, key});
    co_return Result<void>{};
  }
  Task<Result<void>> drop_older(std::string, Time) override { co_return Result<void>{}; }
  std::map<std::pair<std::string, std::string>, store::Copy> rows;

 private:
  const ports::Clock& clock_;
};

// As the contract in store/messages.hpp says; rows in the order of their keys within one priority.
class FakeMessages final : public store::Messages {
 public:
  Task<Result<void>> want(std::string key, SlackChannel channel, std::string parent, int priority,
                          std::string body) override {
    auto [at, fresh] = rows.try_emplace(
        key, store::MessageRow{.key = key, .channel = channel, .home = channel, .parent = parent});
    auto& row = at->second;
    const bool moves = row.ts.empty() && row.home != channel;
    if (fresh || row.body != body || moves) ++row.wanted;
    if (moves) row.channel = row.home = channel;
    row.priority = priority;
    row.body = body;
    co_return Result<void>{};
  }
  Task<Result<std::optional<store::MessageRow>>> find(std::string key) override {
    const auto row = rows.find(key);
    co_return row == rows.end() ? std::optional<store::MessageRow>{} : row->second;
  }
  Task<Result<std::vector<store::MessageRow>>> due(int limit) override {
    std::vector<store::MessageRow> due;
    for (const auto& [key, row] : rows) {
      const auto card = rows.find(row.parent);
      const bool waits = card != rows.end() && card->second.ts.empty();
      if (row.shown < row.wanted && !waits) due.push_back(row);
    }
    std::ranges::stable_sort(due, {}, &store::MessageRow::priority);
    if (due.size() > static_cast<std::size_t>(limit)) due.resize(static_cast<std::size_t>(limit));
    if (const auto wait = std::exchange(before_due_answers, nullptr)) co_await wait();
    co_return due;
  }
  Task<Result<void>> shown(std::string key, std::int64_t version,
                           store::Standing standing) override {
    if (full) co_return error(Errc::unavailable, "the disk is full");
    auto& row = rows.at(key);
    row.shown = version;
    row.channel = standing.channel;
    row.ts = standing.ts;
    row.why = standing.why;
    row.failures = row.unanswered = 0;
    co_return Result<void>{};
  }
  Task<Result<void>> repeat(store::MessageRow row) override {
    auto& mine = rows.at(row.key);
    if (mine.shown == row.wanted && mine.wanted == row.wanted) ++mine.wanted;
    co_return Result<void>{};
  }
  Task<Result<void>> lost(std::string key, MessageTs ts) override {
    if (full) co_return error(Errc::unavailable, "the disk is full");
    auto& row = rows.at(key);
    if (row.ts != ts) co_return Result<void>{};
    row.shown = 0;
    row.channel = row.home;
    row.ts = {};
    co_return Result<void>{};
  }
  Task<Result<void>> given_up(std::string key, std::int64_t version, std::string) override {
    if (full) co_return error(Errc::unavailable, "the disk is full");
    rows.at(key).shown = version;
    given_up_keys.push_back(key);
    co_return Result<void>{};
  }
  Task<Result<void>> failed(std::string key, int failures, int unanswered) override {
    if (full) co_return error(Errc::unavailable, "the disk is full");
    rows.at(key).failures = failures;
    rows.at(key).unanswered = unanswered;
    co_return Result<void>{};
  }
  std::map<std::string, store::MessageRow> rows;
  std::vector<std::string> given_up_keys;
  bool full = false;  // reads work, writes do not
  std::function<Task<>()> before_due_answers;
};

class FakeDirectory final : public ports::Directory {
 public:
  Task<Result<ports::Person>> person(SlackUser user, Duration) override {
    co_return ports::Person{.id = user};
  }
  Task<Result<std::vector<SlackUser>>> members(SlackGroup, Duration) override {
    co_return std::vector<SlackUser>{};
  }
  Task<Result<ports::ChannelFacts>> channel(SlackChannel channel, Duration) override {
    ++channels_asked;
    if (failure) co_return *failure;
    co_return ports::ChannelFacts{.id = channel, .externally_shared = channel.str() == "CSHARED"};
  }
  std::optional<Error> failure;  // of every question about a channel
  int channels_asked = 0;
};

class FakeRules final : public ports::CurrentRules {
 public:
  std::shared_ptr<const access::Rules> rules() const override { return value; }
  std::shared_ptr<access::Rules> value = std::make_shared<access::Rules>();
};

// Everything that a test of this side needs, and a way to run a coroutine to its end.
struct World {
  boost::asio::io_context context{1};
  FakeClock clock;
  FakeTransport transport;
  FakeCopies copies{clock};
  FakeDirectory directory;
  FakeRules rules;
  std::vector<Duration> slept;
  Sleep sleep = [this](Duration duration) { return pass_time(duration); };
  std::ostringstream lines;
  observe::Log log = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines));
  observe::Metrics metrics;
  WebApi api{{.transport = transport,
              .options = {.api_url = "http://127.0.0.1:9/api/",
                          .bot_token = config::Secret{"xoxb-very-secret"}},
              .clock = clock,
              .sleep = sleep,
              .chance = [] { return 0.5; },
              .metrics = metrics,
              .log = log}};

  Task<> pass_time(Duration duration) {
    slept.push_back(duration);
    clock.time += duration;
    co_return;
  }

  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    std::exception_ptr failure;
    boost::asio::co_spawn(context, keep(std::move(task), result),
                          [&](std::exception_ptr e) { failure = e; });
    context.restart();
    context.run();
    if (failure) std::rethrow_exception(failure);
    if (!result) throw std::runtime_error("the coroutine did not finish");
    return std::move(*result);
  }

  template <class T>
  static Task<> keep(Task<T> task, std::optional<T>& into) {
    into.emplace(co_await std::move(task));
  }
};

inline SlackChannel channel(const char* id) {
  return SlackChannel::parse(id).value();
}
inline SlackUser user(const char* id) {
  return SlackUser::parse(id).value();
}
inline MessageTs ts(const char* text) {
  return MessageTs::parse(text).value();
}
inline message::Message says(const std::string& text) {
  return {.text = message::plain(text), .blocks = {}};
}

}  // namespace ringi::slack::test
