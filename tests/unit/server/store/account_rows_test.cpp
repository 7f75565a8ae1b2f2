#include "server/store/account_rows.hpp"

#include "tests/unit/server/store/store_fixture.hpp"

namespace ringi::store {
namespace {

using access::KnownAccount;

KnownAccount account(int number) {
  auto digits = std::to_string(number);
  return {.id = *AccountId::parse(std::string(12 - digits.size(), '0') + digits),
          .name = "it's 日本 :" + digits,
          .team = "web",
          .environment = "production",
          .channel = "#deploys",
          .wall = "production",
          .realm = "production",
          .production = true};
}

class AccountRowsTest : public StoreTest {
 protected:
  AccountRows rows() { return {*store_, ids_}; }
  std::vector<KnownAccount> all() { return await(rows().all()).value(); }
  std::int64_t jobs() { return number("SELECT COUNT(*) FROM jobs WHERE kind = 'account.move'"); }
};

TEST_P(AccountRowsTest, KeepsEveryColumn) {
  auto one = account(1);
  one.move = opaque(7);
  one.to = "staging";
  auto other = account(2);
  other.gone = true;
  other.listed = true;
  ASSERT_TRUE(await(rows().keep({{.row = one}, {.row = other}})).has_value());
  EXPECT_EQ(all(), (std::vector<KnownAccount>{one, other}));
  EXPECT_EQ(rows().all_now().value(), all());
  const auto before = one;
  one.wall = "";
  one.production = false;
  one.team = "";
  ASSERT_TRUE(await(rows().keep({{.before = before, .row = one}})).has_value());
  EXPECT_EQ(all().front(), one);
}

TEST_P(AccountRowsTest, WritesRowEntryAndChoresTogether) {
  const AccountWrite write{.row = account(1),
                           .entry = ports::Entry{.kind = "account.added"},
                           .chores = {{"account.move", "a", "{}"}, {"account.move", "b", "{}"}}};
  ASSERT_TRUE(await(rows().keep({write})).has_value());
  EXPECT_EQ(entries(), 1);
  EXPECT_EQ(jobs(), 2);
}

TEST_P(AccountRowsTest, TakesAWholeOrganizationAtOnce) {
  std::vector<AccountWrite> writes;
  for (int i = 0; i < 1050; ++i)
    writes.push_back({.row = account(i), .entry = ports::Entry{.kind = "account.added"}});
  ASSERT_TRUE(await(rows().keep(std::move(writes))).has_value());
  EXPECT_EQ(all().size(), 1050u);
  EXPECT_EQ(entries(), 1050);
  EXPECT_EQ(number("SELECT COUNT(*) FROM checkpoints"), 1) << "all or nothing";
}

TEST_P(AccountRowsTest, WritesNothingWhereAnAccountWasMovedSinceTheDraft) {
  auto waiting = account(1);
  waiting.move = opaque(7);
  waiting.to = "staging";
  await(rows().keep({{.row = waiting}}));
  auto drafted = waiting;
  drafted.team = "pay";
  auto moved = account(1);
  moved.environment = "staging";
  ASSERT_TRUE(await(rows().settle(opaque(7), {.row = moved})).value());
  const auto kept =
      await(rows().keep({{.row = account(2), .entry = ports::Entry{.kind = "account.added"}},
                         {.before = waiting, .row = drafted, .entry = ports::Entry{.kind = "k"}}}));
  ASSERT_TRUE(kept.has_error());
  EXPECT_EQ(kept.error().code, Errc::conflict);
  EXPECT_EQ(all(), std::vector<KnownAccount>{moved})
      << "the operator's word stays, and all is as it was";
  EXPECT_EQ(entries(), 0);
}

TEST_P(AccountRowsTest, FindsWhoWaitsWithAMove) {
  auto waiting = account(1);
  waiting.move = opaque(7);
  await(rows().keep({{.row = waiting}, {.row = account(2)}}));
  EXPECT_EQ(await(rows().waiting(opaque(7))).value(), waiting);
  EXPECT_FALSE(await(rows().waiting(opaque(8))).value());
}

TEST_P(AccountRowsTest, SettlesAMoveOnceAndNothingElseOfTheRow) {
  auto waiting = account(1);
  waiting.move = opaque(7);
  waiting.to = "staging";
  waiting.team = "pay";
  await(rows().keep({{.row = waiting}}));
  auto moved = account(1);
  moved.environment = moved.wall = "staging";
  moved.production = false;
  const AccountWrite settled{.row = moved,
                             .entry = ports::Entry{.kind = "account.changed"},
                             .chores = {{"account.move", "agreed", "{}"}}};
  EXPECT_FALSE(await(rows().settle(opaque(8), settled)).value()) << "another button";
  EXPECT_EQ(entries(), 0);
  EXPECT_TRUE(await(rows().settle(opaque(7), settled)).value());
  EXPECT_FALSE(await(rows().settle(opaque(7), settled)).value());
  EXPECT_EQ(entries(), 1);
  EXPECT_EQ(jobs(), 1);
  moved.team = "pay";
  EXPECT_EQ(all(), std::vector<KnownAccount>{moved}) << "its team had changed meanwhile";
}

RINGI_ON_BOTH_DATABASES(AccountRowsTest);

}  // namespace
}  // namespace ringi::store
