#include "handlers/access/target.hpp"

#include "handlers/access/nearest.hpp"

#include <gtest/gtest.h>

namespace ringi::access {
namespace {

struct TargetCase {
  const char* name;
  const char* text;
  const char* account;
  const char* pipeline;
  const char* region;
};
class Targets : public testing::TestWithParam<TargetCase> {};

TEST_P(Targets, AreTakenApart) {
  const auto target = parse_target(GetParam().text);
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->account, GetParam().account);
  EXPECT_EQ(target->pipeline.str(), GetParam().pipeline);
  EXPECT_EQ(target->region ? target->region->str() : "", GetParam().region);
}

const TargetCase targets[] = {
    {"AccountAndPipeline", "web-prod/web", "web-prod", "web", ""},
    {"AccountId", "222233334444/web", "222233334444", "web", ""},
    {"WithRegion", "web-prod/web@eu-west-1", "web-prod", "web", "eu-west-1"},
    {"BarePipeline", "web", "", "web", ""},
    {"BarePipelineWithRegion", "web@us-gov-west-1", "", "web", "us-gov-west-1"},
    {"AtInTheName", "web-prod/web@blue", "web-prod", "web@blue", ""},
    {"AtInTheNameAndRegion", "web-prod/web@blue@ap-northeast-1", "web-prod", "web@blue",
     "ap-northeast-1"},
    {"ShapedLikeARegion", "web-prod/web@team-api-2", "web-prod", "web@team-api-2", ""},
};
INSTANTIATE_TEST_SUITE_P(All, Targets, testing::ValuesIn(targets),
                         [](const auto& row) { return row.param.name; });

TEST(Target, IsRefusedWhereNoPipelineIsNamed) {
  for (const char* text :
       {"", "/web", "web-prod/", "web-prod/a/b", "web-prod/@eu-west-1", "a b", "web/<x>"}) {
    EXPECT_TRUE(parse_target(text).has_error()) << text;
  }
}

TEST(RegionNames, AreThoseOfEveryPartition) {
  for (const char* region : {"us-east-1", "ap-southeast-5", "cn-northwest-1", "us-gov-east-1",
                             "us-isob-east-1", "mx-central-1", "il-central-1", "eusc-de-east-1"}) {
    EXPECT_TRUE(is_region_name(region)) << region;
  }
  for (const char* word : {"web-api-1", "us-1", "east-1", "US-EAST-1", "us-east", ""}) {
    EXPECT_FALSE(is_region_name(word)) << word;
  }
}

TEST(Nearest, IsATypingErrorOrTheOnlyBeginning) {
  const std::vector<std::string> words = {"start", "status", "stop", "list", "pending", "help"};
  EXPECT_EQ(nearest("strat", words), "start");
  EXPECT_EQ(nearest("lst", words), "list");
  EXPECT_EQ(nearest("pend", words), "pending");
  EXPECT_EQ(nearest("wbe", {"api", "web"}), "web");
}

TEST(Nearest, IsNothingWhereAGuessWouldMislead) {
  EXPECT_FALSE(nearest("frobnicate", {"start", "list"}));
  EXPECT_FALSE(nearest("", {"start"}));
  EXPECT_FALSE(nearest("web-p", {"web-prod-1", "web-prod-2"}));
  EXPECT_FALSE(nearest(std::string(10'000, 'a'), {"aaa"}));
}

}  // namespace
}  // namespace ringi::access
