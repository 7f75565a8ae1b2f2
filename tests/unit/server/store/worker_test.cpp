#include "server/store/worker.hpp"

#include "server/observe/metrics.hpp"
#include "server/store/intake_rows.hpp"
#include "server/store/ledger_rows.hpp"
#include "tests/unit/server/store/store_fixture.hpp"

#include <boost/system/system_error.hpp>

#include <functional>

namespace ringi::store {
namespace {

class WorkerTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (!store_) return;
    jobs_ = std::make_unique<JobRows>(*store_, ids_);
    ledger_ = std::make_unique<LedgerRows>(*store_);
    intake_ = std::make_unique<IntakeRows>(*store_, ids_);
    worker_ = std::make_unique<Worker>(worker_needs());
  }
  void TearDown() override {
    worker_.reset();
    StoreTest::TearDown();
  }

  WorkerNeeds worker_needs() {
    return {.store = *store_,
            .jobs = *jobs_,
            .ledger = *ledger_,
            .clock = clock_,
            .metrics = metrics_,
            .log = nullptr,
            .handle = [this](Delivery delivery) { return handle(std::move(delivery)); },
            .expired = [this](Delivery delivery) { return tell(std::move(delivery)); },
            .cut_off = [this](Delivery delivery) -> Task<> {
              cut_off_.push_back(std::move(delivery));
              co_return;
            },
            .doubted = [this](const OpaqueId& id) { return doubted_ == id; },
            .random = [] { return 0.5; }};
  }

  Task<Result<void>> handle(Delivery delivery) {
    seen_.push_back(delivery);
    if (static_cast<int>(seen_.size()) >= stop_after_) finished_.ring();
    if (meanwhile_) meanwhile_();
    if (hang_) co_await runtime::sleep_for(std::chrono::hours{1});
    if (throws_) throw std::runtime_error{"hunter2"};
    co_return answer_;
  }
  Task<> tell(Delivery delivery) {
    told_.push_back(delivery);
    finished_.ring();
    co_return;
  }

  // Runs the worker until it has handled or told `count` requests, then stops it.
  void work(int count, Duration patience = std::chrono::seconds{5}) {
    stop_after_ = count;
    auto run_done = asio_spawn(worker_->run());
    auto stop_done = asio_spawn(stop_when_finished(patience));
    run();
    run_done.get();
    stop_done.get();
  }
  Task<> stop_when_finished(Duration patience) {
    co_await finished_.wait(std::chrono::seconds{20});
    co_await worker_->stop(patience);
  }
  void send(const std::string& key) {
    Incoming incoming{{key}, Request{Command{.word = "deploy", .text = key}}, "text/plain", ""};
    ASSERT_TRUE(await(intake_->accept(incoming)).has_value());
  }
  std::int64_t in_state(const std::string& state) {
    return number("SELECT COUNT(*) FROM jobs WHERE state = '" + state + "'");
  }

  observe::Metrics metrics_;
  std::unique_ptr<JobRows> jobs_;
  std::unique_ptr<LedgerRows> ledger_;
  std::unique_ptr<IntakeRows> intake_;
  std::unique_ptr<Worker> worker_;
  runtime::Bell finished_{io_.get_executor()};
  std::vector<Delivery> seen_, told_, cut_off_;
  Result<void> answer_;
  OpaqueId doubted_;
  int stop_after_ = 1;
  bool hang_ = false, throws_ = false;
  std::function<void()> meanwhile_;  // happens while a request is carried out
};

TEST_P(WorkerTest, CarriesOutWhatIsStoredAndForgetsIt) {
  for (const char* key : {"a", "b", "c"}) send(key);
  work(3);
  EXPECT_EQ(seen_.size(), 3u);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 0);
  EXPECT_NE(metrics_.text().find("ringi_job_seconds_count{kind=\"command\",outcome=\"done\"} 3"),
            std::string::npos);
  EXPECT_NE(metrics_.text().find("ringi_jobs{state=\"dead\"} 0"), std::string::npos);
}

TEST_P(WorkerTest, RetriesATransientFailureLater) {
  send("a");
  answer_ = error(Errc::unavailable, "Slack does not answer");
  work(1);
  EXPECT_EQ(in_state("waiting"), 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs WHERE error = 'unavailable: Slack does not answer'"),
            1);
  EXPECT_FALSE(seen_[0].last_attempt);
}

TEST_P(WorkerTest, BuriesAfterTheLastAttempt) {
  send("a");
  change("UPDATE jobs SET attempts = 7");
  answer_ = error(Errc::unavailable, "no");
  work(1);
  EXPECT_TRUE(seen_[0].last_attempt);
  EXPECT_EQ(in_state("dead"), 1);
}

TEST_P(WorkerTest, BuriesWhatARepeatWouldNotHelpAndWhatThrows) {
  send("a");
  answer_ = error(Errc::denied, "no");
  work(1);
  EXPECT_EQ(in_state("dead"), 1);
}

TEST_P(WorkerTest, ForgetsWhatThePersonIsToAskAgain) {
  send("a");
  answer_ = error(Errc::ask_again, "Slack cannot be asked");
  work(1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 0) << "nobody can retry it";
}

TEST_P(WorkerTest, BuriesWhatThrowsWithoutItsWords) {
  send("a");
  throws_ = true;
  work(1);
  EXPECT_EQ(in_state("dead"), 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs WHERE error LIKE '%hunter2%'"), 0);
}

TEST_P(WorkerTest, BuriesAPayloadThatCannotBeRead) {
  send("a");
  send("b");
  change("UPDATE jobs SET payload = '{}', run_at = 0 WHERE id = (SELECT MIN(id) FROM jobs)");
  work(1);
  EXPECT_EQ(in_state("dead"), 1);
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_P(WorkerTest, GivesBackWhatItCouldNotFinishBeforeTheStop) {
  send("a");
  hang_ = true;
  work(1, std::chrono::milliseconds{1});
  EXPECT_EQ(in_state("waiting"), 1);
  EXPECT_EQ(number("SELECT attempts FROM jobs"), 0);
}

TEST_P(WorkerTest, RefusesWhatIsTooOldRecordsItAndTells) {
  send("a");
  clock_.advance(std::chrono::minutes{16});
  work(1);
  EXPECT_TRUE(seen_.empty());
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(number("SELECT COUNT(*) FROM ledger_entries WHERE kind = 'request.expired'"), 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 0);
}

TEST_P(WorkerTest, CarriesOutOldChoresAndNotifications) {
  await(jobs_->enqueue({"approval.apply", "a", "{}"}, clock_.now()));
  await(intake_->accept({{"sns:1"}, Request{Notification{.message = "{}"}}, "text/plain", ""}));
  clock_.advance(std::chrono::hours{24});
  work(2);
  EXPECT_EQ(seen_.size(), 2u);
}

TEST_P(WorkerTest, AsksFirstWhenTheAnswerWasInDoubt) {
  send("a");
  send("b");
  send("c");
  doubted_ = opaque(1);
  change("UPDATE jobs SET ask_first = 1 WHERE id = '" + opaque(2).str() + "'");
  work(3);
  std::map<OpaqueId, bool> asked;
  for (const auto& delivery : seen_) asked[delivery.id] = delivery.ask_first;
  EXPECT_EQ(asked,
            (std::map<OpaqueId, bool>{{opaque(1), true}, {opaque(2), true}, {opaque(3), false}}));
}

TEST_P(WorkerTest, TakesNoMoreOfAClassThanItsPlaces) {
  worker_ = std::make_unique<Worker>(worker_needs(), WorkerLimits{.at_once = {2, 8, 8}});
  for (const char* key : {"a", "b", "c", "d"}) send(key);
  hang_ = true;
  work(2, std::chrono::milliseconds{1});
  EXPECT_EQ(seen_.size(), 2u);
  EXPECT_EQ(in_state("waiting"), 4);
}

TEST_P(WorkerTest, CutsOffAHandlerThatHangsAndTriesAgain) {
  worker_ = std::make_unique<Worker>(worker_needs(),
                                     WorkerLimits{.deadline = std::chrono::milliseconds{20}});
  send("a");
  hang_ = true;
  work(1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs WHERE state = 'waiting' AND attempts = 1"
                   " AND error = 'timeout: the handler was not done in time'"),
            1);
  ASSERT_EQ(cut_off_.size(), 1u) << "the person is told";
  EXPECT_EQ(cut_off_[0].id, seen_[0].id);
}

TEST_P(WorkerTest, TellsOfADeadLetterOnce) {
  std::vector<std::string> buried;
  auto needs = worker_needs();
  needs.buried = [&](const Delivery& delivery, const Error& why) {
    buried.push_back(delivery.id.str() + " " + why.log.text);
  };
  worker_ = std::make_unique<Worker>(std::move(needs));
  send("a");
  answer_ = error(Errc::denied, "no");
  work(1);
  EXPECT_EQ(buried, std::vector{seen_[0].id.str() + " no"});
}

// A job whose end was not written would be carried out once more when its lease ends.
TEST_P(WorkerTest, WritesWhatBecameOfAJobUntilTheStoreTakesIt) {
  auto needs = worker_needs();
  int written = 0;
  needs.random = [&] {  // asked before each write of a retry
    if (++written == 3) {
      change("ALTER TABLE jobs_away RENAME TO jobs");
      finished_.ring();
    }
    return 0.5;
  };
  worker_ = std::make_unique<Worker>(std::move(needs),
                                     WorkerLimits{.settle_again = std::chrono::milliseconds{1}});
  send("a");
  answer_ = error(Errc::unavailable, "Slack does not answer");
  meanwhile_ = [this] { change("ALTER TABLE jobs RENAME TO jobs_away"); };
  work(99);
  EXPECT_EQ(seen_.size(), 1U);
  EXPECT_EQ(written, 3);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs WHERE state = 'waiting' AND attempts = 1"), 1);
}

TEST_P(WorkerTest, GivesUpWritingWhatBecameOfAJobWhenItIsToStop) {
  send("a");
  meanwhile_ = [this] { change("ALTER TABLE jobs RENAME TO jobs_away"); };
  work(1);
  change("ALTER TABLE jobs_away RENAME TO jobs");
  EXPECT_EQ(in_state("running"), 1) << "its lease ends by itself";
}

// The lease lapsed, and the answer to the commit that leased it anew was lost.
TEST_P(WorkerTest, SettlesAJobByTheLeaseThatTheRowHasByThen) {
  send("a");
  answer_ = error(Errc::denied, "no");
  meanwhile_ = [this] { change("UPDATE jobs SET generation = generation + 1"); };
  work(1);
  EXPECT_EQ(in_state("dead"), 1) << "not carried out again";
}

TEST_P(WorkerTest, BuriesWithAnErrorThatIsNoText) {
  send("a");
  answer_ = error(Errc::denied, std::string(492, 'x') + "\xe6\x97\xa5\xe6" + std::string(1, '\0'));
  work(1);
  EXPECT_EQ(in_state("dead"), 1);
}

RINGI_ON_BOTH_DATABASES(WorkerTest);

}  // namespace
}  // namespace ringi::store
