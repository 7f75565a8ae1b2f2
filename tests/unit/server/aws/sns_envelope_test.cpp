#include "server/aws/sns_envelope.hpp"

#include "server/aws/sns_topics.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace ringi::aws {
namespace {

using nlohmann::json;

json notification() {
  return {{"Type", "Notification"},
          {"MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"},
          {"TopicArn", "arn:aws:sns:us-west-2:123456789012:chatops"},
          {"Message", "{\"a\":\n1}"},
          {"Timestamp", "2026-05-02T00:54:06.655Z"},
          {"SignatureVersion", "2"},
          {"Signature", "AAAA"},
          {"SigningCertURL", "https://sns.us-west-2.amazonaws.com/x.pem"},
          {"UnsubscribeURL", "https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe"},
          {"MessageAttributes", {{"k", {{"Type", "String"}, {"Value", "v"}}}}}};
}

TEST(SnsEnvelope, IsReadWithEveryValueAsItStands) {
  const auto envelope = parse_sns_envelope(notification().dump());
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->message, "{\"a\":\n1}");
  EXPECT_EQ(envelope->topic.region.str(), "us-west-2");
  EXPECT_EQ(envelope->topic.account.str(), "123456789012");
  EXPECT_EQ(envelope->topic.name, "chatops");
  EXPECT_FALSE(envelope->subject);
  EXPECT_EQ(rfc3339(envelope->sent), "2026-05-02T00:54:06.655Z");
}

TEST(SnsEnvelope, TakesANullSubjectForNone) {
  auto message = notification();
  message["Subject"] = nullptr;
  const auto envelope = parse_sns_envelope(message.dump());
  ASSERT_TRUE(envelope);
  EXPECT_FALSE(envelope->subject);
}

struct Bad {
  const char* name;
  std::function<std::string()> body;
};

std::string with(const char* key, json value) {
  auto message = notification();
  message[key] = std::move(value);
  return message.dump();
}

std::string without(const char* key) {
  auto message = notification();
  message.erase(key);
  return message.dump();
}

class BadEnvelope : public testing::TestWithParam<Bad> {};

TEST_P(BadEnvelope, IsNoEnvelope) {
  EXPECT_FALSE(parse_sns_envelope(GetParam().body()));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadEnvelope,
    testing::Values(
        Bad{"empty", [] { return std::string{}; }},
        Bad{"array", [] { return "[" + notification().dump() + "]"; }},
        Bad{"text_after", [] { return notification().dump() + "x"; }},
        Bad{"two_types",
            [] { return R"({"Type":"Notification",)" + notification().dump().substr(1); }},
        Bad{"not_utf8",
            [] {
              return R"({"Type":")"
                     "\xff"
                     R"("})";
            }},
        Bad{"deep_inside", [] { return R"({"Type":)" + std::string(100'000, '['); }},
        Bad{"deep", [] { return std::string(100'000, '['); }},
        Bad{"other_type", [] { return with("Type", "notification"); }},
        Bad{"no_topic", [] { return without("TopicArn"); }},
        Bad{"topic_of_sqs",
            [] { return with("TopicArn", "arn:aws:sqs:us-west-2:123456789012:q"); }},
        Bad{"wrong_partition",
            [] { return with("TopicArn", "arn:aws:sns:cn-north-1:123456789012:q"); }},
        Bad{"subscription_arn",
            [] { return with("TopicArn", "arn:aws:sns:us-west-2:123456789012:q:1"); }},
        Bad{"region_with_dot",
            [] { return with("TopicArn", "arn:aws:sns:evil.tld/:123456789012:q"); }},
        Bad{"number_as_message", [] { return with("Message", 1); }},
        Bad{"object_as_message", [] { return with("Message", json::object()); }},
        Bad{"null_message", [] { return with("Message", nullptr); }},
        Bad{"no_signature", [] { return without("Signature"); }},
        Bad{"number_as_version", [] { return with("SignatureVersion", 2); }},
        Bad{"no_certificate", [] { return without("SigningCertURL"); }},
        Bad{"local_time", [] { return with("Timestamp", "2026-05-02T00:54:06+09:00"); }},
        Bad{"line_break_in_id", [] { return with("MessageId", "a\nSubject\nb"); }},
        Bad{"line_break_in_subject", [] { return with("Subject", "a\nTimestamp\nb"); }},
        Bad{"nul_in_id",
            [] {
              return with("MessageId", std::string{"a\0b", 3});
            }},
        Bad{"long_subject", [] { return with("Subject", std::string(401, 'a')); }},
        Bad{"array_as_subject", [] { return with("Subject", json::array()); }},
        Bad{"confirmation_without_token", [] { return with("Type", "SubscriptionConfirmation"); }}),
    [](const auto& row) { return row.param.name; });

SnsTopics topics(std::vector<std::string> patterns, std::set<Region> regions = {}) {
  SnsTopics made;
  made.configure(patterns, {*AccountId::parse("222233334444")}, std::move(regions));
  return made;
}

bool allowed(const SnsTopics& list, const char* arn) {
  return list.allow(*parse_topic_arn(arn));
}

TEST(SnsTopics, AreNoneWhenNoneAreNamed) {
  EXPECT_FALSE(allowed(topics({}), "arn:aws:sns:us-east-1:111122223333:ringi-x"));
}

TEST(SnsTopics, AreAllowedByNameAndAccount) {
  const auto list = topics({"arn:aws:sns:*:111122223333:ringi-*"});
  EXPECT_TRUE(allowed(list, "arn:aws:sns:us-east-1:111122223333:ringi-x"));
  EXPECT_FALSE(allowed(list, "arn:aws:sns:us-east-1:111122223333:other"));
  EXPECT_FALSE(allowed(list, "arn:aws:sns:us-east-1:999999999999:ringi-x"));
}

TEST(SnsTopics, OfRegisteredAccountsAreAllowedByOneWord) {
  const auto list = topics({"arn:aws:sns:*:{accounts}:ringi-approvals"});
  EXPECT_TRUE(allowed(list, "arn:aws:sns:us-east-1:222233334444:ringi-approvals"));
  EXPECT_FALSE(allowed(list, "arn:aws:sns:us-east-1:111122223333:ringi-approvals"));
}

TEST(SnsTopics, OfAnyAccountCannotBeNamed) {
  EXPECT_FALSE(allowed(topics({"arn:aws:sns:*:*:ringi-approvals"}),
                       "arn:aws:sns:us-east-1:222233334444:ringi-approvals"));
}

TEST(SnsTopics, AGlobStaysInItsPartOfTheArn) {
  EXPECT_FALSE(allowed(topics({"arn:aws:sns:*"}), "arn:aws:sns:us-east-1:222233334444:x"));
}

TEST(SnsTopics, OfAGlobAreThoseOfRegionsThatExistOrWereConfigured) {
  const auto list = topics({"arn:aws:sns:*:111122223333:ringi-*"}, {*Region::parse("eu-west-7")});
  EXPECT_TRUE(allowed(list, "arn:aws:sns:eu-west-1:111122223333:ringi-events"));
  EXPECT_TRUE(allowed(list, "arn:aws:sns:eu-west-7:111122223333:ringi-events"));
  EXPECT_FALSE(allowed(list, "arn:aws:sns:eu-west-8:111122223333:ringi-events"));
}

TEST(SnsTopics, OfARegionThatIsSpelledOutNeedNoTable) {
  const auto list = topics({"arn:aws:sns:eu-west-8:111122223333:ringi-*"});
  EXPECT_TRUE(allowed(list, "arn:aws:sns:eu-west-8:111122223333:ringi-events"));
  EXPECT_FALSE(allowed(list, "arn:aws:sns:eu-west-9:111122223333:ringi-events"));
}

TEST(SnsTopics, StayInTheirPartition) {
  const auto commercial = topics({"arn:aws:sns:*:111122223333:ringi-*"});
  EXPECT_FALSE(allowed(commercial, "arn:aws-cn:sns:cn-north-1:111122223333:ringi-events"));
  EXPECT_FALSE(allowed(commercial, "arn:aws-us-gov:sns:us-gov-west-1:111122223333:ringi-events"));
  const auto government = topics({"arn:aws-us-gov:sns:*:111122223333:ringi-*"});
  EXPECT_TRUE(allowed(government, "arn:aws-us-gov:sns:us-gov-west-1:111122223333:ringi-events"));
  EXPECT_FALSE(allowed(government, "arn:aws:sns:us-east-1:111122223333:ringi-events"));
}

}  // namespace
}  // namespace ringi::aws
