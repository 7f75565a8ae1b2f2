// /deploy, list, pending and status: what they show, to whom, and what they cut.
#include "tests/unit/handlers/fakes/house.hpp"

namespace ringi::pipeline {
namespace {

using fakes::House;

std::string asked_by(House& house, const SlackUser& user) {
  EXPECT_TRUE(fakes::run(house.overview.home(House::typed(user, ""))).has_value());
  return house.slack.last();
}

std::string listed(House& house, std::vector<std::string> words = {}) {
  EXPECT_TRUE(fakes::run(house.overview.list(House::typed(fakes::taro(), ""), std::move(words)))
                  .has_value());
  return house.slack.last();
}

// Whoever may start may read too.
void add_accounts(House& house, int count) {
  const auto like = house.rules.held->accounts.back();
  for (int i = 0; i < count; ++i) {
    auto one = like;
    const auto digits = std::to_string(100 + i);
    one.id = *AccountId::parse("555566667" + digits);
    one.name = "more-" + digits;
    house.rules.held->accounts.push_back(one);
  }
}

TEST(Overview, shows_what_waits_for_me_and_what_i_can_start) {
  House house;
  (void)house.waiting();
  ASSERT_TRUE(fakes::run(house.overview.home(House::typed(fakes::taro(), ""))).has_value());
  EXPECT_NE(house.slack.last().find("Start web-prod/web"), std::string::npos);
  EXPECT_NE(house.slack.last().find("at Manual"), std::string::npos);
  ASSERT_TRUE(fakes::run(house.overview.home(House::typed(fakes::guest(), ""))).has_value());
  EXPECT_NE(house.slack.last().find("Nothing waits for you"), std::string::npos);
  EXPECT_EQ(house.slack.last().find("Start web-prod/web"), std::string::npos);
}

TEST(Overview, begins_no_section_with_an_empty_line) {
  House house;
  EXPECT_NE(asked_by(house, fakes::taro()).find("\"*What you can start*"), std::string::npos)
      << house.slack.last();
}

TEST(Executions, are_as_many_as_were_asked_for_however_aws_pages_them) {
  House house;
  for (int i = 0; i < 9; ++i) house.aws.begin("x");
  house.aws.page = 3;
  const auto newest =
      fakes::run(house.client.executions(House::ref(fakes::FakeCodePipeline::uuid(1)).pipeline, 5));
  ASSERT_TRUE(newest.has_value());
  ASSERT_EQ(newest.value().size(), 5U);
  EXPECT_EQ(newest.value().back().ref.execution.str(), fakes::FakeCodePipeline::uuid(5));
}

TEST(Overview, of_one_pipeline_shows_its_latest_executions) {
  House house;
  house.aws.begin("x");
  ASSERT_TRUE(fakes::run(house.overview.status(House::typed(fakes::taro(), ""), {"web-prod/web"}))
                  .has_value());
  EXPECT_NE(house.slack.last().find("`9f3c41d2`"), std::string::npos);
  ASSERT_TRUE(fakes::run(house.overview.status(House::typed(fakes::guest(), ""), {"web-prod/web"}))
                  .has_value());
  EXPECT_EQ(house.slack.last().find("`9f3c41d2`"), std::string::npos);
}

TEST(Overview, gives_what_waits_for_me_its_buttons_with_opaque_ids) {
  House house;
  const auto id = house.waiting().id.str();
  const auto answer = asked_by(house, fakes::hanako());
  for (const char* part :
       {"\"approval.approve\"", "\"approval.reject\"", "\"Approve Manual\"",
        "Revision `a1b2c3d4e5`", "Waiting for you: 1. You can start 0 pipelines."})
    EXPECT_NE(answer.find(part), std::string::npos) << part << "\n" << answer;
  EXPECT_NE(answer.find("\"value\":\"" + id + "\""), std::string::npos);
}

TEST(Overview, offers_whoever_started_it_no_approval_that_four_eyes_would_refuse) {
  House house;
  (void)house.waiting();
  house.deployments.executions.back().started_by = fakes::taro();
  const auto answer = asked_by(house, fakes::taro());
  EXPECT_EQ(answer.find("\"approval.approve\""), std::string::npos);
  EXPECT_NE(answer.find("\"approval.reject\""), std::string::npos);
  EXPECT_NE(answer.find("you started it"), std::string::npos);
}

TEST(Overview, shows_what_waits_without_buttons_where_aws_cannot_be_asked) {
  House house;
  (void)house.waiting();
  house.aws.failures["GetPipelineExecution"] = {
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  const auto answer = asked_by(house, fakes::hanako());
  EXPECT_NE(answer.find("at Manual"), std::string::npos);
  EXPECT_EQ(answer.find("approval.approve"), std::string::npos);
}

TEST(Overview, a_click_in_the_list_removes_nothing) {
  House house;
  auto click = House::pressed(fakes::hanako(), "approval.approve", house.waiting().id.str());
  click.via.message = MessageTs::parse("1763780645.000999");
  click.via.ephemeral = true;
  ASSERT_TRUE(fakes::run(house.decide.clicked(house.delivery(click), click,
                                              ports::Approval::Verdict::approved))
                  .has_value());
  EXPECT_TRUE(house.slack.removed.empty());
  EXPECT_EQ(house.deployments.rows.back().state, ports::Approval::State::decided);
}

TEST(Overview, asks_the_accounts_side_by_side_so_that_a_slow_one_keeps_nobody_waiting) {
  House house;
  add_accounts(house, 10);
  house.aws.slow = "222233334444";  // the first
  house.aws.others = 11;
  const auto answer = listed(house);
  EXPECT_NE(answer.find("web-prod/web"), std::string::npos) << answer;
  EXPECT_NE(answer.find("more-109/web"), std::string::npos) << answer;
}

TEST(Overview, names_the_accounts_that_gave_no_answer_once_for_each_reason) {
  House house;
  add_accounts(house, 12);
  house.aws.failures["ListPipelines"] =
      std::vector<Error>(13, fakes::FakeCodePipeline::fault(Errc::denied, "AccessDenied"));
  const auto answer = listed(house);
  EXPECT_NE(answer.find("No answer from web-prod, web-stg, more-100"), std::string::npos) << answer;
  EXPECT_NE(answer.find("and 3 more (`AccessDenied`)"), std::string::npos) << answer;
  EXPECT_NE(answer.find("more-111/web"), std::string::npos) << "the others are shown";
}

TEST(Overview, filters_its_list_in_any_case) {
  House house;
  EXPECT_NE(listed(house, {"WEB-PROD", "Production"}).find("web-prod/web"), std::string::npos);
  EXPECT_EQ(house.slack.last().find("web-stg/web"), std::string::npos);
}

TEST(Overview, says_how_many_it_leaves_out) {
  House house;
  add_accounts(house, 61);
  EXPECT_NE(listed(house).find("… and 3 more; add words to narrow it."), std::string::npos);
  EXPECT_NE(asked_by(house, fakes::taro()).find("… and 58 more: `/deploy list` shows them."),
            std::string::npos);
}

TEST(Overview, shows_twenty_that_wait_and_the_number_of_the_others) {
  House house;
  for (int i = 0; i < 23; ++i) {
    (void)house.waiting();
    house.deployments.rows.back().state = ports::Approval::State::waiting;
  }
  for (auto& row : house.deployments.rows) row.state = ports::Approval::State::waiting;
  ASSERT_TRUE(fakes::run(house.overview.pending(House::typed(fakes::taro(), ""))).has_value());
  EXPECT_NE(house.slack.last().find("… and 3 more; each has its card."), std::string::npos)
      << house.slack.last();
}

TEST(Bare, name_is_looked_for_in_all_accounts_side_by_side) {
  House house;
  house.aws.slow = "222233334444";
  house.aws.others = 1;
  const auto command = House::typed(fakes::taro(), "start web");
  ASSERT_TRUE(
      fakes::run(house.start.command(house.delivery(command), command, {"web"})).has_value());
  EXPECT_EQ(house.deployments.asked.size(), 2U) << "both are offered";
}

}  // namespace
}  // namespace ringi::pipeline
