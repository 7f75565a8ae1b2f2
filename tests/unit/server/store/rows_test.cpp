#include "server/store/copy_rows.hpp"
#include "server/store/ledger_reader.hpp"
#include "server/store/ledger_rows.hpp"
#include "server/store/message_rows.hpp"
#include "tests/unit/server/store/store_fixture.hpp"

namespace ringi::store {
namespace {

class CopyRowsTest : public StoreTest {};
class MessageRowsTest : public StoreTest {
 protected:
  static SlackChannel channel(const char* id) { return SlackChannel::parse(id).value(); }
  void want(MessageRows& rows, const std::string& key, const std::string& body, int priority = 1,
            const std::string& parent = {}) {
    ASSERT_TRUE(await(rows.want(key, channel("C1"), parent, priority, body)).has_value());
  }
  std::vector<std::string> due(MessageRows& rows) {
    std::vector<std::string> keys;
    for (const auto& row : await(rows.due(10)).value()) keys.push_back(row.key);
    return keys;
  }
  const MessageTs ts_ = MessageTs::parse("1763780645.000100").value();
};
class LedgerRowsTest : public StoreTest {};

using Keys = std::vector<std::string>;

TEST_P(CopyRowsTest, KeepsTheNewestCopyWithItsAge) {
  CopyRows copies{*store_};
  EXPECT_FALSE(await(copies.get("person", "U1")).value());
  await(copies.put("person", "U1", "old"));
  clock_.advance(std::chrono::minutes{1});
  await(copies.put("person", "U1", "it's 日本 :name"));
  await(copies.put("group", "U1", "other"));
  const auto copy = await(copies.get("person", "U1")).value();
  EXPECT_EQ(copy->value, "it's 日本 :name");
  EXPECT_EQ(copy->as_of, clock_.now());
  EXPECT_EQ(copies.get_now("group", "U1").value()->value, "other");
  await(copies.drop("person", "U1"));
  EXPECT_FALSE(await(copies.get("person", "U1")).value());
}

TEST_P(CopyRowsTest, DropsWhatIsOlderOfOneKindAlone) {
  CopyRows copies{*store_};
  await(copies.put("click-url", "old", "https://hooks.slack.com/1"));
  await(copies.put("person", "U1", "old too"));
  clock_.advance(std::chrono::hours{1});
  await(copies.put("click-url", "new", "https://hooks.slack.com/2"));
  ASSERT_TRUE(
      await(copies.drop_older("click-url", clock_.now() - std::chrono::minutes{30})).has_value());
  EXPECT_FALSE(await(copies.get("click-url", "old")).value());
  EXPECT_TRUE(await(copies.get("click-url", "new")).value());
  EXPECT_TRUE(await(copies.get("person", "U1")).value());
}

TEST_P(MessageRowsTest, RaisesTheWantedVersionOnlyWhenTheBodyDiffers) {
  MessageRows rows{*store_};
  want(rows, "card", "a");
  want(rows, "card", "a");
  EXPECT_EQ(await(rows.find("card")).value()->wanted, 1);
  want(rows, "card", "b");
  const auto row = await(rows.find("card")).value();
  EXPECT_EQ(row->wanted, 2);
  EXPECT_EQ(row->body, "b");
  EXPECT_EQ(row->shown, 0);
  EXPECT_FALSE(await(rows.find("other")).value());
}

TEST_P(MessageRowsTest, OrdersWhatIsDueByPriorityThenByAge) {
  MessageRows rows{*store_};
  want(rows, "progress", "a", 2);
  clock_.advance(std::chrono::seconds{1});
  want(rows, "approval-2", "a", 0);
  clock_.advance(std::chrono::seconds{1});
  want(rows, "approval-3", "a", 0);
  clock_.advance(std::chrono::seconds{1});
  want(rows, "approval-2", "newer", 0);
  EXPECT_EQ(due(rows), (Keys{"approval-2", "approval-3", "progress"}));
}

TEST_P(MessageRowsTest, HoldsAThreadBackUntilItsCardStands) {
  MessageRows rows{*store_};
  want(rows, "line", "a", 0, "card");
  want(rows, "card", "a");
  EXPECT_EQ(due(rows), (Keys{"card"}));
  await(rows.shown("card", 1, {channel("C2"), ts_, "is_archived"}));
  EXPECT_EQ(due(rows), (Keys{"line"}));
  const auto card = await(rows.find("card")).value();
  EXPECT_EQ(card->ts, ts_);
  EXPECT_EQ(card->channel.str(), "C2");
  EXPECT_EQ(card->home.str(), "C1");
  EXPECT_EQ(card->why, "is_archived");
  EXPECT_EQ(card->changed, clock_.now());
}

TEST_P(MessageRowsTest, WhatIsLostIsDueAsIfItHadNeverBeenPosted) {
  MessageRows rows{*store_};
  want(rows, "card", "a");
  want(rows, "line", "b", 1, "card");
  await(rows.shown("card", 1, {channel("C2"), ts_, "is_archived"}));
  await(rows.lost("card", MessageTs::parse("1763780600.000100").value()));
  EXPECT_EQ(due(rows), (Keys{"line"})) << "another copy was lost";
  await(rows.lost("card", ts_));
  EXPECT_EQ(due(rows), (Keys{"card"}));
  const auto card = await(rows.find("card")).value();
  EXPECT_TRUE(card->ts.empty());
  EXPECT_EQ(card->channel.str(), "C1");
  EXPECT_EQ(card->shown, 0);
}

TEST_P(MessageRowsTest, WhatStandsIsRepeatedUnlessItChangedMeanwhile) {
  MessageRows rows{*store_};
  want(rows, "card", "a");
  await(rows.repeat(*await(rows.find("card")).value()));
  EXPECT_EQ(await(rows.find("card")).value()->wanted, 1) << "it does not stand yet";
  await(rows.shown("card", 1, {channel("C1"), ts_, ""}));
  const auto stands = await(rows.find("card")).value();
  await(rows.repeat(*stands));
  EXPECT_EQ(due(rows), (Keys{"card"}));
  await(rows.shown("card", 2, {channel("C1"), ts_, ""}));
  await(rows.repeat(*stands));
  EXPECT_TRUE(due(rows).empty());
}

TEST_P(MessageRowsTest, OnlyWhatIsNotPostedChangesItsPlace) {
  MessageRows rows{*store_};
  want(rows, "card", "a");
  await(rows.given_up("card", 1, "is_archived"));
  EXPECT_EQ(await(rows.find("card")).value()->why, "is_archived");
  await(rows.want("card", channel("C2"), "", 1, "a"));
  EXPECT_EQ(due(rows), (Keys{"card"})) << "it has a new place";
  EXPECT_EQ(await(rows.find("card")).value()->home.str(), "C2");
  await(rows.shown("card", 2, {channel("C2"), ts_, ""}));
  await(rows.want("card", channel("C3"), "", 1, "b"));
  EXPECT_EQ(await(rows.find("card")).value()->home.str(), "C2");
}

TEST_P(MessageRowsTest, IsDueAgainWhenItChangedWhileItWasSent) {
  MessageRows rows{*store_};
  want(rows, "card", "a");
  want(rows, "card", "b");
  await(rows.failed("card", 3, 2));
  EXPECT_EQ(await(rows.find("card")).value()->failures, 3);
  EXPECT_EQ(await(rows.find("card")).value()->unanswered, 2);
  await(rows.shown("card", 1, {channel("C1"), ts_, ""}));
  EXPECT_EQ(due(rows), (Keys{"card"}));
  EXPECT_EQ(await(rows.find("card")).value()->failures, 0);
  await(rows.given_up("card", 2, "message_not_found"));
  EXPECT_TRUE(due(rows).empty());
  await(rows.shown("card", 1, {channel("C1"), ts_, ""}));
  EXPECT_EQ(await(rows.find("card")).value()->shown, 2) << "an old answer takes nothing back";
}

ports::Entry about(const std::string& kind, const std::string& user, char execution) {
  ports::Entry entry{.kind = kind};
  entry.actor = Caller{{}, SlackUser::parse(user).value(), "x"};
  entry.target = ports::Subject{.account = AccountId::parse("222233334444").value(),
                                .execution = some_execution(execution).execution};
  return entry;
}

TEST_P(LedgerRowsTest, FindsEntriesByEveryWord) {
  LedgerRows ledger{*store_};
  await(ledger.append(about("pipeline.started", "U1", '1')));
  clock_.advance(std::chrono::hours{48});
  await(ledger.append(about("approval.decided", "U2", '1')));
  await(ledger.append(about("approval.applied", "U2", '2')));
  struct Case {
    Keys words;
    std::size_t found;
  };
  const std::vector<Case> cases{{{}, 3},
                                {{"since:24h"}, 2},
                                {{"24h"}, 2},
                                {{"3d"}, 3},
                                {{"approval"}, 2},
                                {{"approval.decided"}, 1},
                                {{"U2"}, 2},
                                {{"U1"}, 1},
                                {{"222233334444"}, 3},
                                {{"999999999999"}, 0},
                                {{"approval", "U2", "1h"}, 2},
                                {{"\"seq\":3"}, 1},
                                {{"' OR 1=1 --"}, 0},
                                {{"100%"}, 0}};
  for (const auto& [words, found] : cases)
    EXPECT_EQ(await(ledger.recent(words, 10)).value().size(), found)
        << testing::PrintToString(words);
  EXPECT_EQ(await(ledger.recent({}, 1)).value(), (Keys{R"({"kind":"approval.applied","seq":3})"}));
  EXPECT_EQ(
      await(ledger.about(some_execution('1'))).value(),
      (Keys{R"({"kind":"pipeline.started","seq":1})", R"({"kind":"approval.decided","seq":2})"}));
}

TEST_P(LedgerRowsTest, ReadsTheWholeLedgerInOrder) {
  for (int i = 0; i < 3; ++i) append("k");
  LedgerReader reader{*store_};
  EXPECT_EQ(reader.leaves().value(), (Keys{"leaf1", "leaf2", "leaf3"}));
  std::vector<std::int64_t> seen;
  const auto until_two = [&](const StoredEntry& entry) {
    seen.push_back(entry.seq);
    return entry.seq < 2;
  };
  EXPECT_TRUE(reader.for_each(until_two).has_value());
  EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(reader.tail().value().size, 3);
  EXPECT_EQ(reader.newest_checkpoint().value()->note, "checkpoint 3 leaf3");
  EXPECT_EQ(reader.checkpoint_of(2).value()->note, "checkpoint 2 leaf2");
  EXPECT_FALSE(reader.checkpoint_of(9).value());
}

TEST_P(LedgerRowsTest, ReadsMoreThanOneChunk) {
  const auto many = [](Transaction& transaction) -> Result<void> {
    for (int i = 0; i < 1001; ++i) {
      const auto seq = transaction.append({.kind = "k"});
      if (seq.has_error()) return seq.error();
    }
    return {};
  };
  ASSERT_TRUE(await(store_->write(many)).has_value());
  EXPECT_EQ(LedgerReader{*store_}.leaves().value().size(), 1001u);
}

TEST_P(LedgerRowsTest, KnowsWhichCheckpointIsStillToBePublished) {
  LedgerReader reader{*store_};
  EXPECT_FALSE(await(reader.unpublished()).value());
  append("k");
  append("k");
  EXPECT_EQ(await(reader.unpublished()).value()->size, 2);
  EXPECT_TRUE(await(reader.mark_published(2)).has_value());
  EXPECT_FALSE(await(reader.unpublished()).value());
  EXPECT_TRUE(reader.checkpoint_of(1).value()->published);
  append("k");
  EXPECT_EQ(await(reader.unpublished()).value()->size, 3);
}

RINGI_ON_BOTH_DATABASES(CopyRowsTest);
RINGI_ON_BOTH_DATABASES(MessageRowsTest);
RINGI_ON_BOTH_DATABASES(LedgerRowsTest);

}  // namespace
}  // namespace ringi::store
