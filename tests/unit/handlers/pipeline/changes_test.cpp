#include "handlers/message/english_card.hpp"
#include "tests/unit/handlers/fakes/house.hpp"

#include <gtest/gtest.h>

namespace ringi::pipeline {
namespace {

using fakes::House;
using message::english::Source;

const Source fix{"Source", "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334", "Fix *cart* <!here>",
                 "https://git.example.com/a"};
const Source dates{"Source", "b2c3d4e5f60718293a4b5c6d7e8f90011223344a", "Show dates", ""};
const Source renamed{"SourceOutput", "b2c3d4e5f60718293a4b5c6d7e8f90011223344a", "Show dates", ""};

struct Case {
  const char* name;
  std::vector<Source> now, before;
  std::vector<const char*> says;
};

class WhatChanged : public testing::TestWithParam<Case> {};
TEST_P(WhatChanged, is_said) {
  const message::Place place{"web",        "web-prod", *AccountId::parse("222233334444"),
                             "production", true,       *Region::parse("ap-northeast-1")};
  const auto said = message::json_text(
      message::english::what_changed(place, GetParam().now, GetParam().before, Time{}));
  for (const char* part : GetParam().says) EXPECT_NE(said.find(part), std::string::npos) << said;
}
INSTANTIATE_TEST_SUITE_P(
    Sources, WhatChanged,
    testing::Values(
        Case{"another revision",
             {dates},
             {fix},
             {"now   b2c3d4e  Show dates", "|a1b2c3d>", "Fix ∗cart∗ &lt;!here&gt;"}},
        Case{"the only source under another name", {renamed}, {fix}, {"last   <"}},
        Case{"the same revision", {fix}, {fix}, {"the same as deployed last"}},
        Case{"nothing succeeded yet", {fix}, {}, {"No earlier execution that succeeded"}},
        Case{"no revision yet", {}, {fix}, {"no source revision"}}),
    [](const auto& info) {
      std::string name = info.param.name;
      std::ranges::replace(name, ' ', '_');
      return name;
    });

Click opened(const SlackUser& user, const char* action, const std::string& value) {
  auto click = House::pressed(user, action, value);
  click.view_id = "V1";
  click.view_memory = "memory";
  return click;
}

std::string filled(const House& house) {
  EXPECT_EQ(house.slack.filled.back().first, "V1");
  EXPECT_EQ(house.slack.filled.back().second.private_metadata, "memory");
  EXPECT_TRUE(house.slack.told.empty());
  return message::json_text(house.slack.filled.back().second);
}

TEST(Changes, are_shown_to_who_may_see_the_pipeline_only) {
  House house;
  const auto value = house.waiting().id.str();
  const auto press = [&](const SlackUser& user) {
    return fakes::run(house.forms.changes(opened(user, "card.changes", value)));
  };
  ASSERT_TRUE(press(fakes::hanako()).has_value());
  EXPECT_NE(filled(house).find("What changes with"), std::string::npos);
  ASSERT_TRUE(press(fakes::guest()).has_value());
  EXPECT_EQ(filled(house).find("What changes with"), std::string::npos);
}

TEST(Changes, that_aws_does_not_tell_are_not_left_as_looked_up) {
  House house;
  const auto value = house.waiting().id.str();
  house.aws.failures["ListPipelineExecutions"] = {
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  ASSERT_TRUE(
      fakes::run(house.forms.changes(opened(fakes::hanako(), "card.changes", value))).has_value());
  EXPECT_NE(filled(house).find("Not read: AWS refused (`ServiceUnavailable`). Close this"),
            std::string::npos)
      << filled(house);
}

TEST(DecisionForm, names_what_it_decides_on) {
  for (const auto verdict :
       {ports::Approval::Verdict::approved, ports::Approval::Verdict::rejected}) {
    House house;
    const auto value = house.waiting().id.str();
    ASSERT_TRUE(
        fakes::run(house.forms.decision(opened(fakes::hanako(), "x", value), verdict)).has_value());
    const auto form = filled(house);
    for (const char* part : {"*web*", "*PRODUCTION*", "web-prod (2222-3333-4444)", "ap-northeast-1",
                             "Revision ", "\"block_id\":\"reason\""})
      EXPECT_NE(form.find(part), std::string::npos) << part << " in " << form;
    const bool approves = verdict == ports::Approval::Verdict::approved;
    EXPECT_NE(form.find(approves ? "Approve *" : "Reject *"), std::string::npos);
    EXPECT_EQ(house.slack.filled.back().second.callback_id,
              approves ? "approval.approve" : "approval.reject");
  }
}

TEST(DecisionForm, names_all_but_the_revision_while_aws_does_not_answer) {
  House house;
  const auto value = house.waiting().id.str();
  house.aws.failures["GetPipelineExecution"] = {
      fakes::FakeCodePipeline::fault(Errc::unavailable, "ServiceUnavailable")};
  ASSERT_TRUE(fakes::run(house.forms.decision(opened(fakes::hanako(), "x", value),
                                              ports::Approval::Verdict::rejected))
                  .has_value());
  EXPECT_NE(filled(house).find("web-prod (2222-3333-4444)"), std::string::npos);
  EXPECT_NE(filled(house).find("not known: AWS cannot be read now"), std::string::npos);
}

TEST(DecisionForm, that_was_closed_meanwhile_is_no_failure) {
  House house;
  const auto value = house.waiting().id.str();
  house.slack.closed = true;
  EXPECT_TRUE(fakes::run(house.forms.decision(opened(fakes::hanako(), "x", value),
                                              ports::Approval::Verdict::rejected))
                  .has_value());
}

}  // namespace
}  // namespace ringi::pipeline
