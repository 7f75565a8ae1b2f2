#include "server/runtime/blocking.hpp"
#include "server/runtime/tasks.hpp"
#include "server/runtime/timers.hpp"
#include "server/runtime/together.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace ringi::runtime {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Runtime : testing::Test {
  asio::io_context context{1};
  asio::thread_pool pool{2};
  std::vector<std::string> failures;
  TaskGroup group{context.get_executor(), [this](const std::string& name, std::exception_ptr) {
                    failures.push_back(name);
                  }};
};

Task<> call_on(asio::thread_pool& pool, std::thread::id& worked, std::thread::id& resumed) {
  auto call = [&] {
    worked = std::this_thread::get_id();
    return 42;
  };
  const int answer = co_await run_blocking(pool, call);
  EXPECT_EQ(answer, 42);
  resumed = std::this_thread::get_id();
}

TEST_F(Runtime, a_blocking_call_runs_on_the_pool_and_returns_to_the_caller) {
  std::thread::id worked, resumed;
  group.spawn("call", call_on(pool, worked, resumed));
  context.run();
  EXPECT_NE(worked, std::this_thread::get_id());
  EXPECT_EQ(resumed, std::this_thread::get_id());
}

Task<> throw_on(asio::thread_pool& pool) {
  auto call = []() -> int { throw std::runtime_error("broken"); };
  co_await run_blocking(pool, call);
}

TEST_F(Runtime, an_exception_on_the_pool_reaches_the_caller_and_is_reported_with_its_name) {
  group.spawn("thrower", throw_on(pool));
  context.run();
  EXPECT_EQ(failures, std::vector<std::string>{"thrower"});
}

Task<> sleep_long(bool& ended) {
  co_await sleep_for(1h);
  ended = true;
}

Task<> stop(TaskGroup& group, bool& waited) {
  group.cancel();
  co_await group.wait();
  waited = true;
}

TEST_F(Runtime, a_group_cancels_and_waits_and_a_cancellation_is_no_failure) {
  bool ended = false, waited = false;
  group.spawn("one", sleep_long(ended));
  group.spawn("two", sleep_long(ended));
  asio::co_spawn(context, stop(group, waited), asio::detached);
  context.run();
  EXPECT_TRUE(waited);
  EXPECT_FALSE(ended);
  EXPECT_EQ(group.size(), 0u);
  EXPECT_TRUE(failures.empty());
}

Task<> wait_for(Bell& bell, int& woken) {
  co_await bell.wait(1h);
  ++woken;
  co_await bell.wait(1ms);
  ++woken;
}

TEST_F(Runtime, a_ring_before_the_wait_is_not_lost_and_patience_ends_a_wait) {
  Bell bell{context.get_executor()};
  int woken = 0;
  bell.ring();
  group.spawn("waiter", wait_for(bell, woken));
  context.run();
  EXPECT_EQ(woken, 2);
}

struct Seen {
  int now = 0, most = 0, ended = 0;
};

Task<> look(Seen& seen, Duration takes) {
  seen.most = std::max(seen.most, ++seen.now);
  co_await sleep_for(takes);
  --seen.now;
  ++seen.ended;
}

TEST_F(Runtime, together_does_all_side_by_side_but_never_more_than_its_bound) {
  Together together{4};
  Seen seen;
  const auto work = [&](std::size_t) { return look(seen, 1ms); };
  group.spawn("ten", together.each(10, work));
  group.spawn("none", together.each(0, work));
  context.run();
  EXPECT_EQ(seen.ended, 10);
  EXPECT_EQ(seen.most, 4);
}

TEST_F(Runtime, together_lets_nobody_wait_for_a_slow_one) {
  Together together{2};
  Seen seen;
  bool slow_over = false;
  int before_slow = 0;
  const auto slow = [&]() -> Task<> {
    while (seen.ended < 9) co_await sleep_for(0ms);
    before_slow = seen.ended;
    slow_over = true;
  };
  const auto work = [&](std::size_t i) { return i == 0 ? slow() : look(seen, 0ms); };
  group.spawn("ten", together.each(10, work));
  context.run();
  EXPECT_TRUE(slow_over);
  EXPECT_EQ(before_slow, 9);
}

TEST_F(Runtime, together_that_is_cancelled_ends_what_has_begun_before_it_returns) {
  Together together{3};
  Seen seen;
  std::size_t begun = 0;
  const auto work = [&](std::size_t) {
    ++begun;
    return look(seen, 1h);
  };
  bool waited = false;
  group.spawn("long", together.each(10, work));
  asio::co_spawn(context, stop(group, waited), asio::detached);
  context.run();
  EXPECT_TRUE(waited);
  EXPECT_EQ(begun, 3U);
  EXPECT_EQ(seen.ended, 0);
  EXPECT_TRUE(failures.empty());
}

Task<> fail_at(std::size_t i, Seen& seen) {
  if (i == 1) throw std::runtime_error{"the second"};
  co_await look(seen, 1h);
}

TEST_F(Runtime, together_passes_an_exception_on_and_ends_the_others) {
  Together together{3};
  Seen seen;
  const auto work = [&](std::size_t i) { return fail_at(i, seen); };
  group.spawn("broken", together.each(10, work));
  context.run();
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(seen.ended, 0);
  EXPECT_LE(seen.most, 3);
}

}  // namespace
}  // namespace ringi::runtime
