#include "server/ledger/checkpoint.hpp"
#include "server/ledger/signing_appender.hpp"
#include "tests/unit/server/ledger/keys.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <stdexcept>

namespace ringi::ledger {
namespace {

const Time noon = parse_rfc3339("2026-11-22T03:04:05.678Z").value();

std::unique_ptr<Appender> appender() {
  return make_appender({.origin = test::origin,
                        .private_key_pem = test::private_pem,
                        .redact_variables = {"*TOKEN*"},
                        .config_hash = [] { return std::string{"sha256:77a0"}; }})
      .value();
}

ports::Entry decided() {
  ports::Entry entry;
  entry.kind = "approval.decided";
  entry.phase = "intended";
  entry.actor = Caller{*SlackTeam::parse("T0001"), *SlackUser::parse("U0123"), "hanako"};
  entry.target =
      ports::Subject{.account = *AccountId::parse("222233334444"),
                     .account_name = "web-prod",
                     .environment = "production",
                     .region = *Region::parse("ap-northeast-1"),
                     .pipeline = *PipelineName::parse("web"),
                     .execution = *ExecutionId::parse("9f1c2d3e-0000-4000-8000-123456789abc"),
                     .stage = "Approve",
                     .action = "ManualApproval",
                     .token = "sha256:4be1",
                     .revisions = {{"Source", "a1b2c3d"}}};
  entry.decision = "approved";
  entry.reason = "checked on staging";
  entry.because = {"environments.production.approve"};
  entry.started_by = *SlackUser::parse("U0003");
  entry.via = Via{.channel = *SlackChannel::parse("C0042"),
                  .message = MessageTs::parse("1763780645.000100"),
                  .thread = std::nullopt,
                  .response_url = ResponseUrl{"https://hooks.slack.com/actions/T/1/secret"}};
  entry.request = "01JD0000000000000000000000";
  return entry;
}

TEST(Appender, writes_the_sample_of_the_contract) {
  EXPECT_EQ(
      appender()->leaf(1042, noon, decided()).json,
      R"({"actor":{"name":"hanako","team":"T0001","user":"U0123"},)"
      R"("because":["environments.production.approve"],"config":"sha256:77a0","decision":"approved",)"
      R"("kind":"approval.decided","phase":"intended","reason":"checked on staging",)"
      R"("request":"01JD0000000000000000000000","seq":1042,"started_by":"U0003",)"
      R"("target":{"account":"222233334444","account_name":"web-prod","action":"ManualApproval",)"
      R"("environment":"production","execution":"9f1c2d3e-0000-4000-8000-123456789abc","pipeline":"web",)"
      R"("region":"ap-northeast-1","revisions":[{"action":"Source","id":"a1b2c3d"}],"stage":"Approve",)"
      R"("token":"sha256:4be1"},"time":"2026-11-22T03:04:05.678Z",)"
      R"("via":{"channel":"C0042","message":"1763780645.000100"}})");
}

TEST(Appender, writes_the_closing_entry_and_leaves_out_what_is_empty) {
  ports::Entry entry;
  entry.kind = "approval.applied";
  entry.phase = "done";
  entry.of = 1042;
  entry.aws_request = "9f";
  entry.once = "approval.applied:1042";
  auto plain = make_appender({.origin = "a", .private_key_pem = test::private_pem});
  EXPECT_EQ(
      plain.value()->leaf(1043, noon, entry).json,
      R"({"aws_request":"9f","kind":"approval.applied","of":1042,"once":"approval.applied:1042",)"
      R"("phase":"done","seq":1043,)"
      R"("time":"2026-11-22T03:04:05.678Z"})");
}

TEST(Appender, redacts_reasons_and_details_and_mends_broken_text) {
  ports::Entry entry;
  entry.kind = "pipeline.started";
  entry.principal = "arn:aws:iam::111122223333:user/taro";
  entry.reason = "with AKIAIOSFODNN7EXAMPLE \xff";
  entry.details = {{"variables.NAME", "web"}, {"variables.DEPLOY_TOKEN", "abc"}};
  const auto json = nlohmann::json::parse(appender()->leaf(1, noon, entry).json);
  EXPECT_EQ(json["reason"], "with [redacted] \xef\xbf\xbd");
  EXPECT_EQ(json["details"]["variables.NAME"], "web");
  EXPECT_EQ(json["details"]["variables.DEPLOY_TOKEN"], "[redacted]");
  EXPECT_EQ(json["actor"]["principal"], "arn:aws:iam::111122223333:user/taro");
}

TEST(Appender, each_checkpoint_is_signed_and_bears_the_root_of_the_leaves) {
  const auto ledger = appender();
  Tail tail;
  std::vector<Hash> leaves;
  for (std::int64_t seq = 1; seq <= 20; ++seq) {
    const Leaf leaf = ledger->leaf(seq, noon, decided());
    leaves.push_back(crypto::hash_from_hex(leaf.hash).value());
    EXPECT_EQ(leaves.back(), leaf_hash(leaf.json));
    tail = ledger->extend(std::move(tail), leaf);
    const Head head =
        open_checkpoint(ledger->checkpoint(tail, noon), test::key().verifier()).value().head;
    EXPECT_EQ(head, (Head{static_cast<std::uint64_t>(seq), root_of(leaves)}));
  }
  EXPECT_EQ(tail.size, 20);
  EXPECT_EQ(tail.frontier.size(), 2U);
}

TEST(Appender, builds_nothing_on_a_damaged_tail) {
  const auto ledger = appender();
  const Leaf first = ledger->leaf(1, noon, decided());
  EXPECT_THROW(ledger->extend({5, {}}, ledger->leaf(6, noon, decided())), std::invalid_argument);
  EXPECT_THROW(ledger->extend({0, {}}, ledger->leaf(2, noon, decided())), std::invalid_argument);
  EXPECT_THROW(ledger->extend({0, {first.hash}}, first), std::invalid_argument);
  EXPECT_THROW(ledger->checkpoint({1, {"zz"}}, noon), std::invalid_argument);
  EXPECT_THROW(ledger->checkpoint({-1, {}}, noon), std::invalid_argument);
}

TEST(Appender, is_not_made_of_a_bad_origin_or_key) {
  const auto no_name = make_appender({.origin = "a b", .private_key_pem = test::private_pem});
  EXPECT_EQ(no_name.error().log.text,
            "[ledger] origin: must not be empty nor hold spaces or \"+\"");
  const auto no_key = make_appender({.origin = "a", .private_key_pem = "hunter2"});
  EXPECT_EQ(no_key.error().log.text, "[ledger] key: not an unencrypted PEM private key");
}

}  // namespace
}  // namespace ringi::ledger
