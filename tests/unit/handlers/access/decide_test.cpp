#include "handlers/access/decide.hpp"

#include "tests/unit/handlers/access/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ringi::access {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Decide, NothingIsAllowedBySilence) {
  const Rules rules = world();
  const Decision decision = decide(rules, about(rules, Action::start), developer());
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.reason, "no rule allows it");
  EXPECT_THAT(decision.because(), IsEmpty());
}

TEST(Decide, AnAllowingStatementIsNamedInTheReason) {
  Rules rules = world();
  rules.statements = {allow("environments.production.start", {Action::start}, {TeamMembers{}})};
  const Decision decision = decide(rules, about(rules, Action::start), developer());
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.reason, "allowed by environments.production.start");
}

TEST(Decide, AnExplicitDenyBeatsEveryAllow) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::start}, {Members{}}),
                      deny("d", {Action::start}, {Members{}}),
                      allow("b", {Action::start}, {user("U0001")})};
  const Decision decision = decide(rules, about(rules, Action::start), developer());
  EXPECT_FALSE(decision.allowed);
  EXPECT_THAT(decision.because(), ElementsAre("d"));
  EXPECT_EQ(decision.reason, "denied by d");
}

TEST(Decide, GuestsMatchNoWhoNotEvenMembers) {
  Rules rules = world();
  rules.statements = {
      allow("a", {Action::start}, {Members{}, user("U0001"), Group{"web-developers"}})};
  Subject guest = developer();
  guest.full_member = false;
  const Decision decision = decide(rules, about(rules, Action::start), guest);
  EXPECT_FALSE(decision.allowed);
  EXPECT_THAT(decision.reason, HasSubstr("full members"));
}

TEST(Decide, AnUnclassifiedAccountIsMatchedByNoStatement) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::start, Action::read}, {Members{}})};
  EXPECT_FALSE(decide(rules, about(rules, Action::start, 2), developer()).allowed);
  EXPECT_FALSE(decide(rules, about(rules, Action::read, 2), developer()).allowed);
  EXPECT_THAT(who_may(rules, about(rules, Action::start, 2)), IsEmpty());
}

TEST(Decide, TeamTermsMeanTheTeamOfTheAccountInQuestion) {
  Rules rules = world();
  rules.teams["pay"] = {.name = "pay", .members = Group{"pay-developers"}};
  rules.accounts[1].team = "pay";
  rules.statements = {allow("a", {Action::start}, {TeamMembers{}})};
  EXPECT_TRUE(decide(rules, about(rules, Action::start, 0), developer()).allowed);
  EXPECT_FALSE(decide(rules, about(rules, Action::start, 1), developer()).allowed);
}

TEST(Decide, ATeamWithoutApproversHasNobodyToApprove) {
  Rules rules = world();
  rules.teams["web"].approvers.reset();
  rules.statements = {allow("a", {Action::approve}, {TeamApprovers{}})};
  EXPECT_FALSE(decide(rules, about(rules, Action::approve), developer()).allowed);
}

TEST(Decide, AGroupOfTheConfigurationNeedsNoSlack) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::approve}, {Group{"release-managers"}})};
  const Subject manager{.user = user("U0009"), .full_member = true};
  EXPECT_TRUE(decide(rules, about(rules, Action::approve), manager).allowed);
  EXPECT_THAT(groups_needed(rules, about(rules, Action::approve)), IsEmpty());
}

TEST(Decide, AnUnreadableGroupMatchesNobodyInAnAllow) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::start}, {Group{"gone"}})};
  EXPECT_FALSE(decide(rules, about(rules, Action::start), developer()).allowed);
}

TEST(Decide, AnUnreadableGroupMatchesEveryoneInADeny) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::start}, {Members{}}),
                      deny("d", {Action::start}, {Group{"gone"}})};
  const Decision decision = decide(rules, about(rules, Action::start), developer());
  EXPECT_FALSE(decision.allowed);
  ASSERT_EQ(decision.matches.size(), 1u);
  EXPECT_TRUE(decision.matches[0].by_unknown);
  EXPECT_THAT(decision.reason, HasSubstr("not known"));
}

TEST(Decide, ReadGoesToWhoeverHasAnyOtherAction) {
  Rules rules = world();
  rules.statements = {allow("s", {Action::approve}, {TeamMembers{}})};
  EXPECT_TRUE(decide(rules, about(rules, Action::read), developer()).allowed);
  rules.statements.push_back(deny("d", {Action::approve}, {Members{}}));
  EXPECT_FALSE(decide(rules, about(rules, Action::read), developer()).allowed);
}

TEST(Decide, AnExplicitDenyOfReadHoldsInSpiteOfOtherActions) {
  Rules rules = world();
  rules.statements = {allow("s", {Action::start}, {Members{}}),
                      deny("d", {Action::read}, {Members{}})};
  EXPECT_FALSE(decide(rules, about(rules, Action::read), developer()).allowed);
}

TEST(Decide, AuditComesFromAStatementAboutAuditAlone) {
  Rules rules = world();
  const Question audit{.action = Action::audit};
  rules.statements = {allow("s", {Action::start, Action::read, Action::approve}, {Members{}})};
  EXPECT_FALSE(decide(rules, audit, developer()).allowed);
  rules.statements.push_back(allow("auditors", {Action::audit}, {user("U0001")}));
  EXPECT_TRUE(decide(rules, audit, developer()).allowed);
  EXPECT_FALSE(decide(rules, about(rules, Action::read, 2), developer()).allowed);
}

struct ConditionCase {
  const char* name;
  void (*set)(Statement&);
  bool holds;
};

class Conditions : public testing::TestWithParam<ConditionCase> {};

TEST_P(Conditions, HoldOrNotForOneQuestion) {
  Rules rules = world();
  rules.channel_ids["#web"] = *SlackChannel::parse("C0001");
  rules.statements = {allow("a", {Action::start}, {Members{}})};
  GetParam().set(rules.statements[0]);
  Question question = about(rules, Action::start);
  question.pipeline = PipelineName::parse("web");
  question.channel = *SlackChannel::parse("C0001");
  EXPECT_EQ(decide(rules, question, developer()).allowed, GetParam().holds);
}

const ConditionCase conditions[] = {
    {"NoneAtAll", [](Statement&) {}, true},
    {"Environment", [](Statement& s) { s.environment = {"prod*"}; }, true},
    {"OtherEnvironment", [](Statement& s) { s.environment = {"staging"}; }, false},
    {"OneOfTwoTeams",
     [](Statement& s) {
       s.team = {"pay", "web"};
     },
     true},
    {"OtherTeam", [](Statement& s) { s.team = {"pay"}; }, false},
    {"AccountByName", [](Statement& s) { s.account = {"web-*"}; }, true},
    {"AccountById", [](Statement& s) { s.account = {"222233334444"}; }, true},
    {"OtherAccount", [](Statement& s) { s.account = {"pay-prod"}; }, false},
    {"Pipeline", [](Statement& s) { s.pipeline = {"w?b"}; }, true},
    {"OtherPipeline", [](Statement& s) { s.pipeline = {"web-"}; }, false},
    {"ChannelByName", [](Statement& s) { s.channel = {"#web"}; }, true},
    {"ChannelById", [](Statement& s) { s.channel = {"C0001"}; }, true},
    {"OtherChannel", [](Statement& s) { s.channel = {"C0002"}; }, false},
    {"UnresolvedChannel", [](Statement& s) { s.channel = {"#gone"}; }, false},
    {"TwoThatHold", [](Statement& s) { s.team = {"web"}, s.account = {"web-prod"}; }, true},
    {"OneThatDoesNot", [](Statement& s) { s.team = {"web"}, s.account = {"web-stg"}; }, false},
};
INSTANTIATE_TEST_SUITE_P(All, Conditions, testing::ValuesIn(conditions),
                         [](const auto& row) { return row.param.name; });

TEST(Decide, AnUnresolvedChannelHoldsInADeny) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::start}, {Members{}}),
                      deny("d", {Action::start}, {Members{}})};
  rules.statements[1].channel = {"#gone"};
  EXPECT_FALSE(decide(rules, about(rules, Action::start), developer()).allowed);
}

TEST(WhoMay, NamesTheGroupBehindATeamTermOnce) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::start}, {TeamMembers{}}),
                      allow("b", {Action::start}, {Group{"web-developers"}, user("U0005")}),
                      deny("d", {Action::start}, {Group{"interns"}})};
  EXPECT_THAT(who_may(rules, about(rules, Action::start)),
              ElementsAre(Who{Group{"web-developers"}}, Who{user("U0005")}));
}

TEST(GroupsNeeded, AreThoseOfAllowsAndDeniesThatApply) {
  Rules rules = world();
  rules.statements = {allow("a", {Action::start}, {TeamMembers{}}),
                      deny("d", {Action::start}, {Group{"interns"}}),
                      allow("b", {Action::approve}, {Group{"other"}})};
  EXPECT_THAT(groups_needed(rules, about(rules, Action::start)),
              ElementsAre("interns", "web-developers"));
  EXPECT_THAT(groups_needed(rules, about(rules, Action::read)),
              ElementsAre("interns", "other", "web-developers"));
}

// Random statements over a small world: what must hold whatever they say.
class Properties : public testing::Test {
 protected:
  std::mt19937 random{20261122};

  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>{0, count - 1}(random);
  }

  Statement any_statement(std::size_t number) {
    static const std::vector<Who> terms = {
        Members{},    TeamMembers{}, TeamApprovers{}, Group{"gone"}, Group{"release-managers"},
        user("U0001")};
    static const std::vector<std::string> globs = {"*", "production", "staging", "web*"};
    const std::vector<Action> actions = {Action::start, Action::read, Action::approve,
                                         Action::audit};
    Statement made =
        allow("s" + std::to_string(number), {actions[pick(4)]}, {terms[pick(terms.size())]});
    if (pick(3) == 0) made.effect = Statement::Effect::deny;
    if (pick(2) == 0) made.environment = {globs[pick(globs.size())]};
    if (pick(4) == 0) made.account = {globs[pick(globs.size())]};
    return made;
  }

  Rules any_world() {
    Rules rules = world();
    for (std::size_t i = 0, count = 1 + pick(6); i < count; ++i)
      rules.statements.push_back(any_statement(i));
    return rules;
  }

  Question any_question(const Rules& rules) {
    const std::vector<Action> actions = {Action::start, Action::read, Action::approve,
                                         Action::audit};
    return about(rules, actions[pick(4)], pick(3));
  }
};

TEST_F(Properties, AddingADenyNeverAllows) {
  for (int round = 0; round < 5'000; ++round) {
    Rules rules = any_world();
    const Question question = any_question(rules);
    const bool before = decide(rules, question, developer()).allowed;
    Statement added = any_statement(99);
    added.effect = Statement::Effect::deny;
    rules.statements.push_back(added);
    const bool after = decide(rules, question, developer()).allowed;
    ASSERT_TRUE(before || !after);
  }
}

TEST_F(Properties, TheOrderOfStatementsNeverMatters) {
  for (int round = 0; round < 5'000; ++round) {
    Rules rules = any_world();
    const Question question = any_question(rules);
    auto before = decide(rules, question, developer());
    auto ids = before.because();
    std::ranges::shuffle(rules.statements, random);
    auto shuffled = decide(rules, question, developer());
    auto other_ids = shuffled.because();
    ASSERT_EQ(before.allowed, shuffled.allowed);
    if (question.action == Action::read) continue;  // which other action gave it may differ
    std::ranges::sort(ids);
    std::ranges::sort(other_ids);
    ASSERT_EQ(ids, other_ids);
  }
}

TEST_F(Properties, WhoeverMayAnythingIsNamedByWhoMay) {
  for (int round = 0; round < 2'000; ++round) {
    const Rules rules = any_world();
    const Question question = any_question(rules);
    if (decide(rules, question, developer()).allowed) {
      ASSERT_FALSE(who_may(rules, question).empty());
    }
  }
}

}  // namespace
}  // namespace ringi::access
