#include "server/store/store.hpp"

#include "server/store/ledger_reader.hpp"
#include "server/store/statement.hpp"
#include "tests/unit/server/store/own_vfs.hpp"
#include "tests/unit/server/store/store_fixture.hpp"

#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace ringi::store {
namespace {

class GroupCommit : public StoreTest {};
class OpenStore : public StoreTest {
 protected:
  // PostgreSQL ends every session but the asking one, and each is gone when this returns.
  void end_sessions() {
    const std::string others{
        " FROM pg_stat_activity WHERE application_name = 'ringi'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"};
    change("SELECT pg_terminate_backend(pid)" + others);
    while (number("SELECT COUNT(*)" + others) > 0) std::this_thread::yield();
  }
};

std::function<void()> let_go;

int let_go_at_once(sqlite3_vfs*, int micros) {
  if (let_go) std::exchange(let_go, nullptr)();
  return micros;
}

// Whoever would sleep until SQLite's file is free frees it.
class HeldFile : public StoreTest {
 protected:
  HeldFile() { vfs_->xSleep = let_go_at_once; }

 private:
  OwnVfs vfs_;
};

Transaction::Work appending(const std::string& kind, bool then_fail) {
  return [=](Transaction& transaction) -> Result<void> {
    const auto seq = transaction.append({.kind = kind});
    if (seq.has_error()) return seq.error();
    if (then_fail) return error(Errc::conflict, "no");
    return {};
  };
}

// Keeps the writer busy until the test lets it go, so that what follows shares one commit.
struct Gate {
  std::promise<void> opened;
  std::shared_future<void> open{opened.get_future()};
  std::promise<void> entered;
  Transaction::Work work() {
    return [this, gate = open](Transaction&) -> Result<void> {
      entered.set_value();
      gate.wait();
      return {};
    };
  }
};

TEST_P(GroupCommit, GivesEachCallerItsOwnResult) {
  Gate gate;
  store_->writer().post(gate.work());
  gate.entered.get_future().wait();
  std::vector<std::future<Result<void>>> results;
  for (int i = 0; i < 20; ++i)
    results.push_back(asio_spawn(store_->writer().submit(appending("k", i % 3 == 0), {})));
  io_.restart();
  io_.poll();
  gate.opened.set_value();
  run();
  std::int64_t kept = 0;
  for (int i = 0; i < 20; ++i) {
    const auto result = results[static_cast<std::size_t>(i)].get();
    EXPECT_EQ(result.has_error(), i % 3 == 0) << i;
    if (result.has_value()) ++kept;
  }
  EXPECT_EQ(entries(), kept);
  EXPECT_EQ(number("SELECT MAX(seq) FROM ledger_entries"), kept) << "no gaps";
  EXPECT_EQ(number("SELECT size FROM ledger_tail"), kept);
  EXPECT_EQ(number("SELECT COUNT(*) FROM checkpoints"), 1) << "one for the commit";
}

TEST_P(GroupCommit, LeavesTheTailWhereItWasWhenAWriteFails) {
  ASSERT_EQ(append("first").value(), 1);
  EXPECT_TRUE(await(store_->writer().submit(appending("k", true), {})).has_error());
  EXPECT_TRUE(append("throws").has_error());
  EXPECT_EQ(number("SELECT size FROM ledger_tail"), 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM checkpoints"), 1);
  EXPECT_EQ(append("second").value(), 2);
}

TEST_P(GroupCommit, SurvivesABrokenStatementAmongGoodOnes) {
  Gate gate;
  store_->writer().post(gate.work());
  gate.entered.get_future().wait();
  const Transaction::Work broken = [](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(), "SELECT secret_value FROM nowhere");
    return {};
  };
  auto before = asio_spawn(store_->writer().submit(appending("k", false), {}));
  auto bad = asio_spawn(store_->writer().submit(broken, {}));
  auto after = asio_spawn(store_->writer().submit(appending("k", false), {}));
  io_.restart();
  io_.poll();
  gate.opened.set_value();
  run();
  EXPECT_TRUE(before.get().has_value());
  EXPECT_TRUE(after.get().has_value());
  const auto failure = bad.get();
  EXPECT_EQ(failure.error().code, Errc::internal);
  EXPECT_EQ(failure.error().log.text.find("secret_value"), std::string::npos);
  EXPECT_EQ(entries(), 2);
}

TEST_P(GroupCommit, TellsAllWhenTheCommitIsLost) {
  const Transaction::Work lost = [](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(), "ROLLBACK");  // what a full disk does to SQLite by itself
    return error(Errc::conflict, "no");
  };
  Gate gate;
  store_->writer().post(gate.work());
  gate.entered.get_future().wait();
  auto good = asio_spawn(store_->writer().submit(appending("k", false), {}));
  auto bad = asio_spawn(store_->writer().submit(lost, {}));
  io_.restart();
  io_.poll();
  gate.opened.set_value();
  run();
  EXPECT_EQ(good.get().error().code, Errc::unavailable);
  EXPECT_EQ(bad.get().error().code, Errc::unavailable);
  EXPECT_EQ(entries(), 0);
  EXPECT_EQ(append("k").value(), 1) << "and goes on afterwards";
}

TEST_P(GroupCommit, WithdrawsWhatIsNotBegunInTime) {
  reopen({.patience = std::chrono::milliseconds{20}});
  Gate gate;
  int late = 0;
  auto begun = asio_spawn(store_->writer().submit(gate.work(), [&] { ++late; }));
  io_.restart();
  io_.poll();
  gate.entered.get_future().wait();
  auto waiting =
      asio_spawn(store_->writer().submit(appending("withdrawn", false), [&] { late += 10; }));
  run();
  EXPECT_EQ(begun.get().error().code, Errc::unavailable);
  EXPECT_EQ(waiting.get().error().code, Errc::unavailable);
  gate.opened.set_value();
  store_.reset();
  run();
  EXPECT_EQ(late, 1) << "the withdrawn one is not late";
  reopen();
  EXPECT_EQ(entries(), 0);
}

TEST_P(GroupCommit, RefusesWhatDoesNotFitIntoTheQueue) {
  reopen({.queue = 2});
  Gate gate;
  store_->writer().post(gate.work());
  gate.entered.get_future().wait();
  std::vector<std::future<Result<void>>> results;
  for (int i = 0; i < 3; ++i)
    results.push_back(asio_spawn(store_->writer().submit(appending("k", false), {})));
  io_.restart();
  io_.poll();
  gate.opened.set_value();
  run();
  EXPECT_TRUE(results[0].get().has_value());
  EXPECT_TRUE(results[1].get().has_value());
  EXPECT_EQ(results[2].get().error().code, Errc::unavailable);
}

TEST_P(GroupCommit, KnowsAnEntryByItsOnce) {
  EXPECT_EQ(append("k", "a").value(), 1);
  EXPECT_EQ(append("k", "b").value(), 2);
  EXPECT_EQ(append("k", "a").value(), 1);
  EXPECT_EQ(append("k").value(), 3);
  EXPECT_EQ(append("k").value(), 4);
  reopen();
  EXPECT_EQ(append("k", "b").value(), 2);
  EXPECT_EQ(entries(), 4);
}

TEST_P(GroupCommit, WakesTheWorkersAfterTheCommitOnly) {
  int woken = 0;
  store_->writer().on_work([&] { ++woken; });
  const auto announce = [](bool fail) -> Transaction::Work {
    return [fail](Transaction& transaction) -> Result<void> {
      transaction.announce_work();
      if (fail) return error(Errc::conflict, "no");
      return {};
    };
  };
  EXPECT_TRUE(await(store_->writer().submit(announce(true), {})).has_error());
  EXPECT_EQ(woken, 0);
  EXPECT_TRUE(await(store_->writer().submit(announce(false), {})).has_value());
  EXPECT_EQ(woken, 1);
}

TEST_P(OpenStore, LosesNothingCommittedAndKeepsNothingElseWhenKilled) {
  store_.reset();
  const auto child = ::fork();
  if (child == 0) {
    auto store = open(OpenMode::serve).value();
    const Transaction::Work die = [](Transaction& transaction) -> Result<void> {
      const auto seq = transaction.append({.kind = "lost"});
      ::_exit(seq.has_value() ? 7 : 8);
    };
    auto kept = asio_spawn(store->writer().submit(appending("kept", false), {}));
    io_.run();
    if (kept.get().has_error()) ::_exit(9);
    store->writer().post(die);
    ::pause();
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 7);
  reopen();  // and so the dead process's lock is free
  EXPECT_EQ(entries(), 1);
  EXPECT_EQ(number("SELECT size FROM ledger_tail"), 1);
  EXPECT_EQ(append("next").value(), 2);
}

TEST_P(OpenStore, RefusesASecondServerButNotTheCommandLine) {
  const auto second = open(OpenMode::serve);
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().code, Errc::conflict);
  EXPECT_TRUE(open(OpenMode::existing).has_value());
  EXPECT_TRUE(open(OpenMode::read_only).has_value());
}

// A file's lock dies with its process alone, and a file has no standby.
class OpenPostgresqlStore : public OpenStore {};
INSTANTIATE_TEST_SUITE_P(Databases, OpenPostgresqlStore, testing::Values(Database::postgresql),
                         database_name);

TEST_P(OpenPostgresqlStore, TakesItsLockAgainWhenOnlyTheLocksSessionDied) {
  reopen({.lock_look = Duration{0}});
  ASSERT_TRUE(append("before").has_value());
  change(
      "SELECT pg_terminate_backend(pid) FROM pg_locks"
      " WHERE locktype = 'advisory' AND objsubid = 2 AND pid <> pg_backend_pid()");
  ASSERT_TRUE(append("after").has_value());
  const auto second = open(OpenMode::serve);
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().code, Errc::conflict);
}

// What a lost network does: every session of the server is gone, and another one is there already.
TEST_P(OpenPostgresqlStore, WritesNothingOnANewSessionBeforeItHasItsLockAgain) {
  ASSERT_TRUE(append("before").has_value());
  end_sessions();
  auto other = open(OpenMode::serve);
  ASSERT_TRUE(other.has_value()) << other.error().log.text;
  const auto refused = append("after");
  ASSERT_TRUE(refused.has_error());
  EXPECT_NE(refused.error().log.text.find("another `ringi serve`"), std::string::npos);
  other->reset();
  EXPECT_EQ(append("again").value(), 2);
}

TEST_P(OpenPostgresqlStore, TellsOfAnotherServerOnlyAfterAWhile) {
  for (const auto& [patience, wanted] :
       {std::pair{Duration{std::chrono::hours{1}}, 0}, std::pair{Duration{0}, 1}}) {
    reopen({.ousted_after = patience});
    int told = 0;
    store_->writer().on_ousted([&told] { ++told; });
    ASSERT_TRUE(append("before").has_value());
    end_sessions();
    const auto other = open(OpenMode::serve);
    ASSERT_TRUE(other.has_value()) << other.error().log.text;
    ASSERT_TRUE(append("after").has_error());
    store_.reset();
    run();  // what the writer posted to its end
    EXPECT_EQ(told, wanted);
  }
}

// After a failover the session may outlive its server's right to write.
TEST_P(OpenPostgresqlStore, LeavesASessionThatTakesNoWritesAnyMore) {
  ASSERT_TRUE(append("before").has_value());
  change("ALTER ROLE ringi IN DATABASE postgres SET default_transaction_read_only = on");
  end_sessions();
  const auto refused = append("on the standby");
  change("BEGIN READ WRITE; ALTER ROLE ringi IN DATABASE postgres RESET ALL; COMMIT");
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_EQ(append("on the new primary").value(), 2);
}

TEST_P(OpenStore, LetsTheCommandLineWriteBesideTheServer) {
  ASSERT_EQ(append("server").value(), 1);
  auto beside = open(OpenMode::existing).value();
  const auto work = [](Transaction& transaction) { return transaction.append({.kind = "cli"}); };
  EXPECT_EQ(await(beside->write(work)).value(), 2);
  EXPECT_EQ(append("server").value(), 3);
}

TEST_P(OpenStore, ReadsThroughConnectionsThatCannotWrite) {
  const auto look = [](Session& sql) -> Result<void> {
    execute(sql, "DELETE FROM ledger_tail");
    return {};
  };
  EXPECT_TRUE(await(store_->read(look)).has_error());
  EXPECT_EQ(number("SELECT COUNT(*) FROM ledger_tail"), 1);
  EXPECT_TRUE(await(store_->ping()).has_value());
}

TEST_P(OpenStore, WritesNoEntryWithoutTheLedgersKey) {
  auto plain = needs();
  plain.appender = nullptr;
  auto store = open_store(url_, OpenMode::existing, plain).value();
  const auto work = [](Transaction& transaction) { return transaction.append({.kind = "k"}); };
  EXPECT_EQ(await(store->write(work)).error().code, Errc::invalid);
}

TEST_P(OpenStore, NeverMigratesForTheCommandLine) {
  store_.reset();
  change("DROP TABLE schema_version");
  EXPECT_EQ(open(OpenMode::existing).error().code, Errc::invalid);
  EXPECT_EQ(open(OpenMode::read_only).error().code, Errc::invalid);
}

TEST_P(OpenStore, RefusesASchemaThatIsTooNewAndTakesANewerCompatibleOne) {
  change("UPDATE schema_version SET version = 99");
  reopen();
  EXPECT_EQ(number("SELECT version FROM schema_version"), 99);
  store_.reset();
  change("UPDATE schema_version SET oldest = 99");
  EXPECT_EQ(open(OpenMode::serve).error().code, Errc::invalid);
}

TEST_P(OpenStore, BringsAnOlderSchemaUpToDate) {
  ASSERT_EQ(append("server.started").value(), 1);
  store_.reset();
  change("DROP TABLE accounts");
  change("UPDATE schema_version SET version = 1, oldest = 1");
  EXPECT_EQ(open(OpenMode::read_only).error().code, Errc::invalid);
  reopen();
  EXPECT_EQ(number("SELECT COUNT(*) FROM accounts"), 0);
  EXPECT_EQ(number("SELECT version FROM schema_version"), 2);
  EXPECT_EQ(number("SELECT oldest FROM schema_version"), 1) << "the older program still works";
  EXPECT_EQ(entries(), 1);
}

// As while another process recovers the WAL after a crash.
TEST_P(HeldFile, IsWaitedForFromTheFirstStatementOn) {
  store_.reset();
  Connection other{parse_store_url(url_).value(), Access::write};
  other.ready() << "PRAGMA locking_mode = EXCLUSIVE";
  other.ready() << "UPDATE schema_version SET version = version";
  bool waited = false;
  let_go = [&] {
    waited = true;
    other.drop();
  };
  reopen();
  EXPECT_TRUE(waited);
}

TEST_P(HeldFile, IsNoStoreThatAnswersWhileNothingCanBeWritten) {
  EXPECT_TRUE(await(store_->ping()).has_value());
  Connection other{parse_store_url(url_).value(), Access::write};
  other.ready() << "BEGIN IMMEDIATE";
  EXPECT_TRUE(append("k").has_error());
  EXPECT_TRUE(await(store_->ping()).has_error());
  other.drop();
  EXPECT_TRUE(append("k").has_value());
  EXPECT_TRUE(await(store_->ping()).has_value());
}

class PostgresqlSession : public StoreTest {};

TEST_P(PostgresqlSession, IsNotKeptForHoursByAServerWhoseLinkWasCut) {
  EXPECT_EQ(number("SELECT COUNT(*) FROM pg_settings WHERE source = 'session'"
                   " AND name LIKE 'tcp_keepalives_%'"),
            3);
}

TEST(OpenStoreAway, SaysThatNobodyAnswersAndNotThePassword) {
  boost::asio::io_context io;
  const FakeClock clock;
  const auto store = open_store("postgresql://ringi:hunter2@127.0.0.1:1/ringi", OpenMode::serve,
                                Needs{io.get_executor(), clock});
  ASSERT_TRUE(store.has_error());
  EXPECT_EQ(store.error().code, Errc::unavailable);
  EXPECT_EQ(store.error().log.text.find("hunter2"), std::string::npos);
  EXPECT_NE(store.error().log.text.find("Connection refused"), std::string::npos)
      << store.error().log.text;
  const auto file =
      open_store("sqlite:/nowhere/ringi.db", OpenMode::existing, Needs{io.get_executor(), clock});
  EXPECT_EQ(file.error().code, Errc::not_found);
}

RINGI_ON_BOTH_DATABASES(GroupCommit);
RINGI_ON_BOTH_DATABASES(OpenStore);
INSTANTIATE_TEST_SUITE_P(Databases, PostgresqlSession, testing::Values(Database::postgresql),
                         database_name);
INSTANTIATE_TEST_SUITE_P(Databases, HeldFile, testing::Values(Database::sqlite), database_name);

}  // namespace
}  // namespace ringi::store
