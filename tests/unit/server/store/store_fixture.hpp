#pragma once

#include "handlers/ports/clock.hpp"
#include "server/store/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>

namespace ringi::store {

class FakeClock final : public ports::Clock {
 public:
  Time now() const override { return from_unix_micros(micros_); }
  void advance(Duration by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_ = 1'795'000'000'000'000;
};

class CountingIds final : public ports::Ids {
 public:
  OpaqueId next() override;

 private:
  int last_ = 0;
};

OpaqueId opaque(int number);

// Not the real tree: entries are {"kind":..,"seq":..}, the frontier is the last leaf, a checkpoint
// names the size. What is tested is what the store keeps, and when.
class PlainAppender final : public ledger::Appender {
 public:
  ledger::Leaf leaf(std::int64_t seq, Time time, const ports::Entry& entry) const override;
  ledger::Tail extend(ledger::Tail tail, const ledger::Leaf& leaf) const override;
  std::string checkpoint(const ledger::Tail& tail, Time time) const override;
};

// Each test on an empty SQLite file, and on an empty schema of the PostgreSQL of
// RINGI_TEST_POSTGRESQL.
class StoreTest : public testing::TestWithParam<Database> {
 protected:
  void SetUp() override;
  void TearDown() override;

  Result<std::unique_ptr<Store>> open(OpenMode mode, Limits limits = {});
  void reopen(Limits limits = {});  // as after a restart
  Needs needs();

  template <class T>
  T await(Task<T> task) {
    auto result = asio_spawn(std::move(task));
    run();
    EXPECT_EQ(result.wait_for(std::chrono::seconds{0}), std::future_status::ready)
        << "did not finish";
    return result.get();
  }
  template <class T>
  std::future<T> asio_spawn(Task<T> task) {
    return boost::asio::co_spawn(io_, std::move(task), boost::asio::use_future);
  }
  void run();

  // One number from the database, on a connection of its own.
  std::int64_t number(const std::string& select);
  void change(const std::string& statement);
  Result<ports::Seq> append(const std::string& kind, const std::string& once = {});
  std::int64_t entries() { return number("SELECT COUNT(*) FROM ledger_entries"); }

  boost::asio::io_context io_;
  FakeClock clock_;
  CountingIds ids_;
  PlainAppender appender_;
  std::string url_;
  std::string directory_;
  std::unique_ptr<Store> store_;
};

ExecutionRef some_execution(char last = '0');
std::string database_name(const testing::TestParamInfo<Database>& info);

#define RINGI_ON_BOTH_DATABASES(suite)                                                         \
  INSTANTIATE_TEST_SUITE_P(                                                                    \
      Databases, suite,                                                                        \
      testing::Values(::ringi::store::Database::sqlite, ::ringi::store::Database::postgresql), \
      ::ringi::store::database_name)

}  // namespace ringi::store
