#include "tests/unit/server/store/store_fixture.hpp"

#include "server/store/statement.hpp"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace ringi::store {
namespace {

// A schema for each test, chosen by the URL itself.
std::string in_schema(const std::string& url, const std::string& schema) {
  return url + (url.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3D" +
         schema;
}

void on_connection(const std::string& url, const std::string& statement) {
  Connection connection{parse_store_url(url).value(), Access::write};
  connection.ready() << statement;
}

}  // namespace

OpaqueId opaque(int number) {
  auto digits = std::to_string(number);
  return OpaqueId::parse("01J" + std::string(23 - digits.size(), '0') + digits).value();
}

OpaqueId CountingIds::next() {
  return opaque(++last_);
}

ledger::Leaf PlainAppender::leaf(std::int64_t seq, Time, const ports::Entry& entry) const {
  if (entry.kind == "throws") throw std::runtime_error{"the leaf cannot be made"};
  return {seq, R"({"kind":")" + entry.kind + R"(","seq":)" + std::to_string(seq) + "}",
          "leaf" + std::to_string(seq)};
}

ledger::Tail PlainAppender::extend(ledger::Tail tail, const ledger::Leaf& leaf) const {
  return {tail.size + 1, {"left", leaf.hash}};
}

std::string PlainAppender::checkpoint(const ledger::Tail& tail, Time) const {
  return "checkpoint " + std::to_string(tail.size) + " " + tail.frontier.back();
}

void StoreTest::SetUp() {
  static int count = 0;
  const auto name = "ringi_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
  directory_ = testing::TempDir() + name;
  if (GetParam() == Database::sqlite) {
    std::filesystem::create_directories(directory_);
    url_ = "sqlite:" + directory_ + "/ringi.db";
  } else {
    const char* url = std::getenv("RINGI_TEST_POSTGRESQL");
    if (url == nullptr)
      GTEST_SKIP() << "no RINGI_TEST_POSTGRESQL: tests/unit/server/store/with-postgresql sets it";
    on_connection(url, "CREATE SCHEMA " + name);
    url_ = in_schema(url, name);
  }
  reopen();
}

void StoreTest::TearDown() {
  store_.reset();
  if (GetParam() == Database::sqlite) {
    std::filesystem::remove_all(directory_);
  } else if (!url_.empty()) {
    on_connection(std::getenv("RINGI_TEST_POSTGRESQL"),
                  "DROP SCHEMA " + directory_.substr(testing::TempDir().size()) + " CASCADE");
  }
}

Needs StoreTest::needs() {
  return Needs{io_.get_executor(), clock_, &appender_, nullptr, nullptr};
}

Result<std::unique_ptr<Store>> StoreTest::open(OpenMode mode, Limits limits) {
  return open_store(url_, mode, needs(), limits);
}

void StoreTest::reopen(Limits limits) {
  store_.reset();
  auto store = open(OpenMode::serve, limits);
  ASSERT_TRUE(store.has_value()) << store.error().log.text;
  store_ = std::move(*store);
}

void StoreTest::run() {
  io_.restart();
  io_.run();
}

std::int64_t StoreTest::number(const std::string& text) {
  Connection connection{parse_store_url(url_).value(), Access::read};
  return std::get<0>(select<std::tuple<std::int64_t>>(connection.ready(), text).at(0));
}

void StoreTest::change(const std::string& statement) {
  on_connection(url_, statement);
}

Result<ports::Seq> StoreTest::append(const std::string& kind, const std::string& once) {
  ports::Entry entry{.kind = kind, .once = once};
  const auto work = [entry](Transaction& transaction) { return transaction.append(entry); };
  return await(store_->write(work));
}

ExecutionRef some_execution(char last) {
  return {{AccountId::parse("222233334444").value(), Region::parse("ap-northeast-1").value(),
           PipelineName::parse("web").value()},
          ExecutionId::parse(std::string{"9f000000-0000-4000-8000-00000000000"} + last).value()};
}

std::string database_name(const testing::TestParamInfo<Database>& info) {
  return info.param == Database::sqlite ? "SQLite" : "PostgreSQL";
}

}  // namespace ringi::store
