#include "server/aws/sqs_message.hpp"

#include "server/crypto/old_digests.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using nlohmann::json;

constexpr const char* envelope = R"({"Type":"Notification",
"MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
"TopicArn":"arn:aws:sns:us-west-2:123456789012:chatops","Message":"{}",
"Timestamp":"2026-05-02T00:54:06.655Z","SignatureVersion":"2","Signature":"QUJD",
"SigningCertURL":"https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0.pem"})";

constexpr const char* event =
    R"({"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718","detail-type":"CodePipeline",
"source":"aws.codepipeline","account":"222233334444","region":"ap-northeast-1","detail":{"a":[1]}})";

TEST(SqsBody, MayBeAnEnvelopeOfSns) {
  const auto meaning = meaning_of(envelope);
  ASSERT_TRUE(std::holds_alternative<SnsEnvelope>(meaning));
  EXPECT_EQ(std::get<SnsEnvelope>(meaning).message_id, "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324");
}

TEST(SqsBody, MayBeAnEventOfEventBridge) {
  const auto meaning = meaning_of(event);
  ASSERT_TRUE(std::holds_alternative<QueuedEvent>(meaning));
  const auto& [id, notification] = std::get<QueuedEvent>(meaning);
  EXPECT_EQ(id, "6a7e8feb-b491-4cf7-a9f1-bf3703467718");
  EXPECT_EQ(notification.source, Notification::Source::events);
  EXPECT_EQ(notification.account.str(), "222233334444");
  EXPECT_EQ(notification.region.str(), "ap-northeast-1");
  EXPECT_EQ(notification.message, event);
  EXPECT_TRUE(notification.topic.empty());
}

struct Bad {
  const char *name, *body, *reason;
};

class BadBody : public testing::TestWithParam<Bad> {};

TEST_P(BadBody, IsPoisonWithItsReason) {
  const auto meaning = meaning_of(GetParam().body);
  ASSERT_TRUE(std::holds_alternative<Poison>(meaning));
  EXPECT_EQ(std::get<Poison>(meaning).reason, GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadBody,
    testing::Values(
        Bad{"empty", "", "no_json"}, Bad{"text", "hello", "no_json"},
        Bad{"a_list", "[1]", "no_json"}, Bad{"cut_off", R"({"source":"a")", "no_json"},
        Bad{"no_utf8", "{\"source\":\"\xff\"}", "no_json"},
        Bad{"a_name_twice", R"({"source":"a","source":"b"})", "no_json"},
        Bad{"something_else", R"({"approval":{"pipelineName":"web"}})",
            "neither_envelope_nor_event"},
        Bad{"names_that_are_no_text", R"({"source":1,"detail-type":{}})",
            "neither_envelope_nor_event"},
        Bad{"an_event_without_id",
            R"({"source":"a","detail-type":"b","account":"222233334444","region":"eu-west-1"})",
            "event"},
        Bad{"an_event_without_account",
            R"({"source":"a","detail-type":"b","id":"1","region":"eu-west-1"})", "event"},
        Bad{"an_event_of_no_region",
            R"({"source":"a","detail-type":"b","id":"1","account":"222233334444","region":"x"})",
            "event"},
        Bad{"an_id_that_is_none",
            R"({"source":"a","detail-type":"b","id":"a b","account":"222233334444","region":"eu-west-1"})",
            "event"},
        Bad{"an_envelope_that_is_not_whole",
            R"({"Type":"Notification","TopicArn":"arn:aws:sns:us-west-2:123456789012:x"})",
            "envelope"}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(SqsBody, IsNoConfirmation) {
  auto json_envelope = json::parse(envelope);
  json_envelope["Type"] = "SubscriptionConfirmation";
  json_envelope["Token"] = "abc";
  json_envelope["SubscribeURL"] = "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription";
  const auto meaning = meaning_of(json_envelope.dump());
  ASSERT_TRUE(std::holds_alternative<Poison>(meaning));
  EXPECT_EQ(std::get<Poison>(meaning).reason, "no_notification");
}

TEST(SqsMessages, AreThoseWithWhatIsNeeded) {
  EXPECT_TRUE(messages_of(json::object()).empty()) << "the key is missing when there are none";
  const auto messages = messages_of({{"Messages",
                                      {{{"MessageId", "1"},
                                        {"ReceiptHandle", "r"},
                                        {"Body", "hello"},
                                        {"MD5OfBody", "5d41402abc4b2a76b9719d911017c592"}},
                                       {{"MessageId", "2"},
                                        {"ReceiptHandle", "r"},
                                        {"Body", "hellO"},
                                        {"MD5OfBody", "5d41402abc4b2a76b9719d911017c592"}},
                                       {{"MessageId", "3"}, {"Body", "no receipt"}},
                                       {{"MessageId", 4}, {"ReceiptHandle", "r"}, {"Body", "x"}},
                                       7}}});
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_TRUE(messages[0].whole);
  EXPECT_FALSE(messages[1].whole) << "its MD5 is of something else";
}

TEST(Md5, IsThatOfRfc1321) {
  EXPECT_EQ(crypto::md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(crypto::md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
}

}  // namespace
}  // namespace ringi::aws
