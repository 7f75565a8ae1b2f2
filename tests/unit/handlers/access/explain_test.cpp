#include "handlers/access/explain.hpp"

#include "tests/unit/handlers/access/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringi::access {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

TEST(Explain, SaysWhatMatchedAndWhyTheOthersDidNot) {
  Rules rules = world();
  rules.statements = {allow("environments.production.start", {Action::start}, {TeamMembers{}}),
                      allow("environments.staging.start", {Action::start}, {Members{}}),
                      deny("no interns", {Action::start}, {Group{"release-managers"}}),
                      allow("environments.production.approve", {Action::approve}, {Members{}})};
  rules.statements[1].environment = {"staging"};
  const Explanation told = explain(rules, about(rules, Action::start), developer());
  ASSERT_EQ(told.verdicts.size(), 3u);
  EXPECT_TRUE(told.verdicts[0].matched);
  EXPECT_FALSE(told.verdicts[1].matched);
  const std::string text = to_text(told);
  EXPECT_THAT(text, HasSubstr("yes: allowed by environments.production.start"));
  EXPECT_THAT(text, HasSubstr("environments.staging.start: only where the environment is staging"));
  EXPECT_THAT(text, HasSubstr("no interns: it is for @release-managers"));
  EXPECT_THAT(text, Not(HasSubstr("production.approve")));
}

TEST(Explain, SaysThatAGroupIsUnknown) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::start}, {Group{"gone"}}),
                      deny("d", {Action::start}, {Group{"gone"}})};
  const Explanation told = explain(rules, about(rules, Action::start), developer());
  EXPECT_FALSE(told.verdicts[0].matched);
  EXPECT_TRUE(told.verdicts[1].matched);
  EXPECT_THAT(to_text(told), HasSubstr("not all members of @gone are known"));
}

TEST(Denies, AreThoseWhoseConditionsHold) {
  Rules rules = world();
  rules.statements = {
      deny("here", {Action::start}, {Members{}}), deny("there", {Action::start}, {Members{}}),
      deny("other", {Action::read}, {Members{}}), allow("a", {Action::start}, {Members{}})};
  rules.statements[1].environment = {"staging"};
  const auto found = denies(rules, about(rules, Action::start));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, "here");
}

TEST(Elsewhere, NamesWhatHoldsInOtherChannelsOnly) {
  Rules rules = world();
  rules.statements = {allow("there", {Action::start}, {Members{}}),
                      allow("anywhere", {Action::start}, {Members{}}),
                      allow("staging", {Action::start}, {Members{}}),
                      allow("read", {Action::approve}, {Members{}})};
  for (const std::size_t at : {0U, 2U, 3U}) rules.statements[at].channel = {"C0THERE"};
  rules.statements[2].environment = {"staging"};
  const auto found = elsewhere(rules, about(rules, Action::start));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, "there");
  auto question = about(rules, Action::start);
  question.channel = *SlackChannel::parse("C0THERE");
  EXPECT_TRUE(elsewhere(rules, question).empty());
}

TEST(Explain, OfAnUnclassifiedAccountNamesNoStatement) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::start}, {Members{}})};
  EXPECT_TRUE(explain(rules, about(rules, Action::start, 2), developer()).verdicts.empty());
}

}  // namespace
}  // namespace ringi::access
