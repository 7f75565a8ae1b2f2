#include "handlers/desk/inquiry.hpp"

#include "tests/unit/handlers/fakes/house.hpp"

namespace ringi::desk {
namespace {

using fakes::guest;
using fakes::hanako;
using fakes::run;
using fakes::taro;

struct Room : fakes::House {
  Inquiry inquiry{gate, resolver, client, deployments, slack, rules};

  std::string why(const SlackUser& user, Inquiry::Words words) {
    EXPECT_TRUE(run(inquiry.why(typed(user, ""), std::move(words))).has_value());
    return slack.last();
  }
  std::string who(const SlackUser& user, Inquiry::Words words) {
    EXPECT_TRUE(run(inquiry.who(typed(user, ""), std::move(words))).has_value());
    return slack.last();
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Why, names_the_rule_or_who_could_instead) {
  Room room;
  EXPECT_TRUE(
      has(room.why(hanako(), {"web-prod/web", "approve"}), "environments.production.approve"));
  const auto text = room.why(hanako(), {"web-prod/web", "start"});
  EXPECT_TRUE(has(text, "You cannot start web-prod/web: no rule allows it. `@devs` can.")) << text;
  EXPECT_TRUE(has(text, "/ringi who web-prod/web start")) << text;
}

TEST(Why, names_four_eyes_to_whoever_may_approve) {
  Room room;
  const auto text = room.why(hanako(), {"web-prod/web", "approve"});
  EXPECT_TRUE(has(text, "`environments.production.approval.four_eyes`")) << text;
  EXPECT_FALSE(has(text, "You may reject")) << text;
  room.environment("production").four_eyes_starter = false;
  EXPECT_FALSE(has(room.why(hanako(), {"web-prod/web", "approve"}), "four_eyes"));
}

TEST(Why, says_which_waiting_execution_four_eyes_would_refuse) {
  Room room;
  const auto& row = room.waiting();
  room.deployments.find(row.execution)->started_by = hanako();
  const auto text = room.why(hanako(), {"web-prod/web", "approve"});
  EXPECT_TRUE(has(text, "you cannot approve `" + row.execution.execution.str().substr(0, 8) + "`"))
      << text;
  EXPECT_FALSE(has(room.why(taro(), {"web-prod/web", "approve"}), "you cannot approve"));
}

TEST(Why, knows_the_starter_by_what_aws_says_as_the_click_does) {
  Room room;
  room.rules.held->people.emplace("arn:aws:iam::222233334444:user/somebody", taro());
  (void)room.waiting();
  EXPECT_TRUE(has(room.why(taro(), {"web-prod/web", "approve"}), "you cannot approve"));
}

TEST(Why, says_that_ringi_only_observes) {
  Room room;
  room.environment("production").mode = access::Mode::observe;
  EXPECT_TRUE(has(room.why(taro(), {"web-prod/web", "start"}), "only observes"));
}

TEST(Why, of_an_unknown_account_names_the_nearest_of_those_that_may_be_read) {
  Room room;
  EXPECT_TRUE(has(room.why(taro(), {"web-prd/web"}), "Did you mean `web-prod`?"));
  EXPECT_FALSE(has(room.why(guest(), {"web-prd/web"}), "Did you mean"));
}

TEST(Why, takes_a_bare_pipeline_where_it_is_unique) {
  Room room;
  room.rules.held->accounts.pop_back();
  EXPECT_TRUE(has(room.why(taro(), {"web"}), "You may start *web* in web-prod"));
  EXPECT_TRUE(has(room.who(taro(), {"web", "approve"}), "*web* in web-prod"));
}

TEST(Why, names_the_targets_of_a_bare_pipeline_that_is_not_unique) {
  Room room;
  room.rules.held->statements.push_back(
      {.id = "read", .actions = {access::Action::read}, .who = {access::Members{}}});
  for (const auto& text : {room.why(taro(), {"web"}), room.who(taro(), {"web", "start"})}) {
    EXPECT_TRUE(has(text, "`web-prod/web@ap-northeast-1`")) << text;
    EXPECT_TRUE(has(text, "`web-stg/web@ap-northeast-1`")) << text;
  }
}

TEST(Why, of_an_unclassified_account_says_what_is_missing) {
  Room room;
  room.rules.held->accounts.front().environment.clear();
  EXPECT_TRUE(has(room.why(taro(), {"web-prod/web"}), "knows no environment"));
}

TEST(Why, guesses_no_account_that_the_person_may_not_read) {
  Room room;
  EXPECT_TRUE(has(room.why(taro(), {"web-prd/web"}), "Did you mean `web-prod`"));
  EXPECT_FALSE(has(room.why(guest(), {"web-prd/web"}), "web-prod"));
}

TEST(Who, lists_the_people_of_the_rule_and_names_four_eyes) {
  Room room;
  const auto text = room.who(guest(), {"web-prod/web", "approve"});
  EXPECT_TRUE(has(text, "<@U0HANAKO>")) << text;
  EXPECT_TRUE(has(text, "not whoever started it")) << text;
  EXPECT_FALSE(has(room.who(guest(), {"web-prod/web", "start"}), "whoever started"));
}

struct Wrong {
  Inquiry::Words words;
  std::string says;
};
class WrongQuestion : public testing::TestWithParam<Wrong> {};
TEST_P(WrongQuestion, is_answered_with_what_is_wrong_and_the_right_usage) {
  Room room;
  const auto why = room.why(taro(), GetParam().words);
  EXPECT_TRUE(has(why, GetParam().says)) << why;
  EXPECT_FALSE(has(why, "/ringi who")) << why;
  auto words = GetParam().words;
  if (words.size() == 1) words.emplace_back("start");
  const auto who = room.who(taro(), words);
  EXPECT_TRUE(has(who, GetParam().says)) << who;
  EXPECT_FALSE(has(who, "/ringi why")) << who;
}
INSTANTIATE_TEST_SUITE_P(Words, WrongQuestion,
                         testing::Values(Wrong{{}, "Usage"}, Wrong{{"a", "b", "c"}, "Usage"},
                                         Wrong{{"web-prod/web", "aprove"},
                                               "Did you mean `approve`"},
                                         Wrong{{"web-prod/web", "audit"}, "belongs to no pipeline"},
                                         Wrong{{"web-prd/web"}, "Did you mean `web-prod`"},
                                         Wrong{{"/"}, "not a target"}));

}  // namespace
}  // namespace ringi::desk
