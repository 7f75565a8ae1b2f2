// What a decision must not do: be taken on old knowledge, be lost, or be told wrongly.
#include "handlers/pipeline/card.hpp"
#include "handlers/pipeline/words.hpp"
#include "tests/unit/handlers/fakes/house.hpp"

namespace ringi {
namespace {

using fakes::hanako;
using fakes::House;
using fakes::run;
using fakes::taro;
using ports::Approval;
using Verdict = Approval::Verdict;

Result<void> approve(House& house, const SlackUser& user, const OpaqueId& id) {
  const auto click = House::pressed(user, "approval.approve", id.str());
  return run(house.decide.clicked(house.delivery(click), click, Verdict::approved));
}

Delivery apply_delivery(House& house) {
  const auto chore = std::ranges::find_if(
      house.jobs.waiting, [](const auto& one) { return one.first.kind == "approval.apply"; });
  return house.delivery(chore == house.jobs.waiting.end() ? Chore{} : chore->first);
}

std::string card_of(const House& house) {
  return message::json_text(house.cards.shown.begin()->second);
}

TEST(Doubt, whether_it_still_waits_decides_nothing_and_is_asked_again) {
  House house;
  const auto id = house.waiting().id;
  house.aws.runs.back().token = "not-a-token";  // in progress, and AWS shows no token
  const auto done = approve(house, hanako(), id);
  ASSERT_TRUE(done.has_error());
  EXPECT_TRUE(is_transient(done.error().code));
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::waiting);
  EXPECT_EQ(house.ledger.count("approval.decided"), 0);
}

TEST(Doubt, a_person_who_leaves_the_group_while_aws_answers_does_not_approve) {
  House house;
  house.rules.held->groups.erase("leads");
  house.rules.held->group_ids["leads"] = *SlackGroup::parse("S0LEADS");
  house.directory.groups["S0LEADS"] = {hanako()};
  const auto id = house.waiting().id;
  house.aws.while_it_answers = [&] { house.directory.groups["S0LEADS"].clear(); };
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  EXPECT_EQ(house.ledger.count("access.denied"), 1);
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::waiting);
}

TEST(Doubt, a_click_that_was_observed_and_runs_again_in_earnest_has_its_own_entry) {
  House house;
  const auto id = house.waiting().id;
  const auto click = House::pressed(hanako(), "approval.approve", id.str());
  const auto delivery = house.delivery(click);
  house.environment("production").mode = access::Mode::observe;
  ASSERT_TRUE(run(house.decide.clicked(delivery, click, Verdict::approved)).has_value());
  house.environment("production").mode = access::Mode::act;
  ASSERT_TRUE(run(house.decide.clicked(delivery, click, Verdict::approved)).has_value());
  EXPECT_EQ(house.ledger.count("approval.decided", "observed"), 1);
  EXPECT_EQ(house.ledger.count("approval.decided", "intended"), 1);
}

TEST(Doubt, a_decision_in_an_environment_that_is_observed_by_now_is_not_sent) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  house.environment("production").mode = access::Mode::observe;
  ASSERT_TRUE(run(house.apply.run(apply_delivery(house), id)).has_value());
  EXPECT_TRUE(house.aws.summaries.empty());
  EXPECT_EQ(house.ledger.count("approval.failed", "failed"), 1);
  EXPECT_NE(house.due_answer().find("only observes"), std::string::npos);
}

TEST(Doubt, a_decision_that_aws_did_not_take_is_said_on_the_card_and_to_late_clicks) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  house.aws.failures["PutApprovalResult"] = {
      fakes::FakeCodePipeline::fault(Errc::denied, "AccessDeniedException")};
  const auto delivery = apply_delivery(house);
  ASSERT_TRUE(run(house.apply.run(delivery, id)).has_value());
  EXPECT_NE(house.due_answer().find(short_id(delivery.id)), std::string::npos);
  EXPECT_NE(card_of(house).find("did not reach AWS"), std::string::npos);
  EXPECT_EQ(card_of(house).find("approval.approve"), std::string::npos)
      << "a token is decided once";
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  EXPECT_NE(house.slack.last().find("AWS did not take that"), std::string::npos);
}

TEST(Doubt, a_late_click_on_a_decision_that_was_overtaken_hears_who_really_decided) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  fakes::FakeCodePipeline::decide(house.aws.runs.back(), false, "no",
                                  "arn:aws:iam::222233334444:user/boss");
  ASSERT_TRUE(run(house.apply.run(apply_delivery(house), id)).has_value());
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  EXPECT_NE(house.slack.last().find("in AWS, not in ringi"), std::string::npos);
}

TEST(Doubt, whoever_decided_hears_of_the_first_failure_where_the_button_was_pressed) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  auto delivery = apply_delivery(house);
  const auto told = house.slack.told.size();
  for (delivery.attempt = 1; delivery.attempt <= 3; ++delivery.attempt) {
    house.aws.failures["PutApprovalResult"] = {
        fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
    ASSERT_TRUE(run(house.apply.run(delivery, id)).has_error());
  }
  ASSERT_EQ(house.slack.told.size(), told + 1) << "once";
  EXPECT_NE(house.slack.last().find("ServiceUnavailable"), std::string::npos);
  EXPECT_EQ(std::get<Chore>(delivery.request).via.channel, House::via().channel);
}

TEST(Doubt, a_reading_that_is_denied_does_not_bury_a_decision) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  const auto delivery = apply_delivery(house);
  house.jobs.waiting.clear();
  house.aws.failures["GetPipelineExecution"] = {
      fakes::FakeCodePipeline::fault(Errc::denied, "AccessDeniedException")};
  ASSERT_TRUE(run(house.apply.run(delivery, id)).has_value());
  EXPECT_TRUE(house.jobs.has("approval.apply"));
}

TEST(Doubt, the_look_of_another_job_does_not_close_a_decision_without_naming_it) {
  House house;
  const auto id = house.waiting().id;
  ASSERT_TRUE(approve(house, hanako(), id).has_value());
  ports::Entry entry{.kind = "approval.overtaken"};
  EXPECT_FALSE(run(house.deployments.close(id, Approval::State::overtaken, entry, {})).value());
  EXPECT_EQ(house.deployments.rows.back().state, Approval::State::decided);
}

TEST(NobodyLeft, after_four_eyes_is_said_on_the_card_with_whom_to_ask) {
  House house;
  house.rules.held->groups["leads"] = {taro()};
  auto& run_of = house.aws.begin("arn:aws:sts::222233334444:assumed-role/ringi/U0TARO");
  house.clock.time = from_unix_micros(1795348800'000000) + std::chrono::minutes{5};
  ASSERT_TRUE(run(house.refresh.run(House::ref(run_of.id))).has_value());
  EXPECT_NE(card_of(house).find("Nobody is left to approve"), std::string::npos);
  EXPECT_NE(card_of(house).find("<#C0OPS>"), std::string::npos);
}

TEST(NobodyLeft, is_not_said_where_one_other_may_or_slack_cannot_be_asked) {
  House house;
  house.rules.held->people["arn:aws:iam::*:user/somebody"] = taro();
  (void)house.waiting();
  EXPECT_EQ(card_of(house).find("Nobody is left"), std::string::npos);
}

TEST(NobodyLeft, counts_guests_and_the_deactivated_as_nobody) {
  House house;
  house.directory.guests = {taro(), hanako()};
  (void)house.waiting();
  EXPECT_NE(card_of(house).find("Nobody is left"), std::string::npos);
}

TEST(Buttons, of_two_approvals_that_wait_at_once_name_their_action) {
  pipeline::CardModel model;
  model.reading.facts.mode = "PARALLEL";
  model.reading.facts.status = pipeline::Status::in_progress;
  for (const int n : {1, 2}) {
    const auto token = fakes::FakeCodePipeline::uuid(n);
    const std::string action = n == 1 ? "Quality" : "Security";
    model.reading.runs.push_back({.stage = "Gate",
                                  .action = action,
                                  .category = "Approval",
                                  .status = pipeline::Status::in_progress,
                                  .external_id = token});
    Approval row;
    row.id = *OpaqueId::parse("01JD000000000000000000000" + std::to_string(n));
    row.stage = "Gate";
    row.action = action;
    row.token = token;
    model.approvals.push_back(row);
  }
  const auto card = message::json_text(pipeline::draw(model));
  for (const char* label :
       {"Approve Quality", "Approve Security", "Reject Quality", "Reject Security"})
    EXPECT_NE(card.find(label), std::string::npos) << label;
}

TEST(Bare, name_does_not_start_by_itself_while_an_account_gives_no_answer) {
  House house;
  house.aws.failures["ListPipelines"] = {
      // web-prod is asked first
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  const auto command = House::typed(taro(), "start web");
  ASSERT_TRUE(run(house.start.command(house.delivery(command), command, {"web"})).has_value());
  EXPECT_TRUE(house.aws.runs.empty());
  ASSERT_EQ(house.deployments.asked.size(), 1U);
  const auto id = house.deployments.asked.front().confirmation.id.str();
  const auto click = House::pressed(taro(), "start.confirm", id);
  ASSERT_TRUE(run(house.start.confirmed(house.delivery(click), click)).has_value());
  EXPECT_EQ(house.aws.runs.size(), 1U);
}

TEST(Bare, name_is_not_called_unknown_while_an_account_gives_no_answer) {
  House house;
  house.aws.failures["ListPipelines"] = {
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  const auto command = House::typed(taro(), "start api");
  EXPECT_TRUE(run(house.start.command(house.delivery(command), command, {"api"})).has_error());
}

TEST(Hints, name_nothing_that_the_person_may_not_read) {
  for (const char* target : {"web", "wbe", "web-prod/wbe", "web-prd/web"}) {
    House house;
    const auto command = House::typed(fakes::guest(), std::string{"start "} + target);
    ASSERT_TRUE(run(house.start.command(house.delivery(command), command, {target})).has_value());
    EXPECT_EQ(house.slack.last().find("web-prod/web"), std::string::npos) << target;
    EXPECT_EQ(house.slack.last().find("web-stg"), std::string::npos) << target;
    EXPECT_TRUE(house.deployments.asked.empty()) << target;
  }
}

TEST(Written, keeps_a_value_with_both_kinds_of_quotes) {
  const PipelineRef ref = House::ref(fakes::FakeCodePipeline::uuid(1)).pipeline;
  for (const std::string value :
       {R"(it's "so" done)", R"("")", R"('"')", "a & b < c > d", "<@U1>"}) {
    pipeline::StartWords words{"web", {{"NOTE", value}}, {}};
    const auto back = pipeline::parse_start([&] {
      auto all = pipeline::split_words(pipeline::written(ref, words));
      all.erase(all.begin());
      return all;
    }());
    ASSERT_TRUE(back.has_value()) << value;
    EXPECT_EQ(back.value().variables, words.variables) << value;
  }
}

TEST(Link, of_another_scheme_is_shown_and_cannot_be_pressed) {
  for (const char* url : {"javascript:alert(1)", "http://plain.example", "https:/x"}) {
    pipeline::CardModel model;
    model.reading.facts.status = pipeline::Status::in_progress;
    model.reading.runs.push_back({.stage = "Gate",
                                  .action = "Gate",
                                  .category = "Approval",
                                  .status = pipeline::Status::in_progress,
                                  .external_link = url});
    const auto card = message::json_text(pipeline::draw(model));
    EXPECT_NE(card.find("`" + std::string{url} + "`"), std::string::npos) << url;
    EXPECT_EQ(card.find("<" + std::string{url}), std::string::npos) << url;
  }
}

}  // namespace
}  // namespace ringi
