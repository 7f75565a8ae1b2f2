#include "server/aws/sns_certificates.hpp"
#include "server/aws/sns_topics.hpp"
#include "server/aws/sns_verifier.hpp"
#include "server/aws/sqs_pollers.hpp"
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
  SqsParts parts_of() {
    return {.client = *client_,
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
            .tell = [this](const config::Queue& one, std::optional<Error> why) -> Task<> {
              told.push_back(one.name + (why ? " " + code_of(*why) : " back"));
              co_return;
            }};
  }
  static config::Queue queue() {
    return {"arn:aws:sqs:eu-west-1:111122223333:ringi", *Region::parse("eu-west-1"),
            *AccountId::parse("111122223333"), "ringi"};
  }
  SqsPoller poller() { return {parts_of(), queue()}; }
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

TEST_F(SqsPollerTest, SetsAsideWholeWhatWaitsForItsCertificate) {
  topics.configure({"arn:aws:sns:*:111122223333:ringi-*"}, {}, {});
  const auto certificate = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-" +
                           std::string(32, '0') + ".pem";
  const auto body = json{
      {"Type", "Notification"},
      {"MessageId", "id-1"},
      {"TopicArn", "arn:aws:sns:us-east-1:111122223333:ringi-events"},
      {"Message", std::string(600u << 10, 'x')},
      {"Timestamp", "2026-11-22T02:59:00.000Z"},
      {"SignatureVersion", "2"},
      {"Signature", "QUJD"},
      {"SigningCertURL",
       certificate}}.dump();
  given = json::array({message("a", body), message("b", event(2))});
  auto usual = transport.reply;
  transport.reply = [usual](const net::Call& call) {
    return call.method == "GET" ? answer(503, "") : usual(call);
  };
  ASSERT_TRUE(receive().has_value());
  EXPECT_TRUE(pauses.empty()) << "one message holds up no queue";
  ASSERT_EQ(intake.stored.size(), 2u);
  EXPECT_EQ(set_aside_in(std::get<Chore>(*intake.stored[0].job))->body, body);
  EXPECT_EQ(deleted.size(), 2u);
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
  receive(one);
  EXPECT_EQ(asked.back().second.at("MaxNumberOfMessages"), 1)
      << "those that were too large are still invisible";
  clock.time += 10min;
  receive(one);
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
  run_until_enough(one);
  EXPECT_EQ(told, (std::vector<std::string>{told[0], "ringi back"})) << "told once";
}

class SqsPollersTest : public SqsPollerTest {
 protected:
  static Task<int> over(SqsPollers& pollers, std::vector<config::Queue> first,
                        std::vector<config::Queue> second) {
    co_await pollers.configure(first);
    co_await runtime::sleep_for(1ms);
    co_await pollers.configure(second);
    co_await runtime::sleep_for(1ms);
    co_await pollers.stop();
    co_await pollers.configure(first);  // a reload that ends after the stop has begun
    co_return 0;
  }
};

TEST_F(SqsPollersTest, EndAndBeginWithTheConfigurationAndNeverAfterTheStop) {
  auto parts = parts_of();
  parts.sleep = runtime::sleep_for;
  refusals["GetQueueUrl"] = "com.amazonaws.sqs#QueueDoesNotExist";  // after it, a second's pause
  SqsPollers pollers{io.get_executor(), std::move(parts)};
  auto other = queue();
  other.arn += "-2";
  other.name += "-2";
  run(over(pollers, {queue()}, {other}));  // returns: nothing is left that would run on
  std::vector<std::string> named;
  for (const auto& [operation, input] : asked) named.push_back(input.value("QueueName", ""));
  EXPECT_EQ(named, (std::vector<std::string>{"ringi", "ringi-2"}));
}

TEST(SetAside, SurvivesItsChore) {
  const auto read = set_aside_in(chore_of({"arn", "id", "body \xff"}));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->queue, "arn");
  EXPECT_EQ(read->message, "id");
  EXPECT_FALSE(set_aside_in({"sqs.poison", "", "[]"}).has_value());
}

TEST(SetAside, HasASentenceForEveryReason) {
  for (const char* reason :
       {"no_json", "neither_envelope_nor_event", "event", "envelope", "no_notification", "topic",
        "signature_version", "certificate_url", "certificate", "certificate_unavailable"})
    EXPECT_NE(sentence_of(reason), sentence_of("signature")) << reason;
  EXPECT_NE(sentence_of("topic").find("[aws.sns] topics"), std::string_view::npos);
}

}  // namespace
}  // namespace ringi::aws
