#include "handlers/permission/gate.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <map>
#include <optional>
#include <set>

namespace ringi::permission {
namespace {

using access::Action;
using access::Question;
using access::Rules;
using access::Statement;
using testing::ElementsAre;

SlackUser user(const char* id) {
  return *SlackUser::parse(id);
}
SlackGroup group(const char* id) {
  return *SlackGroup::parse(id);
}

// Knows who is who; refuses what it is told to refuse; remembers what it was asked.
class FakeDirectory : public ports::Directory {
 public:
  std::set<SlackUser> guests, strangers;
  std::map<SlackGroup, std::vector<SlackUser>> groups;
  std::optional<Errc> person_failure, group_failure;
  std::vector<Duration> ages;
  int group_calls = 0;

  Task<Result<ports::Person>> person(SlackUser id, Duration max_age) override {
    ages.push_back(max_age);
    if (person_failure) co_return error(*person_failure, "users.info");
    if (strangers.contains(id)) co_return error(Errc::not_found, "users.info");
    co_return ports::Person{.id = id, .full_member = !guests.contains(id)};
  }

  Task<Result<std::vector<SlackUser>>> members(SlackGroup id, Duration max_age) override {
    ages.push_back(max_age);
    ++group_calls;
    if (group_failure) co_return error(*group_failure, "usergroups.users.list");
    const auto found = groups.find(id);
    if (found == groups.end()) co_return error(Errc::not_found, "usergroups.users.list");
    co_return found->second;
  }

  Task<Result<ports::ChannelFacts>> channel(SlackChannel, Duration) override {
    co_return error(Errc::not_found, "conversations.info");
  }
};

template <class T>
T run(Task<T> task) {
  boost::asio::io_context io{1};
  std::optional<T> result;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown, T value) {
    failure = thrown;
    if (!thrown) result = std::move(value);
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(result).value();
}

template <class T>
Task<std::optional<T>> kept(Task<T> task) {
  co_return co_await std::move(task);
}

class GateTest : public testing::Test {
 protected:
  FakeDirectory directory;
  Gate gate{directory};
  std::shared_ptr<Rules> rules = std::make_shared<Rules>();

  void SetUp() override {
    rules->accounts = {{.id = *AccountId::parse("222233334444"),
                        .name = "web-prod",
                        .team = "web",
                        .environment = "production"}};
    rules->environments["production"] = {.name = "production", .production = true};
    rules->teams["web"] = {.name = "web", .approvers = access::Group{"web-leads"}};
    rules->group_ids["web-leads"] = group("S0001");
    directory.groups[group("S0001")] = {user("U0001"), user("U0002")};
    rules->statements = {{.id = "environments.production.approve",
                          .actions = {Action::approve},
                          .who = {access::TeamApprovers{}}}};
  }

  void add_deny(std::vector<access::Who> who) {
    rules->statements.push_back({.id = "d",
                                 .effect = Statement::Effect::deny,
                                 .actions = {Action::approve},
                                 .who = std::move(who)});
  }

  Question question() const { return {.action = Action::approve, .account = &rules->accounts[0]}; }

  Result<access::Decision> may(const char* id) {
    return *run(kept(gate.may(rules, user(id), question(), fresh)));
  }
  Result<std::optional<std::vector<SlackUser>>> everyone() {
    return *run(kept(gate.everyone(rules, question(), fresh)));
  }
};

TEST_F(GateTest, AllowsAMemberOfTheApproversGroup) {
  const auto decision = may("U0001");
  ASSERT_TRUE(decision.has_value());
  EXPECT_TRUE(decision->allowed);
  EXPECT_THAT(decision->because(), ElementsAre("environments.production.approve"));
}

TEST_F(GateTest, DeniesSomebodyOutsideTheGroup) {
  const auto decision = may("U0003");
  ASSERT_TRUE(decision.has_value());
  EXPECT_FALSE(decision->allowed);
}

TEST_F(GateTest, AsksForNothingOlderThanTheLimit) {
  ASSERT_TRUE(may("U0001").has_value());
  EXPECT_THAT(directory.ages, testing::Each(fresh));
}

TEST_F(GateTest, DeniesAGuestWithoutReadingGroups) {
  directory.guests = {user("U0001")};
  const auto decision = may("U0001");
  ASSERT_TRUE(decision.has_value());
  EXPECT_FALSE(decision->allowed);
  EXPECT_EQ(directory.group_calls, 0);
}

TEST_F(GateTest, DeniesSomebodyWhomSlackDoesNotKnow) {
  directory.strangers = {user("U0001")};
  const auto decision = may("U0001");
  ASSERT_TRUE(decision.has_value());
  EXPECT_FALSE(decision->allowed);
}

TEST_F(GateTest, DecidesNothingWhereSlackCannotBeAsked) {
  for (const Errc code :
       {Errc::unavailable, Errc::timeout, Errc::limited, Errc::unknown_outcome, Errc::denied}) {
    directory.person_failure = code;
    const auto decision = may("U0001");
    ASSERT_TRUE(decision.has_error());
    EXPECT_EQ(decision.error().code, Errc::ask_again);
  }
  directory.person_failure.reset();
  directory.group_failure = Errc::timeout;
  ASSERT_TRUE(may("U0001").has_error());
}

TEST_F(GateTest, HandsACancellationOnAsSuch) {
  directory.group_failure = Errc::cancelled;
  const auto decision = may("U0001");
  ASSERT_TRUE(decision.has_error());
  EXPECT_EQ(decision.error().code, Errc::cancelled);
}

TEST_F(GateTest, AGroupThatVanishedIsNobodyInAnAllow) {
  directory.groups.clear();
  const auto decision = may("U0001");
  ASSERT_TRUE(decision.has_value());
  EXPECT_FALSE(decision->allowed);
}

TEST_F(GateTest, AGroupThatIsNotResolvedIsEveryoneInADeny) {
  add_deny({access::Group{"interns"}});
  const auto decision = may("U0001");
  ASSERT_TRUE(decision.has_value());
  EXPECT_FALSE(decision->allowed);
  EXPECT_TRUE(decision->matches.at(0).by_unknown);
}

TEST_F(GateTest, EveryoneIsWhoIsAllowedAndNotDenied) {
  directory.groups[group("S0001")].push_back(user("U0004"));
  directory.guests = {user("U0004")};
  add_deny({user("U0002")});
  const auto who = everyone();
  ASSERT_TRUE(who.has_value());
  ASSERT_TRUE(who->has_value());
  EXPECT_THAT(**who, ElementsAre(user("U0001")));
}

TEST_F(GateTest, EveryoneIsNotListedWhereEveryFullMemberMay) {
  rules->statements[0].who = {access::Members{}};
  const auto who = everyone();
  ASSERT_TRUE(who.has_value());
  EXPECT_FALSE(who->has_value());
}

TEST_F(GateTest, EveryoneIsNobodyWhereAllAreDenied) {
  rules->statements[0].who = {access::Members{}};
  add_deny({access::Members{}});
  const auto who = everyone();
  ASSERT_TRUE(who.has_value());
  ASSERT_TRUE(who->has_value());
  EXPECT_TRUE((*who)->empty());
}

TEST_F(GateTest, EveryoneNeedsSlackWhereAGroupIsNamed) {
  directory.group_failure = Errc::unavailable;
  EXPECT_EQ(everyone().error().code, Errc::ask_again);
}

}  // namespace
}  // namespace ringi::permission
