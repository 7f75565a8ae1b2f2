// The whole way of a start and of an approval, over ports in memory.
#include "tests/unit/handlers/fakes/house.hpp"

namespace ringi {
namespace {

using fakes::hanako;
using fakes::House;
using fakes::run;
using fakes::taro;
using ports::Approval;
using Verdict = Approval::Verdict;

Result<void> start(House& house, const Delivery& delivery, const std::string& target) {
  return run(house.start.command(delivery, House::typed(taro(), "start " + target), {target}));
}

TEST(Start, of_a_staging_pipeline_starts_once_and_answers_with_its_card) {
  House house;
  const auto delivery = house.delivery(Chore{});
  ASSERT_TRUE(start(house, delivery, "web-stg/web").has_value());
  ASSERT_TRUE(start(house, delivery, "web-stg/web").has_value());
  EXPECT_EQ(house.aws.runs.size(), 1U);
  EXPECT_EQ(house.aws.acting.front(), taro().str());
  EXPECT_EQ(house.ledger.count("pipeline.started", "intended"), 1);
  EXPECT_EQ(house.ledger.count("pipeline.started", "done"), 1);
  EXPECT_EQ(house.cards.shown.size(), 1U);
  EXPECT_NE(house.slack.last().find("https://acme.slack.com"), std::string::npos);
}

TEST(Start, of_a_production_pipeline_waits_for_its_button_which_works_once) {
  House house;
  ASSERT_TRUE(start(house, house.delivery(Chore{}), "web-prod/web").has_value());
  EXPECT_TRUE(house.aws.runs.empty());
  ASSERT_EQ(house.deployments.asked.size(), 1U);
  const auto id = house.deployments.asked.front().confirmation.id.str();
  for (int i = 0; i < 2; ++i) {
    const auto click = House::pressed(taro(), "start.confirm", id);
    ASSERT_TRUE(run(house.start.confirmed(house.delivery(click), click)).has_value());
  }
  EXPECT_EQ(house.aws.runs.size(), 1U);
  EXPECT_NE(house.slack.last().find("used before"), std::string::npos);
}

TEST(Start, button_of_somebody_else_or_after_15_minutes_starts_nothing) {
  House house;
  ASSERT_TRUE(start(house, house.delivery(Chore{}), "web-prod/web").has_value());
  const auto id = house.deployments.asked.front().confirmation.id.str();
  const auto other = House::pressed(hanako(), "start.confirm", id);
  ASSERT_TRUE(run(house.start.confirmed(house.delivery(other), other)).has_value());
  house.clock.time += std::chrono::minutes{16};
  const auto late = House::pressed(taro(), "start.confirm", id);
  ASSERT_TRUE(run(house.start.confirmed(house.delivery(late), late)).has_value());
  EXPECT_TRUE(house.aws.runs.empty());
}

TEST(Start, without_permission_is_refused_with_the_rule_and_written_down) {
  House house;
  ASSERT_TRUE(
      run(house.start.command(house.delivery(Chore{}), House::typed(hanako(), ""), {"web-stg/web"}))
          .has_value());
  EXPECT_TRUE(house.aws.runs.empty());
  EXPECT_EQ(house.ledger.count("access.denied"), 1);
  EXPECT_NE(house.slack.last().find("/ringi why web-stg/web start"), std::string::npos);
}

TEST(Start, in_an_observed_environment_starts_nothing) {
  House house;
  house.environment("staging").mode = access::Mode::observe;
  ASSERT_TRUE(start(house, house.delivery(Chore{}), "web-stg/web").has_value());
  EXPECT_TRUE(house.aws.runs.empty());
  EXPECT_TRUE(house.ledger.entries.empty());
}

TEST(Start, of_a_bare_name_that_several_accounts_have_offers_them_as_buttons) {
  House house;
  ASSERT_TRUE(start(house, house.delivery(Chore{}), "web").has_value());
  EXPECT_TRUE(house.aws.runs.empty());
  ASSERT_EQ(house.deployments.asked.size(), 2U);
  const auto production =
      House::pressed(taro(), "start.choose", house.deployments.asked[0].confirmation.id.str());
  ASSERT_TRUE(run(house.start.chosen(house.delivery(production), production)).has_value());
  EXPECT_TRUE(house.aws.runs.empty()) << "production asks once more";
  const auto staging =
      House::pressed(taro(), "start.choose", house.deployments.asked[1].confirmation.id.str());
  ASSERT_TRUE(run(house.start.chosen(house.delivery(staging), staging)).has_value());
  EXPECT_EQ(house.aws.runs.size(), 1U);
}

TEST(Start, of_an_unknown_pipeline_names_the_nearest) {
  House house;
  ASSERT_TRUE(start(house, house.delivery(Chore{}), "web-prod/wbe").has_value());
  EXPECT_NE(house.slack.last().find("web-prod/web"), std::string::npos);
}

TEST(Start, that_aws_refuses_is_closed_as_failed_with_its_code) {
  House house;
  house.aws.failures["StartPipelineExecution"] = {
      fakes::FakeCodePipeline::fault(Errc::denied, "AccessDeniedException")};
  const auto done = start(house, house.delivery(Chore{}), "web-stg/web");
  ASSERT_TRUE(done.has_error());
  EXPECT_EQ(house.ledger.count("pipeline.started", "failed"), 1);
  EXPECT_EQ(house.ledger.entries.back().error, "AccessDeniedException");
}

TEST(Start, that_aws_cannot_take_for_a_while_is_repeated_and_leaves_one_pair_of_entries) {
  House house;
  house.aws.failures["StartPipelineExecution"] = {
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  const auto delivery = house.delivery(Chore{});
  ASSERT_TRUE(start(house, delivery, "web-stg/web").has_error());
  ASSERT_TRUE(start(house, delivery, "web-stg/web").has_value());
  EXPECT_EQ(house.ledger.count("pipeline.started", "intended"), 1);
  EXPECT_EQ(house.ledger.count("pipeline.started", "failed"), 0);
  EXPECT_EQ(house.ledger.count("pipeline.started", "done"), 1);
}

TEST(Start, never_writes_a_redacted_variable_down) {
  House house;
  ASSERT_TRUE(run(house.start.command(house.delivery(Chore{}), House::typed(taro(), ""),
                                      {"web-stg/web", "API_TOKEN=hush", "COLOUR=blue"}))
                  .has_value());
  const auto& details = house.ledger.entries.front().details;
  EXPECT_EQ(details.at("variable API_TOKEN"), "(redacted)");
  EXPECT_EQ(details.at("variable COLOUR"), "blue");
}

TEST(Start, killed_at_every_step_and_run_again_happens_once) {
  for (int step = 0; step < 40; ++step) {
    House house;
    const auto delivery = house.delivery(Chore{});
    house.fate.left = step;
    bool crashed = false;
    try {
      (void)start(house, delivery, "web-stg/web");
    } catch (const fakes::Crash&) {
      crashed = true;
    }
    house.fate.left = -1;
    ASSERT_TRUE(start(house, delivery, "web-stg/web").has_value()) << step;
    EXPECT_EQ(house.aws.runs.size(), 1U) << step;
    EXPECT_EQ(house.ledger.count("pipeline.started", "intended"), 1) << step;
    EXPECT_EQ(house.ledger.count("pipeline.started", "done"), 1) << step;
    EXPECT_EQ(house.ledger.count("pipeline.started"), 2) << step;
    EXPECT_EQ(house.deployments.executions.size(), 1U) << step;
    EXPECT_EQ(house.deployments.executions.front().started_by, taro()) << step;
    if (!crashed) return;
  }
  FAIL() << "more steps than expected";
}

Result<void> approve(House& house, const SlackUser& user, const OpaqueId& id) {
  const auto click = House::pressed(user, "approval.approve", id.str());
  return run(house.decide.clicked(house.delivery(click), click, Verdict::approved));
}

Result<void> apply(House& house, const OpaqueId& id) {
  return run(house.apply.run(house.delivery(Chore{}), id));
}

TEST(Approval, is_decided_told_to_aws_and_ends_on_the_card) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  ASSERT_TRUE(apply(house, id).has_value());
  EXPECT_EQ(house.aws.decisions, 1);
  EXPECT_EQ(house.aws.acting.back(), hanako().str());
  EXPECT_EQ(house.ledger.count("approval.requested"), 1);
  EXPECT_EQ(house.ledger.count("approval.decided", "intended"), 1);
  EXPECT_EQ(house.ledger.count("approval.applied", "done"), 1);
  EXPECT_EQ(house.ledger.count("pipeline.finished"), 1);
  const auto card = message::json_text(house.cards.shown.begin()->second);
  EXPECT_NE(card.find("*approved*"), std::string::npos);
  EXPECT_EQ(card.find("approval.approve"), std::string::npos) << "no buttons after the decision";
  EXPECT_LE(house.directory.youngest, permission::fresh);
}

TEST(Approval, of_two_clicks_at_once_takes_the_first_and_tells_the_second) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  const auto form = House::sent(taro(), id.str(), "too late");
  ASSERT_TRUE(
      run(house.decide.submitted(house.delivery(form), form, Verdict::rejected)).has_value());
  EXPECT_NE(house.slack.last().find(hanako().str()), std::string::npos);
  EXPECT_EQ(house.ledger.count("approval.decided"), 1);
  ASSERT_TRUE(apply(house, id).has_value());
  ASSERT_TRUE(apply(house, id).has_value());
  EXPECT_EQ(house.aws.decisions, 1);
}

TEST(Approval, clicked_twice_by_one_person_is_one_decision) {
  House house;
  const auto id = house.waiting().id;
  const auto click = House::pressed(hanako(), "approval.approve", id.str());
  const auto delivery = house.delivery(click);
  ASSERT_TRUE(run(house.decide.clicked(delivery, click, Verdict::approved)).has_value());
  ASSERT_TRUE(run(house.decide.clicked(delivery, click, Verdict::approved)).has_value());
  EXPECT_EQ(house.ledger.count("approval.decided"), 1);
  EXPECT_NE(house.slack.last().find("Recorded"), std::string::npos);
}

TEST(Approval, by_a_guest_is_refused_and_written_down) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, fakes::guest(), id).has_value());
  EXPECT_EQ(house.ledger.count("access.denied"), 1);
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::waiting);
}

TEST(Approval, by_the_starter_is_refused_by_four_eyes_but_the_starter_may_reject) {
  House house;
  const auto id = house.waiting().id;
  house.deployments.executions.back().started_by = taro();
  ASSERT_TRUE(approve(house, taro(), id).has_value());
  EXPECT_EQ(house.ledger.count("access.denied"), 1);
  EXPECT_NE(house.slack.last().find("four eyes"), std::string::npos);
  const auto form = House::sent(taro(), id.str(), "wrong revision");
  ASSERT_TRUE(
      run(house.decide.submitted(house.delivery(form), form, Verdict::rejected)).has_value());
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::decided);
}

TEST(Approval, whose_starter_is_known_by_the_people_table_alone_keeps_four_eyes) {
  House house;
  house.rules.held->people["arn:aws:iam::*:user/somebody"] = taro();
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, taro(), id).has_value());
  EXPECT_EQ(house.ledger.count("access.denied"), 1);
}

TEST(Approval, card_says_when_the_starter_is_unknown) {
  House house;
  (void)house.waiting();
  const auto card = message::json_text(house.cards.shown.begin()->second);
  EXPECT_NE(card.find("Who started it is not known"), std::string::npos);
}

TEST(Approval, rejected_without_a_reason_changes_nothing) {
  House house;
  const auto id = house.waiting().id;
  const auto form = House::sent(hanako(), id.str(), "  \n");
  ASSERT_TRUE(
      run(house.decide.submitted(house.delivery(form), form, Verdict::rejected)).has_value());
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::waiting);
}

TEST(Approval, pressed_on_a_card_older_than_the_rule_for_comments_has_the_card_drawn_again) {
  House house;
  const auto id = house.waiting().id;
  house.environment("production").comment = access::Comment::always;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::waiting);
  EXPECT_TRUE(house.jobs.has("execution.refresh")) << "its button would never do";
}

TEST(Approval, in_an_observed_environment_is_written_as_observed_and_sends_nothing) {
  House house;
  house.environment("production").mode = access::Mode::observe;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  EXPECT_EQ(house.ledger.count("approval.decided", "observed"), 1);
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::waiting);
  EXPECT_FALSE(house.jobs.has("approval.apply"));
}

TEST(Approval, is_not_decided_while_slack_cannot_be_asked) {
  House house;
  const auto id = house.waiting().id;
  house.directory.away = true;
  EXPECT_TRUE(approve(house, hanako(), id).has_error());
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::waiting);
}

TEST(Approval, decided_in_the_console_before_is_overtaken_and_names_who) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  fakes::FakeCodePipeline::decide(house.aws.runs.back(), true, "ok",
                                  "arn:aws:iam::222233334444:user/boss");
  ASSERT_TRUE(apply(house, id).has_value());
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::overtaken);
  EXPECT_EQ(house.ledger.count("approval.overtaken", "failed"), 1);
  EXPECT_TRUE(house.aws.summaries.empty()) << "nothing is sent for a token that no longer waits";
  EXPECT_NE(house.due_answer().find("did not take effect"), std::string::npos);
  EXPECT_NE(message::json_text(house.cards.shown.begin()->second).find("user/boss"),
            std::string::npos);
}

struct Ended {
  const char* name;
  const char* approval;
  const char* by;
  const char* status;
  Approval::State state;
};

class ApprovalEnded : public testing::TestWithParam<Ended> {};

TEST_P(ApprovalEnded, elsewhere_is_seen_by_the_next_look_and_a_late_click_is_told) {
  House house;
  const auto id = house.waiting().id;
  auto& run_of = house.aws.runs.back();
  run_of.approval = GetParam().approval;
  run_of.decided_by = GetParam().by;
  run_of.status = GetParam().status;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  EXPECT_EQ(house.ledger.count("approval.decided"), 0) << "a click on a stale card decides nothing";
  ASSERT_TRUE(run(house.refresh.run(House::ref(run_of.id))).has_value());
  EXPECT_EQ(house.deployments.rows.back().state, GetParam().state);
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  EXPECT_NE(house.slack.last().find("no longer waits"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, ApprovalEnded,
    testing::Values(Ended{"console", "Succeeded", "arn:aws:iam::1:user/a", "InProgress",
                          Approval::State::overtaken},
                    Ended{"expired", "Failed", "", "Failed", Approval::State::expired},
                    Ended{"abandoned", "Abandoned", "", "Stopped", Approval::State::superseded},
                    Ended{"superseded", "InProgress", "", "Superseded",
                          Approval::State::superseded}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(Approval, whose_answer_was_lost_is_recognised_by_its_summary) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  house.aws.lose_answers = true;
  ASSERT_TRUE(apply(house, id).has_value());
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::applied);
  EXPECT_EQ(house.aws.decisions, 1);
}

TEST(Approval, that_did_not_arrive_is_sent_again_with_the_same_bytes) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  house.aws.failures["PutApprovalResult"] = {
      fakes::FakeCodePipeline::fault(Errc::unknown_outcome, "")};
  const auto first = apply(house, id);
  ASSERT_TRUE(first.has_error());
  EXPECT_TRUE(is_transient(first.error().code));
  ASSERT_TRUE(apply(house, id).has_value());
  EXPECT_EQ(house.aws.summaries, std::vector<std::string>{house.deployments.rows.back().summary});
  EXPECT_EQ(house.aws.decisions, 1);
}

TEST(Approval, that_no_attempt_could_apply_is_tried_in_a_new_round) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  house.jobs.waiting.clear();
  house.aws.failures["PutApprovalResult"] = {
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  auto delivery = house.delivery(Chore{});
  delivery.last_attempt = true;
  ASSERT_TRUE(run(house.apply.run(delivery, id)).has_value());
  EXPECT_TRUE(house.jobs.has("approval.apply"));
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::decided);
}

TEST(Approval, that_aws_denies_is_closed_as_failed_and_told) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  house.aws.failures["PutApprovalResult"] = {
      fakes::FakeCodePipeline::fault(Errc::denied, "AccessDeniedException")};
  ASSERT_TRUE(apply(house, id).has_value());
  EXPECT_EQ(house.ledger.count("approval.failed", "failed"), 1);
  EXPECT_NE(house.due_answer().find("AccessDeniedException"), std::string::npos);
}

TEST(Approval, killed_at_every_step_and_run_again_is_decided_once) {
  for (int step = 0; step < 60; ++step) {
    House house;
    const auto id = house.waiting().id;
    const auto click = House::pressed(hanako(), "approval.approve", id.str());
    const auto delivery = house.delivery(click);
    house.fate.left = step;
    bool crashed = false;
    try {
      (void)run(house.decide.clicked(delivery, click, Verdict::approved));
      (void)apply(house, id);
    } catch (const fakes::Crash&) {
      crashed = true;
    }
    house.fate.left = -1;
    ASSERT_TRUE(run(house.decide.clicked(delivery, click, Verdict::approved)).has_value()) << step;
    ASSERT_TRUE(apply(house, id).has_value()) << step;
    ASSERT_TRUE(run(house.refresh.run(house.deployments.rows.back().execution)).has_value())
        << step;
    EXPECT_EQ(house.aws.decisions, 1) << step;
    EXPECT_EQ(house.ledger.count("approval.decided"), 1) << step;
    EXPECT_EQ(house.ledger.count("approval.applied"), 1) << step;
    EXPECT_EQ(house.ledger.count("pipeline.finished"), 1) << step;
    EXPECT_EQ(house.deployments.rows.back().state, Approval::State::applied) << step;
    if (!crashed) return;
  }
  FAIL() << "more steps than expected";
}

TEST(Approval, card_that_stands_twice_loses_the_copy_that_is_not_known) {
  House house;
  const auto id = house.waiting().id;
  auto click = House::pressed(hanako(), "approval.approve", id.str());
  click.via.message = MessageTs::parse("1763780645.000999");
  ASSERT_TRUE(
      run(house.decide.clicked(house.delivery(click), click, Verdict::approved)).has_value());
  ASSERT_EQ(house.slack.removed.size(), 1U);
  EXPECT_EQ(house.slack.removed.front(), *click.via.message);
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::decided)
      << "a click on either acts";
}

TEST(Approval, click_on_a_button_that_nobody_knows_is_answered) {
  House house;
  for (const char* value : {"", "nonsense", "01JDZZZZZZZZZZZZZZZZZZZZZZ"}) {
    const auto click = House::pressed(hanako(), "approval.approve", value);
    ASSERT_TRUE(
        run(house.decide.clicked(house.delivery(click), click, Verdict::approved)).has_value());
    EXPECT_NE(house.slack.last().find("belongs to nothing"), std::string::npos) << value;
  }
}

}  // namespace
}  // namespace ringi
