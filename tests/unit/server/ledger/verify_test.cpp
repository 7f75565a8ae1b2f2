#include "server/ledger/verify.hpp"

#include "server/ledger/tail.hpp"
#include "tests/unit/server/ledger/stored_ledger.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace ringi::ledger {
namespace {

using test::StoredLedger;

const VerifierKey key = test::key().verifier();

// 10 entries in commits of 1, 3, 2 and 4: checkpoints at 1, 4, 6 and 10.
StoredLedger ledger_of_ten() {
  return StoredLedger{{1, 3, 2, 4}};
}

Checkpoint outside_at(std::int64_t size) {
  return open_checkpoint(ledger_of_ten().checkpoints.at(size), key).value();
}

std::optional<Fault> fault_of(StoredLedger& ledger, const std::optional<Checkpoint>& outside = {}) {
  return verify(ledger, key, outside).value().fault;
}

// What a thorough forger does: everything consistent again from these rows on, with the ledger's
// key.
void resign(StoredLedger& ledger) {
  Edge edge;
  std::map<std::int64_t, std::string> checkpoints;
  std::int64_t seq = 0;
  for (Row& row : ledger.rows) {
    row.seq = ++seq;
    const auto at = row.json.find("\"seq\":");
    row.json.replace(at + 6, row.json.find_first_of(",}", at) - at - 6, std::to_string(seq));
    row.hash = crypto::to_hex(leaf_hash(row.json));
    edge.append(leaf_hash(row.json));
    checkpoints[seq] = sign_checkpoint({edge.size(), edge.root()}, test::key());
  }
  ledger.checkpoints = std::move(checkpoints);
  ledger.end = tail_of(edge);
}

TEST(Verify, a_whole_ledger_holds_with_and_without_an_outside_checkpoint) {
  StoredLedger ledger = ledger_of_ten();
  EXPECT_FALSE(fault_of(ledger));
  for (const std::int64_t size : {1, 4, 6, 10})
    EXPECT_FALSE(fault_of(ledger, outside_at(size))) << size;
  EXPECT_EQ(verify(ledger, key, {}).value().head, outside_at(10).head);
}

TEST(Verify, an_empty_ledger_holds) {
  StoredLedger ledger{{}};
  EXPECT_FALSE(fault_of(ledger));
  EXPECT_EQ(verify(ledger, key, {}).value().head, (Head{0, crypto::sha256("")}));
}

TEST(Verify, every_flipped_bit_of_every_entry_is_found_and_the_entry_named) {
  const StoredLedger whole = ledger_of_ten();
  for (std::size_t i = 0; i < whole.rows.size(); ++i) {
    for (std::size_t at = 0; at < whole.rows[i].json.size(); ++at) {
      StoredLedger ledger = whole;
      char& byte = ledger.rows[i].json[at];
      byte = static_cast<char>(byte ^ (1 << (at % 8)));
      const auto fault = fault_of(ledger);
      ASSERT_TRUE(fault);
      ASSERT_EQ(fault->first, i + 1);
      ASSERT_EQ(fault->last, i + 1);
    }
  }
}

TEST(Verify, every_flipped_bit_of_every_stored_hash_is_found) {
  const StoredLedger whole = ledger_of_ten();
  for (std::size_t at = 0; at < 64; ++at) {
    StoredLedger ledger = whole;
    char& digit = ledger.rows[at % 10].hash[at];
    digit = static_cast<char>(digit ^ 1);
    const auto fault = fault_of(ledger);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->first, at % 10 + 1);
  }
}

TEST(Verify, every_flipped_bit_of_every_stored_checkpoint_is_found) {
  const StoredLedger whole = ledger_of_ten();
  for (const auto& [size, note] : whole.checkpoints) {
    for (std::size_t at = 0; at < note.size(); ++at) {
      StoredLedger ledger = whole;
      char& byte = ledger.checkpoints[size][at];
      byte = static_cast<char>(byte ^ (1 << (at % 8)));
      ASSERT_TRUE(fault_of(ledger)) << size << " at " << at;
    }
  }
}

struct Tampering {
  const char* name;
  std::function<void(StoredLedger&)> act;
  std::uint64_t first, last;
  std::string why;
};

TEST(Verify, names_the_first_entry_that_does_not_hold) {
  const Tampering cases[] = {
      {"an entry changed with its hash",
       [](StoredLedger& it) {
         it.rows[4].json.replace(it.rows[4].json.find("hanako"), 6, "jiro!!");
         it.rows[4].hash = crypto::to_hex(leaf_hash(it.rows[4].json));
       },
       5, 6, "their checkpoint was signed over other entries"},
      {"an entry deleted in the middle",
       [](StoredLedger& it) { it.rows.erase(it.rows.begin() + 4); }, 5, 5, "it is missing"},
      {"the first entry deleted", [](StoredLedger& it) { it.rows.erase(it.rows.begin()); }, 1, 1,
       "it is missing"},
      {"an entry deleted and the rest renumbered",
       [](StoredLedger& it) {
         it.rows.erase(it.rows.begin() + 4);
         for (std::size_t i = 4; i < it.rows.size(); ++i) --it.rows[i].seq;
       },
       5, 5, "in its place stands entry 6"},
      {"two entries swapped", [](StoredLedger& it) { std::swap(it.rows[2], it.rows[3]); }, 3, 3,
       "it is missing"},
      {"two entries swapped with their numbers",
       [](StoredLedger& it) {
         std::swap(it.rows[2].json, it.rows[3].json);
         std::swap(it.rows[2].hash, it.rows[3].hash);
       },
       3, 3, "in its place stands entry 4"},
      {"two texts swapped", [](StoredLedger& it) { std::swap(it.rows[2].json, it.rows[3].json); },
       3, 3, "its bytes are not those that were hashed"},
      {"an entry twice", [](StoredLedger& it) { it.rows.insert(it.rows.begin() + 4, it.rows[3]); },
       5, 5, "the entries are out of order"},
      {"a column that searches read",
       [](StoredLedger& it) { it.rows[6].columns[1].second = "U0999"; }, 7, 7,
       "the store's column for /actor/user was changed"},
      {"a column of what the entry does not have",
       [](StoredLedger& it) { it.rows[6].columns[2].second = "1"; }, 7, 7,
       "the store's column for /target/account was changed"},
      {"the column that knows a repeat",
       [](StoredLedger& it) { it.rows[6].columns[3].second = "decided:8"; }, 7, 7,
       "the store's column for /once was changed"},
      {"an entry that is no JSON",
       [](StoredLedger& it) {
         it.rows[1].json = "{";
         it.rows[1].hash = crypto::to_hex(leaf_hash("{"));
       },
       2, 2, "it is not a JSON object"},
      {"an entry added by hand",
       [](StoredLedger& it) {
         Row row = it.rows.back();
         row.json.replace(row.json.find("\"seq\":10"), 8, "\"seq\":11");
         it.rows.push_back({11, row.json, crypto::to_hex(leaf_hash(row.json)), {}});
         it.end.size = 11;
       },
       11, 11, "no signed checkpoint covers them"},
      {"the tail cut off", [](StoredLedger& it) { it.rows.resize(8); }, 9, 10,
       "cut off: the newest checkpoint covers them"},
      {"the tail and its checkpoint cut off",
       [](StoredLedger& it) {
         it.rows.resize(8);
         it.checkpoints.erase(10);
       },
       7, 8, "no signed checkpoint covers them"},
      {"a whole commit cut off, but the store's tail",
       [](StoredLedger& it) {
         it.rows.resize(6);
         it.checkpoints.erase(10);
       },
       7, 7, "the store's tail stands at 10"},
      {"a hash of the store's tail",
       [](StoredLedger& it) { it.end.frontier.back() = it.rows[2].hash; }, 11, 11,
       "the store's tail holds other hashes: nothing can be built on it"},
      {"a checkpoint signed by another key",
       [](StoredLedger& it) {
         it.checkpoints[6] = sign_checkpoint(outside_at(6).head, test::key("another"));
       },
       5, 6, "their checkpoint: not signed by " + key.text()},
      {"a checkpoint of another size",
       [](StoredLedger& it) { it.checkpoints[6] = it.checkpoints[4]; }, 5, 6,
       "their checkpoint was signed over other entries"},
  };
  for (const Tampering& it : cases) {
    StoredLedger ledger = ledger_of_ten();
    it.act(ledger);
    const auto fault = fault_of(ledger);
    ASSERT_TRUE(fault) << it.name;
    EXPECT_EQ(fault->first, it.first) << it.name;
    EXPECT_EQ(fault->last, it.last) << it.name;
    EXPECT_EQ(fault->why, it.why) << it.name;
  }
}

TEST(Verify, a_forger_who_holds_the_key_is_found_by_the_outside_checkpoint_alone) {
  const Tampering cases[] = {
      {"the tail cut off whole",
       [](StoredLedger& it) {
         it.rows.resize(6);
         it.checkpoints.erase(10);
         Edge edge;
         for (const Row& row : it.rows) edge.append(leaf_hash(row.json));
         it.end = tail_of(edge);
       },
       7, 10, "cut off: the checkpoint from outside covers them"},
      {"everything cut off",
       [](StoredLedger& it) {
         it.rows.clear();
         resign(it);
       },
       1, 10, "cut off: the checkpoint from outside covers them"},
      {"the past rewritten",
       [](StoredLedger& it) {
         it.rows[4].json.replace(it.rows[4].json.find("hanako"), 6, "jiro!!");
         resign(it);
       },
       1, 10, "the checkpoint from outside was signed over other entries"},
      {"an entry left out and everything renumbered",
       [](StoredLedger& it) {
         it.rows.erase(it.rows.begin() + 4);
         it.rows.push_back(it.rows.back());
         resign(it);
       },
       1, 10, "the checkpoint from outside was signed over other entries"},
  };
  for (const Tampering& it : cases) {
    StoredLedger ledger = ledger_of_ten();
    it.act(ledger);
    EXPECT_FALSE(fault_of(ledger)) << it.name << ": no outside witness, nothing to see";
    const auto fault = fault_of(ledger, outside_at(10));
    ASSERT_TRUE(fault) << it.name;
    EXPECT_EQ(fault->first, it.first) << it.name;
    EXPECT_EQ(fault->last, it.last) << it.name;
    EXPECT_EQ(fault->why, it.why) << it.name;
  }
}

TEST(Verify, an_older_outside_checkpoint_vouches_for_what_came_before_it) {
  StoredLedger ledger = ledger_of_ten();
  ledger.rows[1].json.replace(ledger.rows[1].json.find("hanako"), 6, "jiro!!");
  resign(ledger);
  const auto fault = fault_of(ledger, outside_at(4));
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->last, 4U);
}

}  // namespace
}  // namespace ringi::ledger
