#include "server/aws/sns_endpoint.hpp"

#include "server/aws/sns_certificates.hpp"
#include "server/aws/sns_topics.hpp"
#include "server/store/intake.hpp"
#include "tests/unit/server/aws/copies.hpp"
#include "tests/unit/server/aws/sns_signer.hpp"
#include "tests/unit/server/aws/world.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::answer;
using test::in_turn;
using test::SnsSigner;
using testing::HasSubstr;
using testing::Not;

struct FakeIntake : store::Intake {
  std::vector<store::Incoming> stored;
  bool away = false;
  Task<Result<store::Accepted>> accept(store::Incoming incoming) override {
    if (away) co_return error(Errc::unavailable, "the store is away");
    stored.push_back(std::move(incoming));
    co_return store::Accepted{};
  }
};

const SnsSigner& signer() {
  static const SnsSigner made{{}};
  return made;
}

const std::string file = "/SimpleNotificationService-" + std::string(32, '0') + ".pem";
const std::string topic = "arn:aws:sns:us-east-1:111122223333:ringi-events";

class SnsEndpointTest : public test::World {
 protected:
  void SetUp() override {
    topics.configure({"arn:aws:sns:*:111122223333:ringi-*"}, {}, {});
    transport.reply = in_turn({answer(200, signer().pem())});
    copies.now = clock.time;
  }

  json message(std::string text = "hello") const {
    return {{"Type", "Notification"},
            {"MessageId", "id-1"},
            {"TopicArn", topic},
            {"Message", std::move(text)},
            {"Timestamp", rfc3339(clock.time - 10s)},
            {"SignatureVersion", "2"},
            {"SigningCertURL", "https://sns.us-east-1.amazonaws.com" + file}};
  }

  json confirmation(const char* type) const {
    auto made = message("You have chosen to subscribe.\nVisit");
    made["Type"] = type;
    made["Token"] = "2336412f37";
    made["SubscribeURL"] = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription";
    return made;
  }

  http::Response post(const json& body, std::vector<http::Header> headers = {}) {
    http::Request request{.method = "POST", .path = "/aws/sns", .headers = std::move(headers)};
    request.body = body.dump();
    return run(endpoint.handle(std::move(request)));
  }

  int status_of(const json& body) { return post(body).status; }

  const Notification& notification() { return std::get<Notification>(*intake.stored.at(0).job); }

  FakeIntake intake;
  test::FakeCopies copies;
  SnsTopics topics;
  SnsCertificates certificates{{transport, clock, tasks, copies, log}};
  SnsVerifier verifier{topics, certificates, clock, {}};
  SnsEndpoint endpoint{verifier, intake, metrics, log};
};

TEST_F(SnsEndpointTest, StoresAGenuineNotificationOnceVerified) {
  for (const auto* version : {"1", "2"}) {
    auto made = message();
    made["SignatureVersion"] = version;
    made["Subject"] = "about it";
    EXPECT_EQ(status_of(signer().signed_message(made)), 200);
  }
  ASSERT_EQ(intake.stored.size(), 2U);
  EXPECT_EQ(intake.stored[0].keys, (std::vector<std::string>{"sns:id-1"}));
  EXPECT_EQ(notification().topic, topic);
  EXPECT_EQ(notification().account.str(), "111122223333");
  EXPECT_EQ(notification().message, "hello");
  EXPECT_EQ(transport.calls.size(), 1U);
  EXPECT_EQ(transport.calls[0].method, "GET");
  EXPECT_EQ(transport.calls[0].max_response, 65536U);
}

TEST_F(SnsEndpointTest, TakesAccountAndRegionFromTheEventThatTheMessageBears) {
  const json event{{"detail-type", "X"},
                   {"source", "aws.codepipeline"},
                   {"account", "222233334444"},
                   {"region", "eu-west-1"},
                   {"detail", {{"account", "1"}}}};
  EXPECT_EQ(status_of(signer().signed_message(message(event.dump()))), 200);
  EXPECT_EQ(notification().account.str(), "222233334444");
  EXPECT_EQ(notification().region.str(), "eu-west-1");
}

TEST_F(SnsEndpointTest, KeepsTheTopicsAccountWhenTheMessageIsNoEvent) {
  const json other{{"account", "222233334444"}, {"region", "eu-west-1"}, {"AlarmName", "x"}};
  EXPECT_EQ(status_of(signer().signed_message(message(other.dump()))), 200);
  EXPECT_EQ(notification().account.str(), "111122223333");
}

TEST_F(SnsEndpointTest, AsksForNothingBeforeTheTopicIsKnown) {
  auto made = message();
  made["TopicArn"] = "arn:aws:sns:us-east-1:999999999999:ringi-events";
  EXPECT_EQ(status_of(signer().signed_message(made)), 403);
  EXPECT_TRUE(transport.calls.empty());
  EXPECT_TRUE(intake.stored.empty());
  EXPECT_THAT(metrics.text(), HasSubstr(R"(ringi_sns_rejected_total{reason="topic"} 1)"));
}

// "*" as the region must not let a stranger choose which host names are looked up.
TEST_F(SnsEndpointTest, AsksForNothingInARegionThatIsInvented) {
  for (const auto* region : {"us-invented-1", "eu-west-99", "xx-north-1"}) {
    auto made = message();
    made["TopicArn"] = std::string{"arn:aws:sns:"} + region + ":111122223333:ringi-events";
    made["SigningCertURL"] = std::string{"https://sns."} + region + ".amazonaws.com" + file;
    EXPECT_EQ(status_of(signer().signed_message(made)), 403) << region;
  }
  EXPECT_TRUE(transport.calls.empty());
}

TEST_F(SnsEndpointTest, CallsTheCertificatesHostsByOneName) {
  EXPECT_EQ(status_of(signer().signed_message(message())), 200);
  EXPECT_EQ(transport.calls.at(0).purpose, "sns");
}

TEST_F(SnsEndpointTest, RefusesAForgedSignatureWithoutALineOfItsBody) {
  auto made = signer().signed_message(message());
  made["Message"] = "approve everything";
  const auto response = post(made);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body, R"({"error":"forbidden"})");
  EXPECT_THAT(logged.str(), HasSubstr("reason=signature topic=" + topic));
  EXPECT_THAT(logged.str(), Not(HasSubstr("approve everything")));
}

TEST_F(SnsEndpointTest, RefusesAMessageWhoseSubjectWasLeftOutOfTheSignature) {
  auto made = signer().signed_message(message());  // as moto signs it
  made["Subject"] = "about it";
  EXPECT_EQ(status_of(made), 403);
}

TEST_F(SnsEndpointTest, RefusesACertificateFromElsewhereWithoutAskingThere) {
  auto made = message();
  made["SigningCertURL"] = "https://sns.us-east-1.amazonaws.com.evil.tld" + file;
  EXPECT_EQ(status_of(signer().signed_message(made)), 403);
  EXPECT_TRUE(transport.calls.empty());
}

TEST_F(SnsEndpointTest, HasSnsRepeatWhatCannotBeVerifiedNow) {
  for (const auto& failed : {answer(404, ""), answer(301, ""), answer(200, "<html>log in</html>"),
                             Result<net::Answer>{error(Errc::unavailable, "x")}}) {
    transport.reply = in_turn({failed});
    const auto response = post(signer().signed_message(message()));
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.headers.at(0).name, "retry-after");
    clock.time += 5s;
  }
  EXPECT_EQ(transport.calls.size(), 4U);
  transport.reply = in_turn({answer(200, signer().pem())});
  EXPECT_EQ(status_of(signer().signed_message(message())), 200);
}

// SNS tries again soon, and only a few times.
TEST_F(SnsEndpointTest, RemembersAFailureForAFewSecondsOnly) {
  transport.reply = in_turn({answer(500, ""), answer(200, signer().pem())});
  EXPECT_EQ(status_of(signer().signed_message(message())), 503);
  clock.time += 4s;
  EXPECT_EQ(status_of(signer().signed_message(message())), 503);
  EXPECT_EQ(transport.calls.size(), 1U);
  clock.time += 1s;
  EXPECT_EQ(status_of(signer().signed_message(message())), 200);
}

TEST_F(SnsEndpointTest, RefusesACertificateThatIsNoGood) {
  const SnsSigner another{{.name = "sns.example.com"}};
  transport.reply = in_turn({answer(200, another.pem())});
  EXPECT_EQ(status_of(another.signed_message(message())), 403);
  clock.time += 59s;
  EXPECT_EQ(status_of(another.signed_message(message())), 403);
  EXPECT_EQ(transport.calls.size(), 1U);
  EXPECT_TRUE(copies.rows.empty());
}

// Our clock may be the one that is wrong: what SNS gave up would be lost.
TEST_F(SnsEndpointTest, HasSnsRepeatWhatACertificateOutOfItsDatesHasSigned) {
  const SnsSigner expired{{.not_after = clock.time - 24h}};
  transport.reply = in_turn({answer(200, expired.pem())});
  EXPECT_EQ(status_of(expired.signed_message(message())), 503);
  EXPECT_THAT(logged.str(), HasSubstr("expired by our clock"));
  EXPECT_TRUE(copies.rows.empty());
}

TEST_F(SnsEndpointTest, SaysThatACertificateCouldNotBeKeptAndGoesOn) {
  copies.away = true;
  EXPECT_EQ(status_of(signer().signed_message(message())), 200);
  EXPECT_THAT(logged.str(), HasSubstr("sns certificate not read"));
  EXPECT_THAT(logged.str(), HasSubstr("sns certificate not stored"));
}

TEST_F(SnsEndpointTest, FetchesACertificateOnceForManyMessages) {
  std::vector<std::optional<http::Response>> responses(10);
  for (auto& response : responses) {
    http::Request request{.method = "POST", .path = "/aws/sns"};
    request.body = signer().signed_message(message()).dump();
    start(endpoint.handle(std::move(request)), response);
  }
  run_all();
  for (const auto& response : responses) EXPECT_EQ(response.value().status, 200);
  EXPECT_EQ(transport.calls.size(), 1U);
}

TEST_F(SnsEndpointTest, TakesTheCertificateFromTheStoreAfterARestart) {
  EXPECT_EQ(status_of(signer().signed_message(message())), 200);
  SnsCertificates again{{transport, clock, tasks, copies, log}};
  const auto key = run(again.key("https://sns.us-east-1.amazonaws.com" + file,
                                 *Region::parse("us-east-1"), CertificateHost::sns));
  EXPECT_TRUE(key);
  EXPECT_EQ(transport.calls.size(), 1U);
}

TEST_F(SnsEndpointTest, DoesNotMakeAStoredCertificateYoungerByUsingIt) {
  copies.rows["certificate https://sns.us-east-1.amazonaws.com" + file] = {signer().pem(),
                                                                           clock.time - 23h};
  EXPECT_EQ(status_of(signer().signed_message(message())), 200);
  EXPECT_TRUE(transport.calls.empty());
  EXPECT_EQ(copies.rows.begin()->second.as_of, clock.time - 23h);
}

TEST_F(SnsEndpointTest, AsksAgainAfterADay) {
  EXPECT_EQ(status_of(signer().signed_message(message())), 200);
  clock.time += 24h;
  EXPECT_EQ(status_of(signer().signed_message(message())), 200);
  EXPECT_EQ(transport.calls.size(), 2U);
}

TEST_F(SnsEndpointTest, WeighsTheAgeOfAMessage) {
  const auto at = [this](Duration age) {
    auto made = message();
    made["Timestamp"] = rfc3339(clock.time - age);
    return signer().signed_message(made);
  };
  EXPECT_EQ(status_of(at(70min)), 200);
  EXPECT_EQ(status_of(at(70min + 1s)), 403);
  EXPECT_EQ(status_of(at(-5min)), 200);
  EXPECT_EQ(status_of(at(-5min - 1s)), 503);
}

TEST_F(SnsEndpointTest, IsNotConfusedByTheContentType) {
  const std::vector<http::Header> headers{{"content-type", "image/png"}};
  EXPECT_EQ(post(signer().signed_message(message()), headers).status, 200);
}

TEST_F(SnsEndpointTest, RefusesHeadersThatContradictTheBody) {
  const auto made = signer().signed_message(message());
  EXPECT_EQ(post(made, {{"x-amz-sns-message-type", "Notification"},
                        {"x-amz-sns-message-id", "id-1"},
                        {"x-amz-sns-topic-arn", topic}})
                .status,
            200);
  EXPECT_EQ(post(made, {{"x-amz-sns-message-type", "SubscriptionConfirmation"}}).status, 400);
  EXPECT_EQ(post(made, {{"x-amz-sns-message-id", "id-2"}}).status, 400);
  EXPECT_EQ(post(made, {{"x-amz-sns-topic-arn", topic + "x"}}).status, 400);
}

TEST_F(SnsEndpointTest, RefusesRawDelivery) {
  EXPECT_EQ(post(signer().signed_message(message()), {{"x-amz-sns-rawdelivery", "true"}}).status,
            403);
}

TEST_F(SnsEndpointTest, CallsNonsenseMalformed) {
  EXPECT_EQ(status_of({{"Type", "Hello"}}), 400);
}

TEST_F(SnsEndpointTest, HasSnsRepeatWhatCouldNotBeStored) {
  intake.away = true;
  EXPECT_EQ(status_of(signer().signed_message(message())), 503);
}

TEST_F(SnsEndpointTest, StoresAConfirmationAsAChoreAndFollowsNoUrl) {
  EXPECT_EQ(status_of(signer().signed_message(confirmation("SubscriptionConfirmation"))), 200);
  const auto& chore = std::get<Chore>(*intake.stored.at(0).job);
  EXPECT_EQ(chore.kind, "topic.confirm");
  EXPECT_EQ(chore.key, topic + " id-1");  // a second confirmation is not merged into the first
  EXPECT_EQ(json::parse(chore.payload), (json{{"topic", topic}, {"token", "2336412f37"}}));
  EXPECT_EQ(transport.calls.size(), 1U);  // the certificate
}

TEST_F(SnsEndpointTest, TellsOfAnUnsubscriptionAndKeepsNoToken) {
  EXPECT_EQ(status_of(signer().signed_message(confirmation("UnsubscribeConfirmation"))), 200);
  const auto& chore = std::get<Chore>(*intake.stored.at(0).job);
  EXPECT_EQ(chore.kind, "topic.unsubscribed");
  EXPECT_THAT(chore.payload, Not(HasSubstr("2336412f37")));
}

}  // namespace
}  // namespace ringi::aws
