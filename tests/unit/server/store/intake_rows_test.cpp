#include "server/store/intake_rows.hpp"

#include "server/store/job_rows.hpp"
#include "tests/unit/server/store/store_fixture.hpp"

namespace ringi::store {
namespace {

class IntakeRowsTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (store_) intake_ = std::make_unique<IntakeRows>(*store_, ids_);
  }

  static Incoming command(std::vector<std::string> keys, const std::string& answer) {
    return {std::move(keys), Request{Command{.word = "deploy", .text = "list"}}, "application/json",
            answer};
  }
  void reopen_intake(Limits limits) {
    intake_.reset();
    reopen(limits);
    intake_ = std::make_unique<IntakeRows>(*store_, ids_);
  }
  std::int64_t jobs() { return number("SELECT COUNT(*) FROM jobs"); }

  std::unique_ptr<IntakeRows> intake_;
};

TEST_P(IntakeRowsTest, StoresADeliveryAndItsJob) {
  const auto accepted =
      await(intake_->accept(command({"event:1", "sig:1"}, R"({"text":"on it"})"))).value();
  EXPECT_FALSE(accepted.repeat);
  EXPECT_EQ(accepted.answer, R"({"text":"on it"})");
  EXPECT_EQ(jobs(), 1);
}

TEST_P(IntakeRowsTest, AnswersARepeatWithTheSameBytesAlsoAfterARestart) {
  await(intake_->accept(command({"event:1", "sig:1"}, "first")));
  reopen_intake({});
  for (const auto& keys : {std::vector<std::string>{"event:1", "sig:2"}, {"event:9", "sig:1"}}) {
    const auto again = await(intake_->accept(command(keys, "second"))).value();
    EXPECT_TRUE(again.repeat);
    EXPECT_EQ(again.answer, "first");
    EXPECT_EQ(again.content_type, "application/json");
  }
  EXPECT_EQ(jobs(), 1);
}

TEST_P(IntakeRowsTest, TakesOneOfManyThatComeAtOnce) {
  std::vector<std::future<Result<Accepted>>> answers;
  for (int i = 0; i < 8; ++i)
    answers.push_back(
        asio_spawn(intake_->accept(command({"event:1"}, "answer " + std::to_string(i)))));
  run();
  int fresh = 0;
  for (auto& answer : answers) fresh += answer.get().value().repeat ? 0 : 1;
  EXPECT_EQ(fresh, 1);
  EXPECT_EQ(jobs(), 1);
}

TEST_P(IntakeRowsTest, StoresADeliveryWithNothingToDo) {
  const auto accepted =
      await(intake_->accept({{"event:1", "event:1"}, std::nullopt, "text/plain", ""}));
  EXPECT_TRUE(accepted.has_value());
  EXPECT_EQ(jobs(), 0);
}

// What was begun and answered 503: a person is asked first, AWS's own is carried out.
TEST_P(IntakeRowsTest, MarksALateCommandAndNotALateNotification) {
  reopen_intake({.patience = std::chrono::milliseconds{20}});
  std::promise<void> entered, opened;
  store_->writer().post([&](Transaction&) -> Result<void> {
    entered.set_value();
    opened.get_future().wait();
    return {};
  });
  entered.get_future().wait();
  // Begun is what the writer has taken: these wait, so they are withdrawn and not late.
  auto withdrawn = asio_spawn(intake_->accept(command({"event:1"}, "")));
  run();
  EXPECT_EQ(withdrawn.get().error().code, Errc::unavailable);
  opened.set_value();
  // A commit that takes longer than its callers wait: the gate is in the same batch, behind them.
  Limits slow{.patience = std::chrono::milliseconds{50}};
  reopen_intake(slow);
  EXPECT_EQ(jobs(), 0) << "withdrawn is withdrawn";

  std::promise<void> first_entered, first_opened, second_entered, second_opened;
  store_->writer().post([&](Transaction&) -> Result<void> {
    first_entered.set_value();
    first_opened.get_future().wait();
    return {};
  });
  first_entered.get_future().wait();
  auto late = asio_spawn(intake_->accept(command({"event:2"}, "")));
  Incoming notification{{"sns:1"}, Request{Notification{.message = "{}"}}, "text/plain", ""};
  auto late_too = asio_spawn(intake_->accept(notification));
  io_.restart();
  io_.poll();
  store_->writer().post([&](Transaction&) -> Result<void> {
    second_entered.set_value();
    second_opened.get_future().wait();
    return {};
  });
  first_opened.set_value();
  second_entered.get_future().wait();  // the writer has begun with the two, whatever the time
  run();
  EXPECT_EQ(late.get().error().code, Errc::unavailable);
  EXPECT_EQ(late_too.get().error().code, Errc::unavailable);
  second_opened.set_value();
  const auto settled = [](Transaction&) -> Result<void> { return {}; };
  while (await(store_->write(settled)).has_error()) {
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs WHERE ask_first = 1 AND class = 'people'"), 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs WHERE ask_first = 0 AND class = 'events'"), 1);
  reopen_intake({});
  EXPECT_TRUE(await(intake_->accept(command({"event:2"}, ""))).value().repeat);
}

RINGI_ON_BOTH_DATABASES(IntakeRowsTest);

}  // namespace
}  // namespace ringi::store
