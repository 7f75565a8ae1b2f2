#include "handlers/access/rules.hpp"

#include "tests/unit/handlers/access/world.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ringi::access {
namespace {

using namespace test;

TEST(Actions, HaveNamesThatAreReadBack) {
  for (const Action action : {Action::start, Action::read, Action::approve, Action::audit}) {
    EXPECT_EQ(parse_action(name_of(action)), action);
  }
  EXPECT_FALSE(parse_action("Start"));
}

TEST(FindAccount, TakesANameOrAnId) {
  const Rules rules = world();
  EXPECT_EQ(find_account(rules, "web-stg"), &rules.accounts[1]);
  EXPECT_EQ(find_account(rules, "222233334444"), &rules.accounts[0]);
  EXPECT_EQ(find_account(rules, *AccountId::parse("333344445555")), &rules.accounts[1]);
  EXPECT_EQ(find_account(rules, "WEB-STG"), nullptr);
}

TEST(ChannelOf, IsTheAccountsThenTheTeamsThenTheDefault) {
  Rules rules = world();
  rules.channel_ids = {{"#own", *SlackChannel::parse("C0001")},
                       {"#web", *SlackChannel::parse("C0002")},
                       {"#deploys", *SlackChannel::parse("C0003")},
                       {"#ops", *SlackChannel::parse("C0004")}};
  Account account = rules.accounts[0];
  EXPECT_EQ(channel_of(rules, account).str(), "C0002");
  account.channel = "#own";
  EXPECT_EQ(channel_of(rules, account).str(), "C0001");
  account.channel = "#gone";
  EXPECT_EQ(channel_of(rules, account).str(), "C0004") << "what vanished goes to the operators";
  account.channel.clear();
  account.team.clear();
  EXPECT_EQ(channel_of(rules, account).str(), "C0003");
  rules.channel_ids.clear();
  EXPECT_TRUE(channel_of(rules, account).empty());
}

struct GlobCase {
  const char* name;
  const char* glob;
  const char* value;
  bool matches;
};
class Globs : public testing::TestWithParam<GlobCase> {};

TEST_P(Globs, MatchTheWholeValue) {
  EXPECT_EQ(glob_matches(GetParam().glob, GetParam().value), GetParam().matches);
}

const GlobCase globs[] = {
    {"Same", "web", "web", true},
    {"Longer", "web", "web-prod", false},
    {"Shorter", "web-prod", "web", false},
    {"StarIsAnyRun", "web*", "web-prod", true},
    {"StarIsNothing", "web*", "web", true},
    {"StarInside", "w*d", "web-prod", true},
    {"StarBacktracks", "*ab", "aab", true},
    {"TwoStars", "*:role/*x", "arn:role/taro-x", true},
    {"QuestionIsOne", "w?b", "web", true},
    {"QuestionIsNotNone", "web?", "web", false},
    {"EmptyMatchesEmpty", "", "", true},
    {"StarMatchesEmpty", "*", "", true},
    {"BracketsAreLiteral", "[w]eb", "web", false},
    {"CaseCounts", "Web", "web", false},
};
INSTANTIATE_TEST_SUITE_P(All, Globs, testing::ValuesIn(globs),
                         [](const auto& row) { return row.param.name; });

TEST(Globs, ManyStarsTakeNoTime) {
  std::string glob, value(20'000, 'a');
  for (int i = 0; i < 200; ++i) glob += "a*";
  EXPECT_FALSE(glob_matches(glob + "b", value));
}

}  // namespace
}  // namespace ringi::access
