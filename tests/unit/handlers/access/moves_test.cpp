#include "handlers/access/moves.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ringi::access {
namespace {

const AccountId web = *AccountId::parse("222233334444");

// Two realms; "canary" is production too, "dev" stands beside staging.
const Environments two_realms{
    {"production", {.name = "production", .production = true, .realm = "production"}},
    {"canary", {.name = "canary", .production = true, .realm = "production"}},
    {"staging", {.name = "staging", .realm = "nonproduction"}},
    {"dev", {.name = "dev", .realm = "nonproduction"}}};
const Environments no_realms{{"production", {.name = "production", .production = true}},
                             {"staging", {.name = "staging"}}};

// What the store holds, as one round after the other leaves it.
struct Life {
  Environments environments = two_realms;
  std::vector<KnownAccount> rows = {};
  int ids = 0;

  InForce round(std::vector<Account> wanted) {
    auto result = in_force(std::move(wanted), rows, environments, [this] {
      return *OpaqueId::parse("01JD000000000000000000000" + std::to_string(++ids));
    });
    for (const auto& change : result.changes) keep(change.after);
    return result;
  }
  InForce is(const std::string& environment) {
    return round({{.id = web, .name = "web", .environment = environment}});
  }
  void keep(const KnownAccount& row) {
    const auto found = std::ranges::find(rows, row.id, &KnownAccount::id);
    if (found == rows.end()) {
      rows.push_back(row);
    } else {
      *found = row;
    }
  }
  void operator_agrees() { rows.front() = moved(rows.front(), environments); }
};

struct Step {
  const char *name, *from, *to;
  bool waits;
};

class Move : public testing::TestWithParam<Step> {};

TEST_P(Move, WaitsWhereItTakesDownAWall) {
  Life life;
  life.is(GetParam().from);
  const auto after = life.is(GetParam().to);
  EXPECT_EQ(after.accounts.at(0).environment, GetParam().waits ? GetParam().from : GetParam().to);
  ASSERT_EQ(after.changes.size(), 1u);
  EXPECT_EQ(asks_for_move(after.changes[0]), GetParam().waits);
  EXPECT_EQ(kind_of(after.changes[0]), GetParam().waits ? "" : "account.changed");
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Move,
    testing::Values(Step{"out_of_production", "production", "staging", true},
                    Step{"into_production", "staging", "production", true},
                    Step{"within_production", "production", "canary", false},
                    Step{"within_a_realm", "staging", "dev", false},
                    Step{"out_of_production_into_nothing", "production", "", true},
                    Step{"out_of_production_into_the_unknown", "production", "qa", true},
                    Step{"out_of_a_realm_into_nothing", "staging", "", false},
                    Step{"first_environment", "", "production", false},
                    Step{"from_the_unknown", "qa", "production", false}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(MoveWithoutRealms, WaitsOnItsWayOutOfProductionOnly) {
  Life out{.environments = no_realms};
  out.is("production");
  EXPECT_EQ(out.is("staging").accounts[0].environment, "production");
  Life in{.environments = no_realms};
  in.is("staging");
  EXPECT_EQ(in.is("production").accounts[0].environment, "production");
  EXPECT_TRUE(in.rows[0].move.empty());
}

TEST(Move, StaysInForceAsItWasWhileItWaits) {
  Life life;
  life.is("production");
  life.is("staging");
  const auto again = life.is("staging");
  EXPECT_EQ(again.accounts[0].environment, "production");
  EXPECT_TRUE(again.changes.empty()) << "asked once, and the button stays the same";
}

TEST(Move, IsInForceOnceAnOperatorAgrees) {
  Life life;
  life.is("production");
  life.is("staging");
  life.operator_agrees();
  const auto after = life.is("staging");
  EXPECT_EQ(after.accounts[0].environment, "staging");
  EXPECT_TRUE(after.changes.empty());
  EXPECT_EQ(life.is("production").accounts[0].environment, "staging") << "the wall is new";
}

TEST(Move, IsVoidWhenTagsSayTheOldAgain) {
  Life life;
  life.is("production");
  const auto asked = life.is("staging").changes[0].after.move;
  const auto back = life.is("production");
  ASSERT_EQ(back.changes.size(), 1u);
  EXPECT_TRUE(drops_move(back.changes[0]));
  EXPECT_EQ(back.changes[0].before->move, asked);
  EXPECT_TRUE(life.rows[0].move.empty());
}

TEST(Move, ToAnotherEnvironmentIsAnotherQuestion) {
  Life life;
  life.is("production");
  const auto first = life.is("staging").changes[0].after.move;
  const auto second = life.is("dev");
  ASSERT_EQ(second.changes.size(), 1u);
  EXPECT_TRUE(drops_move(second.changes[0]) && asks_for_move(second.changes[0]));
  EXPECT_NE(second.changes[0].after.move, first);
  EXPECT_EQ(second.changes[0].after.to, "dev");
}

TEST(Wall, OutlivesTheLossOfTheEnvironment) {
  Life life;
  life.is("staging");
  EXPECT_EQ(life.is("").accounts[0].environment, "");
  EXPECT_EQ(life.is("production").accounts[0].environment, "")
      << "two small steps are no way round";
  EXPECT_EQ(life.is("staging").accounts[0].environment, "staging");
}

TEST(Wall, OutlivesAWhileOutsideTheOrganization) {
  Life life;
  life.is("production");
  const auto gone = life.round({});
  ASSERT_EQ(gone.changes.size(), 1u);
  EXPECT_EQ(kind_of(gone.changes[0]), "account.removed");
  EXPECT_TRUE(gone.accounts.empty());
  EXPECT_TRUE(life.round({}).changes.empty()) << "told once";
  const auto back = life.is("staging");
  EXPECT_EQ(kind_of(back.changes.at(0)), "account.added");
  EXPECT_TRUE(asks_for_move(back.changes[0]));
  EXPECT_EQ(back.accounts[0].environment, "production");
}

TEST(Wall, IsNotMovedByAnEnvironmentThatComesToBeKnown) {
  Life life;
  life.is("staging");
  EXPECT_EQ(life.is("qa").accounts[0].environment, "qa") << "unknown, and so unreachable";
  life.environments["qa"] = {.name = "qa", .production = true, .realm = "production"};
  const auto after = life.is("qa");
  EXPECT_EQ(after.accounts[0].environment, "") << "still unreachable";
  ASSERT_EQ(after.waiting.size(), 1u);
  life.operator_agrees();
  EXPECT_EQ(life.is("qa").accounts[0].environment, "qa");
  EXPECT_EQ(life.rows[0].realm, "production");
}

TEST(Wall, OfAnUnknownEnvironmentThatWasAgreedToIsStillTheOldOne) {
  Life life;
  life.is("production");
  life.is("qa");
  life.operator_agrees();
  EXPECT_EQ(life.is("qa").accounts[0].environment, "qa");
  life.environments["qa"] = {.name = "qa", .realm = "nonproduction"};
  EXPECT_EQ(life.is("qa").accounts[0].environment, "") << "that is another question";
}

TEST(Move, ThatWaitsIsNamedInEveryRound) {
  Life life;
  life.is("production");
  EXPECT_EQ(life.is("staging").waiting.size(), 1u);
  EXPECT_EQ(life.is("staging").waiting.size(), 1u) << "asked for before";
  EXPECT_TRUE(life.is("production").waiting.empty());
}

TEST(Wall, IsThatOfTheEnvironmentAsItIsNow) {
  Life life;
  life.is("staging");
  life.environments["staging"].realm = "production";
  life.environments["staging"].production = true;
  const auto same = life.is("staging");
  EXPECT_EQ(same.accounts[0].environment, "staging") << "no move of the account";
  EXPECT_EQ(kind_of(same.changes.at(0)), "account.changed") << "but news";
  EXPECT_EQ(life.is("dev").accounts[0].environment, "staging");
}

TEST(Move, LeavesWithTheAccount) {
  Life life;
  life.is("production");
  life.is("staging");
  const auto gone = life.round({});
  EXPECT_TRUE(drops_move(gone.changes.at(0)));
}

TEST(Change, NamesWhatIsNews) {
  Life life;
  EXPECT_EQ(kind_of(life.is("staging").changes.at(0)), "account.added");
  EXPECT_TRUE(life.is("staging").changes.empty());
  const auto renamed = life.round({{.id = web, .name = "shop", .environment = "staging"}});
  EXPECT_EQ(kind_of(renamed.changes.at(0)), "account.changed");
  const auto other_team =
      life.round({{.id = web, .name = "shop", .team = "pay", .environment = "staging"}});
  EXPECT_EQ(kind_of(other_team.changes.at(0)), "account.changed");
}

}  // namespace
}  // namespace ringi::access
