#include "server/ledger/audit.hpp"

#include "server/ledger/checkpoint.hpp"
#include "server/ledger/table.hpp"
#include "tests/unit/server/ledger/stored_ledger.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace ringi::ledger {
namespace {

using nlohmann::json;
using test::StoredLedger;

const VerifierKey key = test::key().verifier();

struct Outcome {
  int code;
  std::string out, err;
};

template <class Act>
Outcome outcome_of(Act act) {
  std::ostringstream out, err;
  const int code = act(out, err);
  return {code, out.str(), err.str()};
}

Outcome verified(StoredLedger& ledger, const std::optional<std::string>& checkpoint = {}) {
  return outcome_of(
      [&](auto& out, auto& err) { return audit_verify(checkpoint, ledger, key, out, err); });
}

Outcome listed(StoredLedger& ledger, const AuditListOptions& options) {
  return outcome_of([&](auto& out, auto& err) { return audit_list(options, ledger, out, err); });
}

Outcome proof_verified(const std::string& receipt, const std::string& with) {
  return outcome_of(
      [&](auto& out, auto& err) { return audit_verify_proof(receipt, with, out, err); });
}

TEST(AuditVerify, says_ok_with_the_root_and_whether_there_was_a_witness) {
  StoredLedger ledger{{1, 2}};
  const Outcome alone = verified(ledger);
  EXPECT_EQ(alone.code, 0);
  EXPECT_TRUE(alone.out.starts_with("ok: 3 entries, root ")) << alone.out;
  EXPECT_NE(alone.out.find("no outside witness"), std::string::npos);
  const Outcome witnessed = verified(ledger, ledger.checkpoints[1]);
  EXPECT_EQ(witnessed.code, 0);
  EXPECT_NE(witnessed.out.find("witnessed: nothing up to entry 1 "), std::string::npos);
  EXPECT_EQ(witnessed.err, "");
}

TEST(AuditVerify, takes_a_checkpoint_as_it_was_copied) {
  StoredLedger ledger{{1, 2}};
  std::string copied = "\n" + ledger.checkpoints[3];
  copied.pop_back();
  EXPECT_EQ(verified(ledger, copied).code, 0);
  EXPECT_EQ(verified(ledger, copied + "\r\n\r\n").code, 0);
}

TEST(AuditVerify, names_the_fault_and_exits_with_1) {
  StoredLedger ledger{{1, 2}};
  const std::string outside = ledger.checkpoints[3];
  ledger.rows[1].json[3] ^= 1;
  EXPECT_EQ(verified(ledger).code, 1);
  EXPECT_EQ(verified(ledger).err,
            "ringi: entry 2 does not hold: its bytes are not those that were hashed\n");
  StoredLedger cut{{1}};
  EXPECT_EQ(
      verified(cut, outside).err,
      "ringi: entries 2 to 3 do not hold: cut off: the checkpoint from outside covers them\n");
}

TEST(AuditVerify, a_file_that_is_no_checkpoint_is_wrong_usage_and_a_foreign_one_is_not_ok) {
  StoredLedger ledger{{1}};
  EXPECT_EQ(verified(ledger, "hello").code, 2);
  EXPECT_EQ(verified(ledger, "").code, 2);
  EXPECT_EQ(verified(ledger, sign_checkpoint({1, crypto::sha256("x")}, test::key("another"))).code,
            1);
}

TEST(AuditProve, the_receipt_is_checked_with_the_pem_and_with_the_verifier_string) {
  StoredLedger ledger{{1, 4}};
  const Outcome proved =
      outcome_of([&](auto& out, auto& err) { return audit_prove(3, ledger, key, out, err); });
  ASSERT_EQ(proved.code, 0) << proved.err;
  for (const std::string& with : {std::string{test::public_pem}, key.text(), key.text() + "\n"}) {
    const Outcome checked = proof_verified(proved.out, with);
    EXPECT_EQ(checked.code, 0) << checked.err;
    EXPECT_EQ(checked.out,
              "ok: entry 3 of 5 in chatops.example.com/ringi\n" + ledger.rows[2].json + "\n");
  }
}

TEST(AuditProve, what_does_not_hold_exits_with_1_and_what_is_malformed_with_2) {
  StoredLedger ledger{{1, 4}};
  const Outcome proved =
      outcome_of([&](auto& out, auto& err) { return audit_prove(3, ledger, key, out, err); });
  std::string altered = proved.out;
  altered.replace(altered.find("index 2"), 7, "index 3");
  EXPECT_EQ(proof_verified(altered, key.text()).code, 1);
  EXPECT_EQ(proof_verified(proved.out, test::key("another").verifier().text()).code, 1);
  EXPECT_EQ(proof_verified("hello", key.text()).code, 2);
  EXPECT_EQ(proof_verified(proved.out, "nonsense").code, 2);
  EXPECT_EQ(proof_verified(proved.out, test::private_pem).code, 2);
  const Outcome missing =
      outcome_of([&](auto& out, auto& err) { return audit_prove(9, ledger, key, out, err); });
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.err, "ringi: no entry 9: the newest checkpoint covers 1 to 5\n");
}

TEST(AuditList, prints_a_table_or_the_stored_lines) {
  StoredLedger ledger{{2}};
  EXPECT_EQ(
      listed(ledger, {}).out,
      "TIME                      SEQ  KIND              PHASE  WHO             TARGET  DECISION, "
      "REASON\n"
      "2026-11-22T03:04:05.000Z  1    approval.decided         hanako (U0123)          reason 1\n"
      "2026-11-22T03:04:05.000Z  2    approval.decided         hanako (U0123)          reason 2\n");
  EXPECT_EQ(listed(ledger, {.filter = {}, .json = true}).out,
            ledger.rows[0].json + "\n" + ledger.rows[1].json + "\n");
}

TEST(AuditList, filters_by_time_kind_actor_and_target) {
  const json entry =
      json::parse(R"({"seq":1,"time":"2026-11-22T03:04:05.678Z","kind":"approval.decided",
    "actor":{"user":"U0123","name":"hanako"},
    "target":{"account":"222233334444","account_name":"web-prod","pipeline":"web"}})");
  const Time then = parse_rfc3339("2026-11-22T03:04:05.678Z").value();
  struct Case {
    const char* name;
    Filter filter;
    bool shown;
  };
  const Case cases[] = {
      {"nothing asked", {}, true},
      {"since then", {.since = then}, true},
      {"since later", {.since = then + std::chrono::seconds{1}}, false},
      {"its kind", {.kind = "approval.decided"}, true},
      {"its family", {.kind = "approval"}, true},
      {"a beginning that is no family", {.kind = "appro"}, false},
      {"its user", {.actor = "U0123"}, true},
      {"its user's name", {.actor = "hanako"}, true},
      {"another", {.actor = "U0999"}, false},
      {"its account", {.target = "web-prod/*"}, true},
      {"its id", {.target = "2222*/web"}, true},
      {"another pipeline", {.target = "*/api"}, false},
      {"all that was asked",
       {.since = then, .kind = "approval", .actor = "U0123", .target = "*"},
       true},
      {"one of two", {.kind = "approval", .actor = "U0999"}, false},
  };
  for (const Case& it : cases) EXPECT_EQ(matches(it.filter, entry), it.shown) << it.name;
  EXPECT_FALSE(matches({.kind = "approval"}, json::parse("[", nullptr, false)));
}

TEST(AuditList, shows_foreign_text_without_its_tricks) {
  const json entry = {
      {"seq", 1}, {"reason", "a\x1b[2Jb\nc\u202ed"}, {"decision", "rejected"}, {"error", "Denied"}};
  EXPECT_EQ(table_row(entry).back(), "rejected: Denied: a [2Jb c d");
  EXPECT_EQ(printable("\u009b31m\xff"), " 31m\xef\xbf\xbd");
}

TEST(AuditList, aligns_wide_characters) {
  std::ostringstream out;
  write_table(out, {{"承認", "x"}, {"abcd", "y"}, {"", "z"}});
  EXPECT_EQ(out.str(), "承認  x\nabcd  y\n      z\n");
}

}  // namespace
}  // namespace ringi::ledger
