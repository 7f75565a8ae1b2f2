#pragma once

#include "handlers/ports/clock.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "server/aws/client/client.hpp"
#include "server/net/transport.hpp"
#include "server/observe/metrics.hpp"
#include "server/runtime/tasks.hpp"
#include "server/runtime/timers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <deque>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace ringi::aws::test {

struct FakeClock : ports::Clock {
  Time time = *parse_rfc3339("2026-11-22T03:00:00Z");
  Time now() const override { return time; }
};

// Answers what `reply` says, after letting everyone else run once.
struct FakeTransport : net::Transport {
  std::function<Result<net::Answer>(const net::Call&)> reply;
  std::vector<net::Call> calls;
  std::string slow_host;  // answers 100 ms later than the others

  Task<Result<net::Answer>> send(net::Call call) override {
    calls.push_back(call);
    co_await boost::asio::post(boost::asio::use_awaitable);
    if (!slow_host.empty() && call.url.find(slow_host) != call.url.npos)
      co_await runtime::sleep_for(std::chrono::milliseconds{100});
    co_return reply(call);
  }
};

// Answers one after the other; the last one stays.
inline auto in_turn(std::vector<Result<net::Answer>> answers) {
  return [left = std::deque(answers.begin(), answers.end())](const net::Call&) mutable {
    auto answer = left.front();
    if (left.size() > 1) left.pop_front();
    return answer;
  };
}

inline Result<net::Answer> answer(int status, std::string body,
                                  std::vector<std::pair<std::string, std::string>> headers = {}) {
  return net::Answer{status, std::move(headers), std::move(body)};
}

template <class T>
Task<> keep(Task<T> task, std::optional<T>& out) {
  auto value = co_await std::move(task);
  out.emplace(std::move(value));
}

inline std::string header_of(const net::Call& call, std::string_view name) {
  std::string all;
  for (const auto& [key, value] : call.headers)
    if (key == name) all += (all.empty() ? "" : "|") + value;
  return all;
}

// Everything that a client needs, with no network, no time and no chance.
class World : public testing::Test {
 protected:
  template <class T>
  void start(Task<T> task, std::optional<T>& out) {
    boost::asio::co_spawn(io, keep(std::move(task), out), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  void run_all() {
    io.restart();
    io.run();
  }
  template <class T>
  T run(Task<T> task) {
    std::optional<T> out;
    start(std::move(task), out);
    run_all();
    if (!out) throw std::logic_error("the coroutine did not finish");
    return std::move(*out);
  }
  Client client(Environment environment = {}) {
    ClientWorld parts{transport,
                      clock,
                      metrics,
                      log,
                      [this] { return random; },
                      [] { return std::string{"00000000-0000-4000-8000-000000000000"}; },
                      [this](Duration pause) -> Task<> {
                        pauses.push_back(pause);
                        clock.time += pause;
                        co_return;
                      }};
    return Client{std::move(parts), *Endpoints::make(environment, false)};
  }

  boost::asio::io_context io{1};
  FakeClock clock;
  FakeTransport transport;
  observe::Metrics metrics;
  std::ostringstream logged;
  observe::Log log = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(logged));
  double random = 0.5;
  std::vector<Duration> pauses;
  runtime::TaskGroup tasks{io.get_executor(), [](const std::string& name, std::exception_ptr) {
                             ADD_FAILURE() << name << " failed";
                           }};
};

}  // namespace ringi::aws::test
