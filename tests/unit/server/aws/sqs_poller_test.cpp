#include "server/aws/sqs_poller.hpp"

#include "server/aws/sns_certificates.hpp"
#include "server/aws/sns_topics.hpp"
#include "server/aws/sns_verifier.hpp"
#include "server/crypto/old_digests.hpp"
#include "tests/unit/server/aws/copies.hpp"
#include "tests/unit/server/aws/world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::answer;

const std::string url = "https://sqs.eu-west-1.amazonaws.com/111122223333/ringi";

std::string event(int number) {
  return json{{"id", std::to_string(number)},
              {"source", "aws.codepipeline"},
              {"detail-type", "x"},
              {"account", "222233334444"},
              {"region", "eu-west-1"}}
      .dump();
}

json message(const std::string& id, const std::string& body) {
  return {{"MessageId", id},
          {"ReceiptHandle", "receipt-" + id},
          {"Body", body},
          {"MD5OfBody", crypto::md5_hex(body).value()}};
}

struct CountingIntake : store::Intake {
  std::set<std::string> keys;
  std::vector<store::Incoming> stored;
  int away = 0;  // so many writes fail
  std::function<void()> meanwhile;
  Task<Result<store::Accepted>> accept(store::Incoming incoming) override {
    if (meanwhile) meanwhile();
    if (away-- > 0) co_return error(Errc::unavailable, "the store is away");
    const bool repeat = !keys.insert(incoming.keys.at(0)).second;
    if (!repeat) stored.push_back(std::move(incoming));
    co_return store::Accepted{.repeat = repeat};
  }
};

// A queue that gives what a test put into it, and remembers what was asked.
class SqsPollerTest : public test::World {
 protected:
  void SetUp() override {
    transport.reply = [this](const net::Call& call) {
      auto operation = test::header_of(call, "X-Amz-Target");
      operation.erase(0, operation.find('.') + 1);
      asked.emplace_back(operation, json::parse(call.body));
      const auto refusal = refusals.find(operation);
      if (refusal != refusals.end())
        return answer(400, json{{"__type", refusal->second}, {"message", "no"}}.dump());
      if (operation == "GetQueueUrl") return answer(200, json{{"QueueUrl", url}}.dump());
      if (operation == "DeleteMessageBatch") return answer(200, deletion(asked.back().second));
      if (count("ReceiveMessage") > 1000) throw Enough{};  // nothing here waits
      if (operation != "ReceiveMessage" || given.empty()) return answer(200, "{}");
      return answer(200, json{{"Messages", std::exchange(given, json::array())}}.dump());
    };
  }
  std::string deletion(const json& input) {
    json output{{"Successful", json::array()}, {"Failed", json::array()}};
    for (const auto& entry : input.at("Entries")) {
      const bool fails = undeletable-- > 0;
      output[fails ? "Failed" : "Successful"].push_back(
          {{"Id", entry.at("Id")}, {"Code", "InternalError"}});
      if (!fails) deleted.push_back(entry.at("ReceiptHandle"));
    }
    return output.dump();
  }
  SqsPoller poller() {
    return {{.client = *client_,
             .session = nullptr,
             .intake = sqs,
             .clock = clock,
             .metrics = metrics,
             .log = log,
             .sleep = [this](Duration pause) -> Task<> {
               pauses.push_back(pause);
               clock.time += pause;
               if (pauses.size() > 200) throw Enough{};
               co_return;
             },
             .random = [this] { return random; },
             .tell = [this](const config::Queue& queue, std::optional<Error> why) -> Task<> {
               told.push_back(queue.name + (why ? " " + code_of(*why) : " back"));
               co_return;
             }},
            {"arn:aws:sqs:eu-west-1:111122223333:ringi", *Region::parse("eu-west-1"),
             *AccountId::parse("111122223333"), "ringi"}};
  }
  struct Enough {};
  Result<void> receive(SqsPoller& one) { return run(one.receive()); }
  Result<void> receive() {
    auto one = poller();
    return receive(one);
  }
  void run_until_enough(SqsPoller& one) {
    auto task = [](SqsPoller& polled) -> Task<int> {
      co_await polled.run();
      co_return 0;
    };
    EXPECT_THROW(run(task(one)), Enough);
  }
  long count(const std::string& operation) {
    return std::ranges::count(asked, operation, &std::pair<std::string, json>::first);
  }

  json given = json::array();
  std::map<std::string, std::string> refusals;
  int undeletable = 0;
  std::vector<std::pair<std::string, json>> asked;
  std::vector<std::string> deleted, told;
  CountingIntake intake;
  test::FakeCopies copies;
  SnsTopics topics;
  SnsCertificates certificates{{transport, clock, tasks, copies, log}};
  SnsVerifier verifier{topics, certificates, clock, {}};
  SqsIntake sqs{verifier, intake};
  std::unique_ptr<Client> client_ = std::make_unique<Client>(client());
};

TEST_F(SqsPollerTest, DeletesWhatIsStored) {
  given = json::array({message("a", event(1)), message("b", event(2))});
  ASSERT_TRUE(receive().has_value());
  EXPECT_EQ(intake.stored.size(), 2u);
  EXPECT_EQ(deleted, (std::vector<std::string>{"receipt-a", "receipt-b"}));
  EXPECT_EQ(count("DeleteMessageBatch"), 1) << "both at once";
  const auto& input = asked.at(1).second;
  EXPECT_EQ(input.at("WaitTimeSeconds"), 20);
  EXPECT_EQ(input.at("MaxNumberOfMessages"), 10);
  EXPECT_EQ(input.at("QueueUrl"), url);
}

TEST_F(SqsPollerTest, AsksForTheUrlOnceAndAgainWhenTheQueueIsGone) {
  auto one = poller();
  receive(one);
  receive(one);
  EXPECT_EQ(count("GetQueueUrl"), 1);
  refusals["ReceiveMessage"] = "com.amazonaws.sqs#QueueDoesNotExist";
  EXPECT_TRUE(receive(one).has_error());
  refusals.clear();
  receive(one);
  EXPECT_EQ(count("GetQueueUrl"), 2);
}

TEST_F(SqsPollerTest, KeepsWhatTheStoreDoesNotTake) {
  given = json::array({message("a", event(1)), message("b", event(2))});
  intake.away = 3;  // both once, and the first once more
  ASSERT_TRUE(receive().has_value());
  EXPECT_EQ(intake.stored.size(), 2u);
  EXPECT_EQ(deleted.size(), 2u);
  EXPECT_EQ(pauses, (std::vector<Duration>{5s, 5s}));
}

TEST_F(SqsPollerTest, KeepsFromOthersWhatWaitsLong) {
  given = json::array({message("a", event(1))});
  intake.away = 8;  // 40 s
  ASSERT_TRUE(receive().has_value());
  EXPECT_EQ(count("ChangeMessageVisibility"), 1) << "30 s before the end of its 60 s";
  const auto change =
      std::ranges::find(asked, "ChangeMessageVisibility", &std::pair<std::string, json>::first);
  EXPECT_EQ(change->second.at("VisibilityTimeout"), 60);
  EXPECT_EQ(change->second.at("ReceiptHandle"), "receipt-a");
  EXPECT_EQ(deleted.size(), 1u);
}

TEST_F(SqsPollerTest, RenewsWhatStillStandsInLine) {
  given = json::array({message("a", event(1)), message("b", event(2))});
  intake.meanwhile = [this] { clock.time += 35s; };  // a certificate, a slow commit
  ASSERT_TRUE(receive().has_value());
  EXPECT_EQ(count("ChangeMessageVisibility"), 1) << "of the second alone";
  EXPECT_EQ(deleted.size(), 2u);
}

TEST_F(SqsPollerTest, LetsItComeAgainAfterTenMinutes) {
  given = json::array({message("a", event(1))});
  intake.away = 1000;
  auto one = poller();
  const auto begun = clock.time;
  try {
    receive(one);
  } catch (const Enough&) {
    FAIL() << "it held the queue for too long";
  }
  EXPECT_LE(clock.time - begun, 10min + 10s);
  EXPECT_TRUE(deleted.empty());
}

TEST_F(SqsPollerTest, SetsPoisonAsideAndDeletesIt) {
  given = json::array({message("a", "no json"), message("b", event(2))});
  ASSERT_TRUE(receive().has_value());
  ASSERT_EQ(intake.stored.size(), 2u);
  const auto& chore = std::get<Chore>(*intake.stored[0].job);
  EXPECT_EQ(chore.kind, poison_kind);
  const auto poison = set_aside_in(chore);
  ASSERT_TRUE(poison.has_value());
  EXPECT_EQ(poison->message, "a");
  EXPECT_EQ(poison->body, "no json");
  EXPECT_EQ(deleted.size(), 2u);
}

TEST_F(SqsPollerTest, KeepsNoBodyThatIsTooLarge) {
  given = json::array({message("a", std::string(300u << 10, 'x'))});
  ASSERT_TRUE(receive().has_value());
  EXPECT_EQ(set_aside_in(std::get<Chore>(*intake.stored.at(0).job))->body, "");
}

TEST_F(SqsPollerTest, LeavesADamagedMessageWhereItIs) {
  given = json::array({message("a", event(1))});
  given[0]["MD5OfBody"] = crypto::md5_hex("something else").value();
  ASSERT_TRUE(receive().has_value());
  EXPECT_TRUE(intake.stored.empty());
  EXPECT_EQ(count("DeleteMessageBatch"), 0);
}

TEST_F(SqsPollerTest, DeletesARepeat) {
  given = json::array({message("a", event(1)), message("b", event(1))});
  ASSERT_TRUE(receive().has_value());
  EXPECT_EQ(intake.stored.size(), 1u);
  EXPECT_EQ(deleted.size(), 2u);
}

TEST_F(SqsPollerTest, DeletesOnceMoreWhatWasNotDeleted) {
  given = json::array({message("a", event(1)), message("b", event(2))});
  undeletable = 1;
  ASSERT_TRUE(receive().has_value());
  EXPECT_EQ(deleted, (std::vector<std::string>{"receipt-b", "receipt-a"}));
  EXPECT_EQ(count("DeleteMessageBatch"), 2);
}

TEST_F(SqsPollerTest, AsksForOneWhereTenAreMoreThanAnyAnswerMayBe) {
  auto one = poller();
  receive(one);
  auto usual = transport.reply;
  transport.reply = [](const net::Call&) -> Result<net::Answer> {
    return error(Errc::internal, "answer too large");
  };
  EXPECT_TRUE(receive(one).has_error());
  transport.reply = usual;
  receive(one);
  EXPECT_EQ(asked.back().second.at("MaxNumberOfMessages"), 1);
  receive(one);
  EXPECT_EQ(asked.back().second.at("MaxNumberOfMessages"), 10);
}

TEST_F(SqsPollerTest, WaitsLongerWithEachFailureAndTellsOnceAfterFiveMinutes) {
  refusals["GetQueueUrl"] = "com.amazonaws.sqs#QueueDoesNotExist";
  random = 0;
  auto one = poller();
  run_until_enough(one);
  EXPECT_EQ(std::vector(pauses.begin(), pauses.begin() + 8),
            (std::vector<Duration>{1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].substr(0, 6), "ringi ");
  refusals.clear();
  pauses.clear();
  intake.meanwhile = [] { throw Enough{}; };
  given = json::array({message("a", event(1))});
  run_until_enough(one);
  EXPECT_EQ(told.back().substr(0, 5), "ringi");
}

TEST(SetAside, SurvivesItsChore) {
  const auto read = set_aside_in(chore_of({"arn", "id", "body \xff"}));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->queue, "arn");
  EXPECT_EQ(read->message, "id");
  EXPECT_FALSE(set_aside_in({"sqs.poison", "", "[]"}).has_value());
}

TEST(SetAside, HasASentenceForEveryReason) {
  for (const char* reason : {"no_json", "neither_envelope_nor_event", "event", "envelope",
                             "no_notification", "topic", "signature", "certificate_url"})
    EXPECT_FALSE(sentence_of(reason).empty()) << reason;
  EXPECT_NE(sentence_of("topic").find("[aws.sns] topics"), std::string_view::npos);
}

}  // namespace
}  // namespace ringi::aws
