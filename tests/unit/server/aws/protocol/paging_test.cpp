#include "server/aws/protocol/paging.hpp"

#include "server/aws/models/models.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using nlohmann::json;

Pages pages(const char* service, const char* operation) {
  static Models models;
  return models.find(service)->find(operation)->pages.value();
}

std::optional<json> after(const Pages& how, const json& input, const json& output) {
  return next_input(how, input, output).value();
}

TEST(Paging, AsksForThePageAfterTheToken) {
  const auto how = pages("organizations", "ListAccounts");
  EXPECT_EQ(after(how, {{"MaxResults", 20}}, {{"Accounts", json::array()}, {"NextToken", "t"}}),
            (json{{"MaxResults", 20}, {"NextToken", "t"}}))
      << "an empty page may have a next one";
  for (const json& last :
       {json{{"Accounts", {}}}, json{{"NextToken", nullptr}}, json{{"NextToken", ""}}})
    EXPECT_FALSE(after(how, {{"NextToken", "t"}}, last)) << last;
}

TEST(Paging, NeverAsksForTheSamePageAgain) {
  const auto how = pages("organizations", "ListAccounts");
  const auto next = next_input(how, {{"NextToken", "t"}}, {{"NextToken", "t"}});
  ASSERT_TRUE(next.has_error());
  EXPECT_EQ(next.error().code, Errc::internal);
}

TEST(Paging, EndsWhereTheAnswerSaysThatThereIsNoMore) {
  const auto how = pages("iam", "ListUsers");
  EXPECT_FALSE(after(how, {}, {{"Marker", "m"}, {"IsTruncated", false}}));
  EXPECT_EQ(after(how, {}, {{"Marker", "m"}, {"IsTruncated", true}}), (json{{"Marker", "m"}}));
}

TEST(Paging, TakesSeveralTokensTogether) {
  const auto how = pages("route53", "ListResourceRecordSets");
  const json output{{"IsTruncated", true}, {"NextRecordName", "b."}, {"NextRecordType", "A"}};
  const auto next = after(how, {{"HostedZoneId", "Z"}, {"StartRecordIdentifier", "old"}}, output);
  EXPECT_EQ(*next,
            (json{{"HostedZoneId", "Z"}, {"StartRecordName", "b."}, {"StartRecordType", "A"}}));
}

TEST(Paging, TakesTheLastResultForATokenWhereTheModelSaysSo) {
  const auto how = pages("s3", "ListObjects");
  const json named{{"IsTruncated", true}, {"NextMarker", "n"}, {"Contents", {{{"Key", "k"}}}}};
  EXPECT_EQ(after(how, {{"Bucket", "b"}}, named)->at("Marker"), "n");
  const json unnamed{{"IsTruncated", true}, {"Contents", {{{"Key", "j"}}, {{"Key", "k"}}}}};
  EXPECT_EQ(after(how, {{"Bucket", "b"}}, unnamed)->at("Marker"), "k");
  EXPECT_FALSE(after(how, {{"Bucket", "b"}}, {{"IsTruncated", true}, {"Contents", json::array()}}));
}

TEST(Paging, PutsResultsBehindEachOther) {
  const auto how = pages("iam", "GetAccountAuthorizationDetails");
  json all{{"UserDetailList", {1}}, {"IsTruncated", true}};
  add_page(how, all, {{"UserDetailList", {2, 3}}, {"Policies", {4}}, {"IsTruncated", false}});
  EXPECT_EQ(all, (json{{"UserDetailList", {1, 2, 3}}, {"Policies", {4}}, {"IsTruncated", true}}));
  EXPECT_EQ(count_results(how, all), 4U);
}

TEST(Paging, KnowsTheTokensOfOperationsWhoseModelSaysNothing) {
  EXPECT_EQ(pages("lightsail", "GetAlarms").input_tokens,
            std::vector<std::string_view>{"pageToken"});
  EXPECT_EQ(pages("lightsail", "GetAlarms").results, std::vector<std::string_view>{"alarms"});
  EXPECT_EQ(pages("waf", "ListRules").output_tokens, std::vector<std::string_view>{"NextMarker"});
  EXPECT_EQ(pages("route53", "ListTrafficPolicyInstances").input_tokens.size(), 3U);
}

// What is no structure does not stop what comes after it.
TEST(Paging, PassesOverWhatIsInTheWay) {
  const auto how = pages("athena", "GetQueryResults");
  json all{{"ResultSet", "x"}};
  add_page(how, all, {{"ResultSet", {{"Rows", {1}}}}});
  EXPECT_EQ(all, (json{{"ResultSet", "x"}}));
}

}  // namespace
}  // namespace ringi::aws
