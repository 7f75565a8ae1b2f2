#include "server/store/job_rows.hpp"

#include "server/store/clock_watch.hpp"
#include "server/store/job_list.hpp"
#include "tests/unit/server/store/own_vfs.hpp"
#include "tests/unit/server/store/store_fixture.hpp"

namespace ringi::store {
namespace {

constexpr Duration lease_length = std::chrono::hours{1};  // no test is that slow
const std::string long_ago{"0"};

class JobRowsTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (store_) jobs_ = std::make_unique<JobRows>(*store_, ids_);
  }

  void enqueue(const std::string& key, Duration in = {},
               const std::string& kind = "pipeline.look") {
    ASSERT_TRUE(await(jobs_->enqueue({kind, key, "{}"}, clock_.now() + in)).has_value());
  }
  std::vector<LeasedJob> lease(int count = 8) {
    return await(jobs_->lease({count, count, count}, lease_length)).value();
  }
  void let_leases_lapse() { change("UPDATE jobs SET lease_until = 0"); }
  void make_all_due() { change("UPDATE jobs SET run_at = 0"); }
  std::int64_t in_state(const std::string& state) {
    return number("SELECT COUNT(*) FROM jobs WHERE state = '" + state + "'");
  }

  std::unique_ptr<JobRows> jobs_;
};

TEST_P(JobRowsTest, LeasesWhatIsDueOldestFirstAndOnce) {
  enqueue("b");
  enqueue("later", std::chrono::hours{2});
  enqueue("c");
  change("UPDATE jobs SET run_at = 5 WHERE chore_key = 'c'");
  const auto jobs = lease();
  ASSERT_EQ(jobs.size(), 2u);
  const auto& first = std::get<Chore>(jobs[0].delivery->request);
  EXPECT_EQ(first.key, "c");
  EXPECT_EQ(first.kind, "pipeline.look");
  EXPECT_EQ(jobs[0].delivery->attempt, 1);
  EXPECT_EQ(jobs[0].delivery->received, clock_.now());
  EXPECT_TRUE(lease().empty());
  const auto counts = await(jobs_->counts()).value();
  EXPECT_EQ(counts.running, 2);
  EXPECT_EQ(counts.waiting, 1);
  EXPECT_EQ(counts.oldest, clock_.now());
}

TEST_P(JobRowsTest, KeepsToTheBoundOfEachClass) {
  for (const char* key : {"a", "b", "c"}) enqueue(key);
  EXPECT_EQ(await(jobs_->lease({5, 5, 0}, lease_length)).value().size(), 0u);
  EXPECT_EQ(await(jobs_->lease({0, 0, 2}, lease_length)).value().size(), 2u);
}

TEST_P(JobRowsTest, MergesWaitingChoresAndPullsThemForward) {
  enqueue("a", std::chrono::hours{2});
  enqueue("a", std::chrono::hours{3});
  EXPECT_TRUE(lease().empty());
  enqueue("a");
  EXPECT_EQ(in_state("waiting"), 1);
  ASSERT_EQ(lease().size(), 1u);
  enqueue("a", {}, "approval.apply");
  EXPECT_EQ(lease().size(), 1u) << "another kind is another chore";
}

TEST_P(JobRowsTest, LetsAChoreWaitWhileItsTwinRuns) {
  enqueue("a");
  const auto first = lease();
  ASSERT_EQ(first.size(), 1u);
  enqueue("a");
  EXPECT_TRUE(lease().empty());
  await(jobs_->complete(first[0].lease));
  EXPECT_EQ(lease().size(), 1u);
}

TEST_P(JobRowsTest, LeasesOneOfTwoTwinsThatAreDueTogether) {
  enqueue("a");
  ASSERT_EQ(lease().size(), 1u);
  enqueue("a");
  ASSERT_TRUE(await(jobs_->adopt_all()).has_value());
  EXPECT_EQ(lease().size(), 1u) << "the dead process's and the one that waited for it";
  EXPECT_EQ(in_state("running") + in_state("waiting"), 2);
}

TEST_P(JobRowsTest, GivesALapsedLeaseToTheNextWithANewGeneration) {
  enqueue("a");
  const auto first = lease();
  let_leases_lapse();
  const auto second = lease();
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].lease.id, first[0].lease.id);
  EXPECT_EQ(second[0].lease.generation, first[0].lease.generation + 1);
  EXPECT_EQ(second[0].delivery->attempt, 2);

  EXPECT_FALSE(await(jobs_->complete(first[0].lease)).value());
  EXPECT_FALSE(await(jobs_->retry(first[0].lease, {}, "why")).value());
  EXPECT_FALSE(await(jobs_->bury(first[0].lease, "why")).value());
  EXPECT_FALSE(await(jobs_->release(first[0].lease)).value());
  EXPECT_EQ(in_state("running"), 1) << "the first holder no longer counts";
  EXPECT_EQ(await(jobs_->generation(first[0].lease.id)).value(), second[0].lease.generation);
  EXPECT_TRUE(await(jobs_->complete(second[0].lease)).value());
  EXPECT_EQ(await(jobs_->generation(first[0].lease.id)).value(), std::nullopt);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 0);
}

TEST_P(JobRowsTest, RenewsOnlyALeaseThatIsStillHeld) {
  enqueue("a");
  const auto first = lease();
  let_leases_lapse();
  await(jobs_->renew({first[0].lease}, lease_length));
  EXPECT_TRUE(lease().empty());
  let_leases_lapse();
  const auto second = lease();
  let_leases_lapse();
  await(jobs_->renew({first[0].lease}, lease_length));
  EXPECT_EQ(lease().size(), 1u);
}

TEST_P(JobRowsTest, TakesOverAtOnceWhatADeadProcessHeld) {
  enqueue("a");
  lease();
  reopen();
  jobs_ = std::make_unique<JobRows>(*store_, ids_);
  EXPECT_TRUE(lease().empty());
  await(jobs_->adopt_all());
  const auto adopted = lease();
  ASSERT_EQ(adopted.size(), 1u);
  EXPECT_TRUE(adopted[0].delivery->begun_before);
}

TEST_P(JobRowsTest, CountsNoAttemptThatADeadProcessCutShort) {
  enqueue("a");
  ASSERT_FALSE(lease().at(0).delivery->begun_before);
  for (int crash = 0; crash < 20; ++crash) {
    await(jobs_->adopt_all());
    await(jobs_->adopt_all());
    const auto jobs = lease();
    ASSERT_EQ(jobs.size(), 1u);
    EXPECT_EQ(jobs[0].delivery->attempt, 1) << "twenty crashes are no failure of the job";
  }
}

TEST_P(JobRowsTest, RetriesLaterAndReleasesAsIfNothingHadBeen) {
  enqueue("a");
  auto jobs = lease();
  await(jobs_->retry(jobs[0].lease, std::chrono::hours{1}, "unavailable: aws"));
  EXPECT_TRUE(lease().empty());
  make_all_due();
  jobs = lease();
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].delivery->attempt, 2);
  EXPECT_TRUE(await(jobs_->release(jobs[0].lease)).value());
  jobs = lease();
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].delivery->attempt, 2);
}

TEST_P(JobRowsTest, MergesARetriedChoreIntoTheOneThatWaits) {
  enqueue("a");
  const auto jobs = lease();
  enqueue("a");
  await(jobs_->retry(jobs[0].lease, std::chrono::hours{1}, "why"));
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 1);
  EXPECT_EQ(lease().size(), 1u);
}

TEST_P(JobRowsTest, KeepsOneDeadLetterOfAChoreUntilOneOfItsKindAndKeySucceeds) {
  for (int i = 0; i < 3; ++i) {
    enqueue("a");
    enqueue("b");
    for (const auto& job : lease()) await(jobs_->bury(job.lease, "denied: no"));
  }
  EXPECT_EQ(in_state("dead"), 2) << "what fails every few minutes is one letter each";
  enqueue("a");
  enqueue("a", {}, "execution.refresh");
  for (const auto& job : lease()) await(jobs_->complete(job.lease));
  EXPECT_EQ(in_state("dead"), 1) << "a is mended, b is not";
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs WHERE chore_key = 'b'"), 1);
}

TEST_P(JobRowsTest, ListsRetriesAndDropsDeadLetters) {
  enqueue("a");
  enqueue("b");
  const auto jobs = lease();
  for (const auto& job : jobs) await(jobs_->bury(job.lease, "denied: no"));
  enqueue("waits", std::chrono::hours{1});
  JobList list{*store_};
  const auto rows = list.list(10).value();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].state, "dead");
  EXPECT_EQ(rows[0].error, "denied: no");
  EXPECT_EQ(rows[0].key, "a");
  EXPECT_EQ(rows[2].state, "waiting");

  EXPECT_TRUE(await(list.retry(rows[0].id)).has_value());
  EXPECT_EQ(await(list.retry(rows[0].id)).error().code, Errc::not_found);
  EXPECT_EQ(lease().at(0).delivery->attempt, 1);
  EXPECT_EQ(await(list.drop(rows[0].id, "root", "")).error().code, Errc::not_found) << "it runs";
  EXPECT_TRUE(await(list.drop(rows[1].id, "root", "obsolete")).has_value());
  EXPECT_EQ(number("SELECT COUNT(*) FROM ledger_entries WHERE kind = 'job.dropped'"), 1);
  EXPECT_EQ(in_state("dead"), 0);
}

TEST_P(JobRowsTest, DropsAJobWhoseProcessDied) {
  enqueue("kills");
  const auto id = lease().at(0).lease.id;
  JobList list{*store_};
  EXPECT_EQ(await(list.drop(id, "root", "")).error().code, Errc::not_found) << "its lease holds";
  let_leases_lapse();
  EXPECT_TRUE(await(list.drop(id, "root", "ends the process each time")).has_value());
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 0);
}

TEST(ClockWatch, TellsASetBackClockFromOneThatGoesOn) {
  const auto noon = from_unix_micros(1'763'780'400'000'000);
  EXPECT_EQ(set_back(Time{}, noon), Duration{0}) << "the first look";
  EXPECT_EQ(set_back(noon, noon + std::chrono::hours{9}), Duration{0});
  EXPECT_EQ(set_back(noon + std::chrono::hours{9}, noon), std::chrono::hours{9});
  EXPECT_EQ(set_back(noon, noon), Duration{0});
}

TEST_P(JobRowsTest, DoesNotWaitForAClockThatWasSetBack) {
  enqueue("look");
  const auto shift = std::to_string(Duration{std::chrono::hours{9}}.count());
  change("UPDATE jobs SET run_at = run_at + " + shift);
  EXPECT_TRUE(lease().empty());
  const auto database_now = from_unix_micros(number("SELECT " + dialect_of(GetParam()).now));
  const auto work = [before = database_now + std::chrono::hours{9}](Transaction& transaction) {
    return Result<Time>{move_waiting_jobs(transaction, before)};
  };
  EXPECT_LE(database_now, await(store_->write(work)).value());
  EXPECT_EQ(lease().size(), 1u);
}

// What SQLite's clock shows, in milliseconds of the Julian calendar: it moves only when the test
// says so.
std::atomic<std::int64_t> clock_shows{0};

int show_clock(sqlite3_vfs*, sqlite3_int64* milliseconds) {
  *milliseconds = clock_shows;
  return SQLITE_OK;
}

class SetBackClock : public JobRowsTest {
 protected:
  SetBackClock() { vfs_->xCurrentTimeInt64 = show_clock; }

  static constexpr std::int64_t noon = 212'662'454'400'000;  // of 2026-11-26

 private:
  OwnVfs vfs_;
};

TEST_P(SetBackClock, IsSeenAgainByTheLeaseAfterOneThatFailed) {
  clock_shows = noon + std::chrono::milliseconds{std::chrono::hours{9}}.count();
  EXPECT_TRUE(lease().empty());
  enqueue("look");
  clock_shows = noon;
  change("ALTER TABLE jobs RENAME COLUMN payload TO gone");
  EXPECT_TRUE(await(jobs_->lease({8, 8, 8}, lease_length)).has_error());
  change("ALTER TABLE jobs RENAME COLUMN gone TO payload");
  EXPECT_EQ(lease().size(), 1u);
}

RINGI_ON_BOTH_DATABASES(JobRowsTest);
INSTANTIATE_TEST_SUITE_P(Databases, SetBackClock, testing::Values(Database::sqlite), database_name);

}  // namespace
}  // namespace ringi::store
