#include "server/ledger/receipt.hpp"

#include "server/crypto/base64.hpp"
#include "tests/unit/server/ledger/stored_ledger.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ringi::ledger {
namespace {

using test::StoredLedger;

const VerifierKey key = test::key().verifier();

TEST(Receipt, every_entry_is_proved_through_its_text) {
  StoredLedger ledger{{1, 3, 2, 4}};
  for (std::int64_t seq = 1; seq <= 10; ++seq) {
    const std::string text = receipt_text(prove(ledger, seq, key).value());
    const Receipt receipt = parse_receipt(text).value();
    EXPECT_EQ(receipt.entry, ledger.rows[static_cast<std::size_t>(seq - 1)].json);
    EXPECT_EQ(check_receipt(receipt, key).value().head.size, 10U);
    EXPECT_EQ(receipt_text(receipt), text);
  }
}

TEST(Receipt, is_a_tlog_proof) {
  StoredLedger ledger{{2}};
  const std::string text = receipt_text(prove(ledger, 2, key).value());
  EXPECT_EQ(text, "c2sp.org/tlog-proof@v1\nextra " + crypto::to_base64(ledger.rows[1].json) +
                      "\nindex 1\n" + crypto::to_base64(leaf_hash(ledger.rows[0].json)) + "\n\n" +
                      ledger.checkpoints[2]);
}

TEST(Receipt, every_flipped_byte_is_found) {
  StoredLedger ledger{{5}};
  const std::string text = receipt_text(prove(ledger, 3, key).value());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string altered = text;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    const auto receipt = parse_receipt(altered);
    EXPECT_TRUE(receipt.has_error() || check_receipt(*receipt, key).has_error()) << i;
  }
}

TEST(Receipt, does_not_hold_for_another_entry_place_or_key) {
  StoredLedger ledger{{5}};
  const Receipt receipt = prove(ledger, 3, key).value();
  Receipt other_entry = receipt;
  other_entry.entry = ledger.rows[3].json;
  EXPECT_EQ(check_receipt(other_entry, key).error().code, Errc::denied);
  Receipt other_place = receipt;
  other_place.index = 3;
  EXPECT_EQ(check_receipt(other_place, key).error().code, Errc::denied);
  EXPECT_EQ(check_receipt(receipt, test::key("another").verifier()).error().code, Errc::denied);
}

TEST(Receipt, is_not_given_where_it_would_not_hold) {
  StoredLedger ledger{{5}};
  EXPECT_EQ(prove(ledger, 0, key).error().code, Errc::not_found);
  EXPECT_EQ(prove(ledger, 6, key).error().code, Errc::not_found);
  ledger.rows[0].json[5] ^= 1;
  EXPECT_EQ(prove(ledger, 3, key).error().code, Errc::conflict);
  ledger.rows.clear();
  EXPECT_EQ(prove(ledger, 3, key).error().code, Errc::conflict);
  ledger.checkpoints.clear();
  EXPECT_EQ(prove(ledger, 3, key).error().code, Errc::not_found);
}

TEST(Receipt, malformed_texts_are_refused) {
  const std::string first = "c2sp.org/tlog-proof@v1\n";
  const std::string hash = crypto::to_base64(crypto::sha256("x")) + "\n";
  std::string deep = first + "extra e30=\nindex 0\n";
  for (int i = 0; i < 65; ++i) deep += hash;
  struct Case {
    const char* name;
    std::string text;
  };
  const Case cases[] = {
      {"nothing", ""},
      {"another version", "c2sp.org/tlog-proof@v2\nextra e30=\nindex 0\n\n"},
      {"no entry", first + "index 0\n\n"},
      {"an entry that is not base64", first + "extra e3\nindex 0\n\n"},
      {"no index", first + "extra e30=\n\n"},
      {"a negative index", first + "extra e30=\nindex -1\n\n"},
      {"a padded index", first + "extra e30=\nindex 00\n\n"},
      {"a short hash", first + "extra e30=\nindex 0\nAAAA\n\n"},
      {"no checkpoint", first + "extra e30=\nindex 0\n" + hash},
      {"a path too deep", deep + "\n"},
      {"too long", first + "extra " + std::string(3 * 1024 * 1024, 'A') + "\nindex 0\n\n"},
  };
  for (const Case& it : cases) EXPECT_TRUE(parse_receipt(it.text).has_error()) << it.name;
}

}  // namespace
}  // namespace ringi::ledger
