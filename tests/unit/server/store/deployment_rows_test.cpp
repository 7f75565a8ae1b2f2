#include "server/store/deployment_rows.hpp"

#include "server/store/job_rows.hpp"
#include "tests/unit/server/store/store_fixture.hpp"

namespace ringi::store {
namespace {

using ports::Approval;
using ports::Deployments;
using State = Approval::State;

class DeploymentRowsTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (store_) rows_ = std::make_unique<DeploymentRows>(*store_, ids_);
  }

  Approval found(int id, const std::string& token) {
    ports::NewApproval approval{opaque(id), some_execution(), "Approve", "ManualApproval", token};
    return await(rows_->found(approval, {.kind = "approval.requested"})).value();
  }

  ports::Decision decision(int id, Approval::Verdict verdict, const std::string& user) {
    const Caller by{SlackTeam::parse("T1").value(), SlackUser::parse(user).value(), "hanako"};
    return {.approval = opaque(id),
            .verdict = verdict,
            .by = by,
            .reason = "checked on staging",
            .summary_prefix = "Approved by " + user,
            .entry = {.kind = "approval.decided", .phase = "intended"},
            .apply = {"approval.apply", opaque(id).str(), "{}"}};
  }

  std::unique_ptr<DeploymentRows> rows_;
};

TEST_P(DeploymentRowsTest, FollowsAnExecutionOnceAndForgetsNothing) {
  const ports::Execution by_us{.ref = some_execution(),
                               .started_by = SlackUser::parse("U1").value(),
                               .first_entry = 4,
                               .seen = from_unix_micros(100)};
  ports::Execution from_aws{
      .ref = some_execution(), .has_card = true, .seen = from_unix_micros(50)};
  EXPECT_EQ(await(rows_->follow(from_aws)).value().started_by, SlackUser{});
  EXPECT_EQ(await(rows_->follow(by_us)).value().first_entry, 4);
  const auto row = await(rows_->follow(from_aws)).value();
  EXPECT_EQ(row.started_by.str(), "U1");
  EXPECT_EQ(row.first_entry, 4);
  EXPECT_TRUE(row.has_card);
  EXPECT_EQ(row.seen, from_unix_micros(100));
  EXPECT_EQ(row.ref, some_execution());
  EXPECT_EQ(number("SELECT COUNT(*) FROM executions"), 1);
}

TEST_P(DeploymentRowsTest, RemembersSinceWhenAwsDoesNotFindAnExecutionUntilItIsFoundAgain) {
  EXPECT_EQ(await(rows_->missed(some_execution(), from_unix_micros(5))).error().code,
            Errc::not_found);
  EXPECT_FALSE(await(rows_->follow({.ref = some_execution()})).value().missing_since);
  EXPECT_EQ(await(rows_->missed(some_execution(), from_unix_micros(5))).value(),
            from_unix_micros(5));
  EXPECT_EQ(await(rows_->missed(some_execution(), from_unix_micros(9))).value(),
            from_unix_micros(5));
  EXPECT_EQ(await(rows_->execution(some_execution())).value()->missing_since, from_unix_micros(5));
  await(rows_->found_again(some_execution()));
  EXPECT_FALSE(await(rows_->execution(some_execution())).value()->missing_since);
}

TEST_P(DeploymentRowsTest, FinishesOnceWithOneEntry) {
  EXPECT_EQ(await(rows_->finish(some_execution(), {.kind = "pipeline.finished"})).error().code,
            Errc::not_found);
  await(rows_->follow({.ref = some_execution('1')}));
  await(rows_->follow({.ref = some_execution('2')}));
  EXPECT_EQ(await(rows_->unfinished()).value().size(), 2u);
  for (int i = 0; i < 2; ++i)
    EXPECT_TRUE(
        await(rows_->finish(some_execution('1'), {.kind = "pipeline.finished"})).has_value());
  EXPECT_EQ(entries(), 1);
  const auto open = await(rows_->unfinished()).value();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].ref, some_execution('2'));
  EXPECT_TRUE(await(rows_->execution(some_execution('1'))).value()->finished);
  EXPECT_FALSE(await(rows_->execution(some_execution('3'))).value());
}

TEST_P(DeploymentRowsTest, KeepsOneRowForEachToken) {
  const auto first = found(1, "token-a");
  EXPECT_EQ(first.requested, 1);
  EXPECT_EQ(first.state, State::waiting);
  EXPECT_EQ(first.token, "token-a");
  EXPECT_EQ(found(2, "token-a").id, opaque(1));
  EXPECT_EQ(found(3, "token-b").id, opaque(3));
  EXPECT_EQ(entries(), 2);
  EXPECT_EQ(await(rows_->approvals(some_execution())).value().size(), 2u);
  EXPECT_EQ(await(rows_->approvals(some_execution('5'))).value().size(), 0u);
}

TEST_P(DeploymentRowsTest, DecidesWithEntryNumberAndChoreInOneCommit) {
  found(1, "token-a");
  const auto decided = await(rows_->decide(decision(1, Approval::Verdict::approved, "U1"))).value();
  EXPECT_TRUE(decided.won);
  EXPECT_EQ(decided.row.state, State::decided);
  EXPECT_EQ(decided.row.verdict, Approval::Verdict::approved);
  EXPECT_EQ(decided.row.decided, 2);
  EXPECT_EQ(decided.row.summary, "Approved by U1 (ringi #2)");
  EXPECT_EQ(decided.row.decided_by.user.str(), "U1");
  EXPECT_EQ(decided.row.reason, "checked on staging");
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs WHERE kind = 'approval.apply'"), 1);
  EXPECT_EQ(await(rows_->open_approvals()).value().size(), 1u) << "decided, not applied yet";
}

TEST_P(DeploymentRowsTest, LetsExactlyOneOfManyWin) {
  found(1, "token-a");
  std::vector<std::future<Result<ports::Decided>>> clicks;
  for (int i = 0; i < 10; ++i) {
    const auto verdict = i % 2 == 0 ? Approval::Verdict::approved : Approval::Verdict::rejected;
    clicks.push_back(asio_spawn(rows_->decide(decision(1, verdict, "U" + std::to_string(i)))));
  }
  run();
  std::string winner;
  int won = 0;
  std::vector<ports::Decided> answers;
  for (auto& click : clicks) answers.push_back(click.get().value());
  for (const auto& answer : answers) won += answer.won ? 1 : 0;
  EXPECT_EQ(won, 1);
  for (const auto& answer : answers) EXPECT_EQ(answer.row.summary, answers[0].row.summary);
  EXPECT_EQ(entries(), 2);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 1);
}

TEST_P(DeploymentRowsTest, LetsOneOfTwoProcessesWin) {
  found(1, "token-a");
  auto other = open(OpenMode::existing).value();
  DeploymentRows theirs{*other, ids_};
  auto one = asio_spawn(rows_->decide(decision(1, Approval::Verdict::approved, "U1")));
  auto two = asio_spawn(theirs.decide(decision(1, Approval::Verdict::rejected, "U2")));
  run();
  const auto ours = one.get().value();
  const auto other_answer = two.get().value();
  EXPECT_NE(ours.won, other_answer.won);
  EXPECT_EQ(ours.row.summary, other_answer.row.summary);
  EXPECT_EQ(entries(), 2);
}

TEST_P(DeploymentRowsTest, DecidesNothingWhenItsEntryCannotBeWritten) {
  found(1, "token-a");
  auto broken = decision(1, Approval::Verdict::approved, "U1");
  broken.entry.kind = "throws";
  EXPECT_TRUE(await(rows_->decide(broken)).has_error());
  EXPECT_EQ(await(rows_->approval(opaque(1))).value()->state, State::waiting);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 0);
  EXPECT_EQ(await(rows_->decide(decision(9, Approval::Verdict::approved, "U1"))).error().code,
            Errc::not_found);
}

TEST_P(DeploymentRowsTest, ClosesOnceFromWaitingOrDecided) {
  found(1, "token-a");
  found(2, "token-b");
  await(rows_->decide(decision(1, Approval::Verdict::approved, "U1")));
  const auto close = [&](int id, State state, const char* kind, std::optional<ports::Seq> of = {}) {
    return await(rows_->close(opaque(id), state, {.kind = kind, .of = of}, {})).value();
  };
  EXPECT_TRUE(close(1, State::applied, "approval.applied", 1));
  EXPECT_FALSE(close(1, State::failed, "approval.failed"));
  EXPECT_TRUE(close(2, State::superseded, "approval.superseded"));
  found(3, "token-c");
  await(rows_->decide(decision(3, Approval::Verdict::approved, "U1")));
  EXPECT_FALSE(close(3, State::overtaken, "approval.overtaken"))
      << "a decision is closed only by an entry that names it";
  EXPECT_TRUE(close(3, State::applied, "approval.applied", 6));
  EXPECT_EQ(await(rows_->approval(opaque(1))).value()->state, State::applied);
  EXPECT_FALSE(await(rows_->decide(decision(2, Approval::Verdict::approved, "U1"))).value().won);
  EXPECT_EQ(entries(), 8);
  EXPECT_TRUE(await(rows_->open_approvals()).value().empty());
}

TEST_P(DeploymentRowsTest, ClosesTogetherWithTheAnswerThatIsDue) {
  found(1, "token-a");
  await(rows_->decide(decision(1, Approval::Verdict::approved, "U1")));
  const auto before = number("SELECT COUNT(*) FROM jobs");
  const auto close = [&] {
    const ports::Entry entry{.kind = "approval.failed", .of = 1};
    return await(rows_->close(opaque(1), State::failed, entry, Chore{"answer.late", "a", "{}"}));
  };
  EXPECT_TRUE(close().value());
  EXPECT_FALSE(close().value());
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), before + 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs WHERE kind = 'answer.late'"), 1);
}

TEST_P(DeploymentRowsTest, TakesAConfirmationOnceAndAnswersTheSameDeliveryAlike) {
  const auto user = SlackUser::parse("U1").value();
  const auto other = SlackUser::parse("U2").value();
  const auto soon = clock_.now() + std::chrono::minutes{15};
  for (int i = 0; i < 2; ++i)
    EXPECT_TRUE(await(rows_->ask({opaque(1), user, "start web-prod/web", soon})).has_value());
  await(rows_->ask({opaque(2), user, "start web-prod/api", soon}));
  const auto take = [&](int id, const SlackUser& who, int by) {
    return await(rows_->take(opaque(id), who, opaque(by))).value();
  };
  using Taken = Deployments::Taken;
  EXPECT_EQ(take(7, user, 10).first, Taken::unknown);
  EXPECT_EQ(take(1, other, 10).first, Taken::not_yours);
  const auto taken = take(1, user, 11);
  EXPECT_EQ(taken.first, Taken::yes);
  EXPECT_EQ(taken.second.words, "start web-prod/web");
  EXPECT_EQ(take(1, user, 11).first, Taken::yes);
  EXPECT_EQ(take(1, user, 12).first, Taken::used_before);
  ASSERT_TRUE(await(rows_->give_back(opaque(1), opaque(12))).has_value());
  EXPECT_EQ(take(1, user, 12).first, Taken::used_before) << "given back by another";
  ASSERT_TRUE(await(rows_->give_back(opaque(1), opaque(11))).has_value());
  EXPECT_EQ(take(1, user, 12).first, Taken::yes);
  clock_.advance(std::chrono::minutes{15});
  EXPECT_EQ(take(2, user, 13).first, Taken::expired);
  EXPECT_EQ(take(1, user, 12).first, Taken::yes);
}

RINGI_ON_BOTH_DATABASES(DeploymentRowsTest);

}  // namespace
}  // namespace ringi::store
