// Executions that are followed: what AWS no longer knows, and until when an approval waits.
#include "handlers/pipeline/chores.hpp"
#include "tests/unit/handlers/fakes/house.hpp"

namespace ringi::pipeline {
namespace {

using fakes::House;

std::string card_of(const House& house) {
  return message::json_text(house.cards.shown.begin()->second);
}

void refresh_all(House& house) {
  ASSERT_TRUE(fakes::run(house.refresh.run(house.deployments.executions.back().ref)).has_value());
}

TEST(Gone, execution_that_stays_unknown_to_aws_ends_with_its_approval_and_its_buttons) {
  House house;
  (void)house.waiting();
  house.aws.runs.clear();
  house.jobs.waiting.clear();
  refresh_all(house);
  EXPECT_EQ(house.ledger.count("pipeline.finished"), 0);
  EXPECT_TRUE(house.jobs.has(chore::refresh)) << "it is looked at again";
  house.clock.time += std::chrono::minutes{10};
  refresh_all(house);
  EXPECT_EQ(house.deployments.rows.back().state, ports::Approval::State::superseded);
  EXPECT_EQ(house.ledger.count("approval.superseded", ""), 1);
  EXPECT_EQ(house.ledger.entries.back().kind, "pipeline.finished");
  EXPECT_EQ(house.ledger.entries.back().details.at("status"), "gone");
  EXPECT_EQ(house.ledger.entries.back().error, "PipelineExecutionNotFoundException");
  EXPECT_TRUE(house.deployments.executions.back().finished);
  const auto card = card_of(house);
  EXPECT_EQ(card.find("\"button\""), std::string::npos) << card;
  EXPECT_NE(card.find("AWS no longer knows this execution"), std::string::npos) << card;
}

TEST(Gone, execution_that_aws_finds_again_is_missed_from_the_beginning) {
  House house;
  (void)house.waiting();
  const auto kept = house.aws.runs;
  house.aws.runs.clear();
  refresh_all(house);
  house.aws.runs = kept;
  house.clock.time += std::chrono::minutes{9};
  refresh_all(house);
  EXPECT_NE(card_of(house).find("approval.approve"), std::string::npos);
  house.aws.runs.clear();
  house.clock.time += std::chrono::minutes{9};
  refresh_all(house);
  EXPECT_EQ(house.deployments.rows.back().state, ports::Approval::State::waiting);
}

TEST(Gone, execution_closes_a_decision_that_never_reached_aws_as_failed_and_names_who_took_it) {
  House house;
  auto& row = house.waiting();
  row.state = ports::Approval::State::decided;
  row.verdict = ports::Approval::Verdict::approved;
  row.decided = 2;
  row.decided_by = House::caller(fakes::hanako());
  house.aws.runs.clear();
  refresh_all(house);
  house.clock.time += std::chrono::minutes{10};
  refresh_all(house);
  EXPECT_EQ(house.ledger.count("approval.failed", "failed"), 1);
  EXPECT_EQ(row.state, ports::Approval::State::failed);
  EXPECT_NE(message::json_text(house.cards.lines.back().second).find(fakes::hanako().str()),
            std::string::npos);
}

TEST(Gone, execution_killed_at_every_step_of_its_end_ends_once) {
  for (int step = 0; step < 20; ++step) {
    House house;
    (void)house.waiting();
    house.aws.runs.clear();
    refresh_all(house);
    house.clock.time += std::chrono::minutes{10};
    const auto ref = house.deployments.executions.back().ref;
    house.fate.left = step;
    bool crashed = false;
    try {
      (void)fakes::run(house.refresh.run(ref));
    } catch (const fakes::Crash&) {
      crashed = true;
    }
    house.fate.left = -1;
    refresh_all(house);
    EXPECT_EQ(house.ledger.count("approval.superseded"), 1) << step;
    EXPECT_EQ(house.ledger.count("pipeline.finished"), 1) << step;
    if (!crashed) return;
  }
  FAIL() << "more steps than expected";
}

TEST(Gone, account_takes_the_buttons_and_gives_them_back_with_the_account) {
  House house;
  (void)house.waiting();
  const auto accounts = house.rules.held->accounts;
  house.rules.held->accounts.clear();
  refresh_all(house);
  EXPECT_EQ(card_of(house).find("\"button\""), std::string::npos);
  EXPECT_NE(card_of(house).find("out of reach"), std::string::npos);
  house.rules.held->accounts = accounts;
  refresh_all(house);
  EXPECT_NE(card_of(house).find("approval.approve"), std::string::npos);
}

TEST(Refresh, of_a_start_that_aws_does_not_show_yet_is_repeated_soon) {
  House house;
  const auto ref = House::ref(fakes::FakeCodePipeline::uuid(1));
  house.deployments.executions.push_back({.ref = ref});
  ASSERT_TRUE(fakes::run(house.refresh.run(ref)).has_value());
  ASSERT_TRUE(house.jobs.has(chore::refresh));
  EXPECT_LE(house.jobs.waiting.back().second - house.clock.time, std::chrono::seconds{10});
}

// Seconds since 1970; 1795348800 is when the fake began the approval.
std::string expiry_on_card(House& house) {
  (void)house.waiting();
  const auto card = card_of(house);
  const auto at = card.find("expires <!date^");
  return at == std::string::npos ? "" : card.substr(at + 15, 10);
}

TEST(Expiry, of_an_approval_stands_on_the_card_by_its_own_timeout_or_awss_seven_days) {
  House own;
  own.aws.timeout_minutes = 240;
  EXPECT_EQ(expiry_on_card(own), std::to_string(1795348800 + 240 * 60));
  House usual;
  EXPECT_EQ(expiry_on_card(usual), std::to_string(1795348800 + 7 * 86400));
}

TEST(Expiry, is_read_once_for_each_version_of_the_pipeline) {
  House house;
  (void)house.waiting();
  refresh_all(house);
  EXPECT_EQ(house.aws.asked["GetPipeline"], 1);
  house.aws.version = 4;
  house.aws.timeout_minutes = 60;
  refresh_all(house);
  EXPECT_EQ(house.aws.asked["GetPipeline"], 2);
  EXPECT_NE(card_of(house).find("expires <!date^" + std::to_string(1795348800 + 3600)),
            std::string::npos);
}

TEST(Expiry, that_aws_does_not_let_us_read_is_left_out_and_asked_for_again_later) {
  House house;
  house.aws.failures["GetPipeline"] = {
      fakes::FakeCodePipeline::fault(Errc::denied, "AccessDeniedException")};
  EXPECT_EQ(expiry_on_card(house), "");
  EXPECT_NE(card_of(house).find("approval.approve"), std::string::npos) << "the card stands";
  refresh_all(house);
  EXPECT_EQ(house.aws.asked["GetPipeline"], 1);
  house.clock.time += std::chrono::minutes{10};
  refresh_all(house);
  EXPECT_NE(card_of(house).find("expires"), std::string::npos);
}

}  // namespace
}  // namespace ringi::pipeline
