#include "server/aws/topic_confirmer.hpp"

#include "handlers/ports/ledger.hpp"
#include "server/aws/sns_topics.hpp"
#include "tests/unit/server/aws/world.hpp"

namespace ringi::aws {
namespace {

using test::answer;
using test::in_turn;

// Keeps entries as they were appended, each `once` only once.
struct FakeLedger : ports::Ledger {
  std::vector<ports::Entry> entries;
  bool away = false;
  Task<Result<ports::Seq>> append(ports::Entry entry) override {
    if (away) co_return error(Errc::unavailable, "the store is away");
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (entries[i].once == entry.once) co_return static_cast<ports::Seq>(i + 1);
    entries.push_back(std::move(entry));
    co_return static_cast<ports::Seq>(entries.size());
  }
  Task<Result<std::optional<ports::Seq>>> known(std::string) override {
    co_return std::optional<ports::Seq>{};
  }
  Task<Result<std::vector<std::string>>> recent(std::vector<std::string>, int) override {
    co_return std::vector<std::string>{};
  }
  Task<Result<std::vector<std::string>>> about(ExecutionRef) override {
    co_return std::vector<std::string>{};
  }
};

const std::string topic = "arn:aws:sns:us-east-1:111122223333:ringi-events";
const auto confirmed = answer(200,
                              "<ConfirmSubscriptionResponse><ConfirmSubscriptionResult>"
                              "<SubscriptionArn>arn:sub</SubscriptionArn>"
                              "</ConfirmSubscriptionResult></ConfirmSubscriptionResponse>");

Result<net::Answer> refusal(int status, const std::string& code) {
  return answer(status, "<ErrorResponse><Error><Type>Sender</Type><Code>" + code +
                            "</Code><Message>m</Message></Error></ErrorResponse>");
}

class TopicConfirmerTest : public test::World {
 protected:
  void SetUp() override { topics.configure({topic}, {}, {}); }

  Result<void> confirm(bool last_attempt = false) {
    return run(confirmer.confirm({topic, "t0ken", "01JOB", last_attempt}));
  }
  std::vector<std::string> phases() const {
    std::vector<std::string> all;
    for (const auto& entry : ledger.entries) {
      EXPECT_EQ(entry.kind, "topic.confirmed");
      all.push_back(entry.phase);
    }
    return all;
  }

  using Phases = std::vector<std::string>;
  FakeLedger ledger;
  SnsTopics topics;
  Client made = client();
  TopicConfirmer confirmer{made, topics, ledger};
};

TEST_F(TopicConfirmerTest, ConfirmsByItsOwnUnsignedCall) {
  transport.reply = in_turn({confirmed});
  EXPECT_TRUE(confirm());
  const auto& call = transport.calls.at(0);
  EXPECT_EQ(call.url, "https://sns.us-east-1.amazonaws.com/");
  EXPECT_EQ(call.body,
            "Action=ConfirmSubscription&Version=2010-03-31&TopicArn="
            "arn%3Aaws%3Asns%3Aus-east-1%3A111122223333%3Aringi-events&Token=t0ken");
  EXPECT_EQ(test::header_of(call, "Authorization"), "");
}

TEST_F(TopicConfirmerTest, WritesDownWhatItWillDoAndThenWhatCameOfIt) {
  transport.reply = [&](const net::Call&) {
    EXPECT_EQ(phases(), Phases{"intended"});
    return confirmed;
  };
  EXPECT_TRUE(confirm());
  ASSERT_EQ(phases(), (Phases{"intended", "done"}));
  const auto& done = ledger.entries[1];
  EXPECT_EQ(done.of, ports::Seq{1});
  EXPECT_EQ(done.request, "01JOB");
  EXPECT_EQ(done.details.at("topic"), topic);
  EXPECT_EQ(done.details.at("subscription"), "arn:sub");
}

TEST_F(TopicConfirmerTest, AsksForNothingThatItCouldNotWriteDown) {
  ledger.away = true;
  EXPECT_EQ(confirm().error().code, Errc::unavailable);
  EXPECT_TRUE(transport.calls.empty());
}

TEST_F(TopicConfirmerTest, LeavesTheEntryOpenWhileItWillTryAgain) {
  transport.reply = in_turn({refusal(500, "InternalError")});
  EXPECT_EQ(confirm().error().code, Errc::unavailable);
  EXPECT_EQ(phases(), Phases{"intended"});
  transport.reply = in_turn({confirmed});
  EXPECT_TRUE(confirm());
  EXPECT_EQ(phases(), (Phases{"intended", "done"}));
  EXPECT_TRUE(confirm());  // a crash after the last entry
  EXPECT_EQ(phases(), (Phases{"intended", "done"}));
}

TEST_F(TopicConfirmerTest, WritesDownTheFailureOfTheLastAttempt) {
  transport.reply = in_turn({refusal(500, "InternalError")});
  EXPECT_EQ(confirm(true).error().code, Errc::unavailable);
  ASSERT_EQ(phases(), (Phases{"intended", "failed"}));
  EXPECT_EQ(ledger.entries[1].error, "InternalError");
  EXPECT_EQ(ledger.entries[1].of, ports::Seq{1});
}

TEST_F(TopicConfirmerTest, WritesDownThatSnsRefused) {
  transport.reply = in_turn({refusal(400, "InvalidParameter")});
  EXPECT_EQ(confirm().error().code, Errc::invalid);
  ASSERT_EQ(phases(), (Phases{"intended", "failed"}));
  EXPECT_EQ(ledger.entries[1].error, "InvalidParameter");
}

TEST_F(TopicConfirmerTest, ConfirmsNoTopicThatHasLeftTheList) {
  topics.configure({}, {}, {});
  EXPECT_EQ(confirm().error().code, Errc::denied);
  EXPECT_TRUE(transport.calls.empty());
  EXPECT_EQ(phases(), (Phases{"intended", "failed"}));
}

}  // namespace
}  // namespace ringi::aws
