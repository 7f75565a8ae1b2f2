#include "server/slack/directory.hpp"

#include "server/runtime/tasks.hpp"
#include "server/runtime/timers.hpp"
#include "tests/unit/server/slack/way_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringi::slack {
namespace {

using namespace std::chrono_literals;
using namespace test;
using nlohmann::json;

class DirectoryTest : public ::testing::Test, public World {
 protected:
  CachedDirectory slack{api, copies, clock, SlackTeam::parse("T1").value(), context.get_executor()};
  const SlackGroup leads = SlackGroup::parse("S1").value();
};

struct PersonCase {
  const char* name;
  json changes;
  bool full_member;
};
void PrintTo(const PersonCase& row, std::ostream* out) {
  *out << row.name;
}

class FullMember : public DirectoryTest, public ::testing::WithParamInterface<PersonCase> {};

TEST_P(FullMember, IsJudged) {
  json info{
      {"id", "U1"}, {"team_id", "T1"}, {"name", "taro"}, {"profile", {{"display_name", "Taro"}}}};
  info.merge_patch(GetParam().changes);
  transport.always.emplace("users.info", ok({{"user", info}}));
  const auto person = run(slack.person(user("U1"), 30s));
  ASSERT_TRUE(person.has_value());
  EXPECT_EQ(person->full_member, GetParam().full_member);
}

INSTANTIATE_TEST_SUITE_P(
    People, FullMember,
    ::testing::Values(PersonCase{"Member", json::object(), true},
                      PersonCase{"Deactivated", {{"deleted", true}}, false},
                      PersonCase{"Bot", {{"is_bot", true}}, false},
                      PersonCase{"Guest", {{"is_restricted", true}}, false},
                      PersonCase{"SingleChannelGuest", {{"is_ultra_restricted", true}}, false},
                      PersonCase{"Stranger", {{"is_stranger", true}}, false},
                      PersonCase{"OtherTeam", {{"team_id", "T2"}}, false},
                      PersonCase{"NoTeam", {{"team_id", nullptr}}, false}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST_F(DirectoryTest, APersonThatSlackDoesNotKnowIsNoMember) {
  transport.always.emplace("users.info", failed("user_not_found"));
  const auto person = run(slack.person(user("U1"), 30s));
  ASSERT_TRUE(person.has_value());
  EXPECT_FALSE(person->full_member);
}

TEST_F(DirectoryTest, ACopyServesUntilItIsTooOldForTheQuestion) {
  transport.always.emplace("usergroups.users.list", ok({{"users", {"U1", "U2"}}}));
  const auto asked_at = clock.time;
  EXPECT_EQ(run(slack.members(leads, 10min))->size(), 2U);
  clock.time += 29s;
  EXPECT_EQ(run(slack.members(leads, 30s))->size(), 2U);
  EXPECT_EQ(transport.calls.size(), 1U);
  clock.time = asked_at + 30s;
  EXPECT_EQ(run(slack.members(leads, 30s))->size(), 2U);
  EXPECT_EQ(transport.calls.size(), 2U);
}

TEST_F(DirectoryTest, ACopyFromBeforeTheClockWasSetBackIsNotYoung) {
  transport.always.emplace("usergroups.users.list", ok({{"users", {"U1", "U2"}}}));
  EXPECT_EQ(run(slack.members(leads, 30s))->size(), 2U);
  clock.time -= 9h;
  EXPECT_EQ(run(slack.members(leads, 30s))->size(), 2U);
  EXPECT_EQ(transport.calls.size(), 2U);
}

TEST_F(DirectoryTest, WithoutSlackAndWithoutAYoungCopyNothingMayBeDecided) {
  transport.queued["usergroups.users.list"] = {ok({{"users", {"U1"}}})};
  EXPECT_TRUE(run(slack.members(leads, 30s)).has_value());
  transport.always.emplace("usergroups.users.list", answer(503, ""));
  clock.time += 5min;
  EXPECT_TRUE(run(slack.members(leads, 10min)).has_value());
  const auto result = run(slack.members(leads, 30s));
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::unavailable);
}

TEST_F(DirectoryTest, ATokenThatDoesNotHoldIsSlackThatCannotBeAsked) {
  transport.always.emplace("usergroups.users.list", failed("invalid_auth"));
  EXPECT_EQ(run(slack.members(leads, 30s)).error().code, Errc::unavailable);
}

TEST_F(DirectoryTest, ALimitIsSlackThatCannotBeAskedButKeepsItsName) {
  transport.queued["conversations.info"] = {answer(429, "", "60")};
  const auto result = run(slack.channel(channel("C1"), 30s));
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::unavailable);
  EXPECT_EQ(result.error().service_code, "ratelimited");
}

TEST_F(DirectoryTest, AGroupThatVanishedIsNotFound) {
  transport.always.emplace("usergroups.users.list", failed("no_such_subteam"));
  EXPECT_EQ(run(slack.members(leads, 30s)).error().code, Errc::not_found);
}

TEST_F(DirectoryTest, ForgetsAGroupThatChanged) {
  transport.always.emplace("usergroups.users.list", ok({{"users", {"U1"}}}));
  EXPECT_TRUE(run(slack.members(leads, 10min)).has_value());
  EXPECT_TRUE(run(slack.forget_group(leads)).has_value());
  EXPECT_TRUE(run(slack.members(leads, 10min)).has_value());
  EXPECT_EQ(transport.calls.size(), 2U);
}

TEST_F(DirectoryTest, AnAnswerThatWasUnderWayWhenTheGroupChangedIsNotKept) {
  transport.always.emplace("usergroups.users.list", ok({{"users", {"U1"}}}));
  transport.on_call = [&](const auto&) {
    boost::asio::co_spawn(context, slack.forget_group(leads),
                          [](std::exception_ptr, Result<void>) {});
    transport.on_call = {};
  };
  // The event is handled while Slack's answer is on its way.
  transport.queued["usergroups.users.list"] = {answer(503, ""), ok({{"users", {"U1"}}})};
  EXPECT_TRUE(run(slack.members(leads, 10min)).has_value());
  EXPECT_TRUE(copies.rows.empty());
}

TEST_F(DirectoryTest, ManyWhoAskTheSameAtOnceShareOneQuestion) {
  transport.always.emplace("usergroups.users.list", ok({{"users", {"U1"}}}));
  int answered = 0;
  for (int i = 0; i < 5; ++i) {
    boost::asio::co_spawn(
        context, slack.members(leads, 30s),
        [&](std::exception_ptr, auto members) { answered += members.has_value() ? 1 : 0; });
  }
  context.run();
  EXPECT_EQ(answered, 5);
  EXPECT_EQ(transport.calls.size(), 1U);
}

TEST_F(DirectoryTest, WhoeverWaitsAsksAgainWhenTheFirstWasCancelled) {
  transport.always.emplace("usergroups.users.list", ok({{"users", {"U1"}}}));
  runtime::TaskGroup tasks{context.get_executor(), [](const auto&, auto) {}};
  std::optional<Result<std::vector<SlackUser>>> first;
  std::optional<Result<std::vector<SlackUser>>> second;
  transport.wait_once = [] { return runtime::sleep_for(1h); };
  tasks.spawn("first", keep(slack.members(leads, 30s), first));
  boost::asio::co_spawn(context, keep(slack.members(leads, 30s), second),
                        [](std::exception_ptr) {});
  context.poll();
  tasks.cancel();
  context.run();
  EXPECT_FALSE(first.has_value());
  ASSERT_TRUE(second.has_value());
  EXPECT_TRUE(second->has_value());
  EXPECT_EQ(transport.calls.size(), 2U);
}

TEST_F(DirectoryTest, KnowsAnExternallySharedChannel) {
  transport.always.emplace(
      "conversations.info",
      ok({{"channel", {{"id", "C1"}, {"name", "x"}, {"is_ext_shared", true}}}}));
  const auto facts = run(slack.channel(channel("C1"), 10min));
  ASSERT_TRUE(facts.has_value());
  EXPECT_TRUE(facts->externally_shared);
  EXPECT_EQ(facts->name, "x");
}

}  // namespace
}  // namespace ringi::slack
