#include "server/aws/session_policy.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using nlohmann::json;

// As long as AWS takes: 2,048 characters in all.
ports::IamActions many(std::size_t excess) {
  ports::IamActions actions;
  for (char c = 'a'; c <= 'y'; ++c)
    actions.insert(std::string{"codepipeline:"} + std::string(62, c));
  const auto used = session_policy(actions)->size();
  actions.insert("s:" + std::string(2048 - used - 5 + excess, 'z'));
  return actions;
}

TEST(SessionPolicy, AllowsTheNamedActionsOnEverythingOfTheRole) {
  const auto text =
      session_policy({"ec2:DescribeInstances", "codepipeline:ListPipelines", "s3-outposts:Get1"});
  const json expected{
      {"Version", "2012-10-17"},
      {"Statement",
       {{{"Effect", "Allow"},
         {"Action", {"codepipeline:ListPipelines", "ec2:DescribeInstances", "s3-outposts:Get1"}},
         {"Resource", "*"}}}}};
  EXPECT_EQ(json::parse(*text), expected);
}

TEST(SessionPolicy, IsTheSameTextForTheSameActions) {
  EXPECT_EQ(*session_policy({"a:A", "b:B", "a:A"}), *session_policy({"b:B", "a:A"}));
}

TEST(SessionPolicy, IsAsLongAsAwsTakesAndNoLonger) {
  EXPECT_EQ(session_policy(many(0))->size(), 2048U);
  const auto more = session_policy(many(1));
  EXPECT_EQ(more.error().code, Errc::invalid);
  EXPECT_EQ(more.error().person.text, "26 IAM actions are more than AWS takes for one session.");
}

struct Case {
  const char* name;
  ports::IamActions actions;
  Errc code;
};

class NoSessionPolicy : public testing::TestWithParam<Case> {};

TEST_P(NoSessionPolicy, IsMade) {
  const auto text = session_policy(GetParam().actions);
  ASSERT_TRUE(text.has_error()) << *text;
  EXPECT_EQ(text.error().code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Actions, NoSessionPolicy,
    testing::Values(Case{"Nothing", {}, Errc::denied}, Case{"Empty", {""}, Errc::invalid},
                    Case{"Everything", {"*"}, Errc::invalid},
                    Case{"AServiceAtAll", {"ec2:*"}, Errc::invalid},
                    Case{"AKindOfAction", {"ec2:Describe*"}, Errc::invalid},
                    Case{"OneCharacterOfMany", {"ec2:DescribeInstance?"}, Errc::invalid},
                    Case{"NoService", {":DescribeInstances"}, Errc::invalid},
                    Case{"NoAction", {"ec2:"}, Errc::invalid},
                    Case{"AnOperationAlone", {"DescribeInstances"}, Errc::invalid},
                    Case{"TwoColons", {"ec2:Describe:Instances"}, Errc::invalid},
                    Case{"Blanks", {"ec2: DescribeInstances"}, Errc::invalid},
                    Case{"Quotes", {"ec2:A\",\"s3:B"}, Errc::invalid},
                    Case{"OneOfTwo", {"ec2:DescribeInstances", "iam:*"}, Errc::invalid}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace ringi::aws
