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
          .walled = true,
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
  ASSERT_TRUE(await(rows().keep({{one, {}, {}}, {other, {}, {}}})).has_value());
  EXPECT_EQ(all(), (std::vector<KnownAccount>{one, other}));
  EXPECT_EQ(rows().all_now().value(), all());
  one.walled = false;
  one.production = false;
  one.team = "";
  ASSERT_TRUE(await(rows().keep({{one, {}, {}}})).has_value());
  EXPECT_EQ(all().front(), one);
}

TEST_P(AccountRowsTest, WritesRowEntryAndChoresTogether) {
  AccountWrite write{account(1),
                     ports::Entry{.kind = "account.added"},
                     {{"account.move", "a", "{}"}, {"account.move", "b", "{}"}}};
  ASSERT_TRUE(await(rows().keep({write})).has_value());
  EXPECT_EQ(entries(), 1);
  EXPECT_EQ(jobs(), 2);
}

TEST_P(AccountRowsTest, TakesAWholeOrganizationAtOnce) {
  std::vector<AccountWrite> writes;
  for (int i = 0; i < 1050; ++i)
    writes.push_back({account(i), ports::Entry{.kind = "account.added"}, {}});
  ASSERT_TRUE(await(rows().keep(std::move(writes))).has_value());
  EXPECT_EQ(all().size(), 1050u);
  EXPECT_EQ(entries(), 1050);
  EXPECT_EQ(number("SELECT COUNT(*) FROM checkpoints"), 11) << "a hundred to a commit";
}

TEST_P(AccountRowsTest, SettlesAMoveOnce) {
  auto waiting = account(1);
  waiting.move = opaque(7);
  await(rows().keep({{waiting, {}, {}}}));
  const AccountWrite settled{
      account(1), ports::Entry{.kind = "account.changed"}, {{"account.move", "agreed", "{}"}}};
  EXPECT_FALSE(await(rows().settle(opaque(8), settled)).value()) << "another button";
  EXPECT_EQ(entries(), 0);
  EXPECT_TRUE(await(rows().settle(opaque(7), settled)).value());
  EXPECT_FALSE(await(rows().settle(opaque(7), settled)).value());
  EXPECT_EQ(entries(), 1);
  EXPECT_EQ(jobs(), 1);
  EXPECT_TRUE(all().front().move.empty());
}

RINGI_ON_BOTH_DATABASES(AccountRowsTest);

}  // namespace
}  // namespace ringi::store
