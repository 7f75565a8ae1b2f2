#include "server/aws/sns_endpoint.hpp"
#include "server/aws/sns_envelope.hpp"
#include "tests/unit/checkout.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using nlohmann::json;
using ringi::test::corpora;
using ringi::test::text_of_file;

Notification notification_with(const std::string& message) {
  SnsEnvelope envelope;
  envelope.topic = *parse_topic_arn("arn:aws:sns:sa-east-1:999988887777:ringi-events");
  envelope.message = message;
  return std::get<Notification>(request_of(envelope));
}

// What aws-lambda-go and aws-lambda-java-libs keep as samples of what AWS sends.
TEST(SnsRequest, TakesAccountAndRegionOfEverySampleThatIsAnEvent) {
  if (!exists(corpora("events"))) GTEST_SKIP() << "no corpora";
  int events = 0, others = 0;
  for (const auto& entry : std::filesystem::directory_iterator{corpora("events")}) {
    SCOPED_TRACE(entry.path().filename().string());
    const auto text = text_of_file(entry.path());
    const auto sample = json::parse(text);
    const bool event = sample.contains("detail-type");
    ++(event ? events : others);
    const auto notification = notification_with(text);
    EXPECT_EQ(notification.message, text);
    EXPECT_EQ(notification.account.str(), event ? sample.value("account", "") : "999988887777");
    EXPECT_EQ(notification.region.str(), event ? sample.value("region", "") : "sa-east-1");
  }
  EXPECT_EQ(events, 6);
  EXPECT_EQ(others, 7);
}

}  // namespace
}  // namespace ringi::aws
