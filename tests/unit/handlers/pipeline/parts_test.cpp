// The pure parts: words, hints, fingerprints, readings, and the card's words.
#include "handlers/pipeline/card.hpp"
#include "handlers/pipeline/chores.hpp"
#include "handlers/pipeline/fingerprint.hpp"
#include "tests/unit/handlers/fakes/house.hpp"

namespace ringi::pipeline {
namespace {

using fakes::House;

TEST(Words, are_split_at_blanks_with_quotes_and_slack_escapes_undone) {
  const std::vector<std::string> expected{"start", "a/b", "X=1 2", "U=https://x.example/?a&b", ""};
  EXPECT_EQ(split_words("start a/b \"X=1 2\" U=<https://x.example/?a&amp;b|x.example> ''"),
            expected);
  EXPECT_EQ(split_words("&amp;lt;").front(), "&lt;");
}

TEST(Words, of_a_start_are_read_back_as_they_were_written) {
  const StartWords words{"", {{"A", "1 \"2\" <3>"}, {"B", "it's"}}, {{"Source", "a1b2"}}};
  const auto ref = House::ref(fakes::FakeCodePipeline::uuid(1)).pipeline;
  auto split = split_words(written(ref, words));
  split.erase(split.begin());
  const auto again = parse_start(split);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again.value().target, to_string(ref));
  EXPECT_EQ(again.value().variables, words.variables);
  EXPECT_EQ(again.value().revisions, words.revisions);
}

class WrongStart : public testing::TestWithParam<std::vector<std::string>> {};
TEST_P(WrongStart, is_refused_with_a_sentence) {
  const auto parsed = parse_start(GetParam());
  ASSERT_TRUE(parsed.has_error());
  EXPECT_EQ(parsed.error().code, Errc::invalid);
}
INSTANTIATE_TEST_SUITE_P(
    Words, WrongStart,
    testing::Values(std::vector<std::string>{}, std::vector<std::string>{"a/b", "novalue"},
                    std::vector<std::string>{"a/b", "=x"}, std::vector<std::string>{"a/b", "X="},
                    std::vector<std::string>{"a/b", "X=1", "X=2"},
                    std::vector<std::string>{"a/b", "--revision"},
                    std::vector<std::string>{"a/b", "--force"},
                    std::vector<std::string>{"a/b", std::string(129, 'n') + "=1"},
                    std::vector<std::string>{"a/b", "X=" + std::string(1001, 'v')}));

TEST(Fingerprint, is_sha256_as_fips_180_4_has_it) {
  EXPECT_EQ(fingerprint(""),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(fingerprint("abc"),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(fingerprint("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "sha256:248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

Notification said(std::string message) {
  return {Notification::Source::sns, "arn:aws:sns:ap-northeast-1:222233334444:ringi-approvals",
          *AccountId::parse("222233334444"), *Region::parse("ap-northeast-1"), std::move(message)};
}

TEST(Hint, of_the_approval_message_takes_the_account_from_the_topic) {
  const auto hint = hint_of(said(
      R"({"region":"ap-northeast-1","consoleLink":"x","approval":{"pipelineName":"web","token":"t"}})"));
  ASSERT_TRUE(hint.has_value());
  EXPECT_EQ(hint->kind, chore::look);
  EXPECT_EQ(hint->key, "222233334444/web@ap-northeast-1");
}

TEST(Hint, of_an_event_names_its_execution_in_both_spellings) {
  for (const char* key : {"detail-type", "detailType"}) {
    const auto hint = hint_of(said(
        std::string{R"({")"} + key +
        R"(":"CodePipeline Action Execution State Change","source":"aws.codepipeline",)"
        R"("account":"333344445555","region":"us-east-1","detail":{"pipeline":"api","execution-id":"9f3c41d2-0000-4000-8000-000000000001"}})"));
    ASSERT_TRUE(hint.has_value()) << key;
    EXPECT_EQ(hint->kind, chore::refresh);
    EXPECT_EQ(execution_of(*hint)->pipeline.account.str(), "333344445555");
  }
}

class NoHint : public testing::TestWithParam<const char*> {};
TEST_P(NoHint, is_taken_from_what_is_none) {
  EXPECT_FALSE(hint_of(said(GetParam())).has_value());
}
INSTANTIATE_TEST_SUITE_P(
    Messages, NoHint,
    testing::Values(
        "", "null", "[]", "{}", "AWS Budget Notification", R"({"approval":null})",
        R"({"approval":{"pipelineName":"../x"}})",
        R"({"approval":{"pipelineName":7},"region":"us-east-1"})",
        R"({"detail-type":"x","source":"aws.guardduty","account":"333344445555","region":"us-east-1","detail":{"pipeline":"a"}})",
        R"({"detail-type":"x","source":"aws.codepipeline","account":"1","region":"us-east-1","detail":{"pipeline":"a"}})"));

TEST(Token, of_a_parallel_execution_is_its_external_id) {
  ActionRun waiting{.stage = "A",
                    .action = "M",
                    .category = "Approval",
                    .status = Status::in_progress,
                    .external_id = fakes::FakeCodePipeline::uuid(7)};
  Reading reading{{.ref = House::ref(fakes::FakeCodePipeline::uuid(1)),
                   .status = Status::in_progress,
                   .mode = "PARALLEL"},
                  {waiting},
                  {}};
  EXPECT_EQ(waiting_token(reading, waiting), waiting.external_id);
  reading.facts.mode = "SUPERSEDED";
  EXPECT_EQ(waiting_token(reading, waiting), "");
}

TEST(Token, of_another_execution_in_the_same_stage_is_not_ours) {
  ActionRun waiting{
      .stage = "A", .action = "M", .category = "Approval", .status = Status::in_progress};
  Reading reading{
      {.ref = House::ref(fakes::FakeCodePipeline::uuid(1)), .status = Status::in_progress},
      {waiting},
      {}};
  reading.state.actions.push_back({"A", "M", fakes::FakeCodePipeline::uuid(2), Status::in_progress,
                                   fakes::FakeCodePipeline::uuid(9), "", ""});
  EXPECT_EQ(waiting_token(reading, waiting), "");
  reading.state.actions.front().execution = fakes::FakeCodePipeline::uuid(1);
  EXPECT_EQ(waiting_token(reading, waiting), fakes::FakeCodePipeline::uuid(9));
}

TEST(Card, of_a_waiting_production_deployment_says_what_messages_md_says) {
  House house;
  (void)house.waiting();
  const auto card = message::json_text(house.cards.shown.begin()->second);
  for (const char* part :
       {"PRODUCTION", "web-prod (2222-3333-4444)", "ap-northeast-1", "execution `9f3c41d2`",
        "*waiting*", "a1b2c3d", "Fix cart &lt;!channel&gt; rounding", "∗check∗ &lt;!here&gt;",
        "https://example.com/a", "\"Approve\"", "\"Reject\"", "Open in AWS", "ringi #1", "#b00020",
        "*Deploy*   -",
        "PRODUCTION: web in web-prod (2222-3333-4444) waits for approval at Manual"}) {
    EXPECT_NE(card.find(part), std::string::npos) << part << "\n" << card;
  }
}

TEST(Card, where_every_decision_needs_a_reason_opens_a_form_for_approve_too) {
  House house;
  house.environment("production").comment = access::Comment::always;
  (void)house.waiting();
  EXPECT_NE(message::json_text(house.cards.shown.begin()->second).find("approval.approve_form"),
            std::string::npos);
}

TEST(Card, is_only_drawn_where_the_environment_wants_one) {
  const auto now = *parse_rfc3339("2026-11-22T12:00:00Z");
  Reading reading{{.status = Status::in_progress}, {}, {}};
  EXPECT_TRUE(wants_card(access::Cards::all, reading, now));
  EXPECT_FALSE(wants_card(access::Cards::approvals, reading, now));
  EXPECT_FALSE(wants_card(access::Cards::failures, reading, now));
  reading.facts.status = Status::failed;
  reading.runs.push_back({.stage = "B", .action = "B", .status = Status::failed, .updated = now});
  EXPECT_TRUE(wants_card(access::Cards::failures, reading, now));
  EXPECT_FALSE(wants_card(access::Cards::approvals, reading, now));
  EXPECT_FALSE(wants_card(access::Cards::failures, reading, now + std::chrono::hours{2}));
}

TEST(Refresh, of_an_execution_that_aws_does_not_know_is_no_error) {
  House house;
  EXPECT_TRUE(
      fakes::run(house.refresh.run(House::ref(fakes::FakeCodePipeline::uuid(99)))).has_value());
  EXPECT_TRUE(house.cards.shown.empty());
}

TEST(Refresh, waits_for_the_row_of_a_start_that_is_on_its_way) {
  House house;
  house.clock.time = from_unix_micros(1795348810000000);
  auto& begun = house.aws.begin("arn:aws:sts::222233334444:assumed-role/ringi/U0TARO");
  ASSERT_TRUE(fakes::run(house.refresh.run(House::ref(begun.id))).has_value());
  EXPECT_TRUE(house.ledger.entries.empty());
  EXPECT_TRUE(house.jobs.has(chore::refresh));
}

TEST(Reconcile, looks_again_at_open_approvals_and_decisions_that_are_not_applied) {
  House house;
  auto& row = house.waiting();
  row.state = ports::Approval::State::decided;
  house.jobs.waiting.clear();
  ASSERT_TRUE(fakes::run(house.reconcile.round()).has_value());
  EXPECT_TRUE(house.jobs.has(chore::refresh));
  EXPECT_TRUE(house.jobs.has(chore::apply));
  EXPECT_TRUE(house.jobs.has(chore::reconcile));
}

TEST(Reconcile, sweep_reaches_every_region_and_finds_what_runs) {
  House house;
  house.aws.begin("x");
  ASSERT_TRUE(fakes::run(house.reconcile.sweep()).has_value());
  EXPECT_EQ(house.jobs.waiting.size(), 3U);
  const auto ref = House::ref(fakes::FakeCodePipeline::uuid(1)).pipeline;
  ASSERT_TRUE(fakes::run(house.reconcile.look_in(ref.account, ref.region)).has_value());
  ASSERT_TRUE(fakes::run(house.reconcile.look_at(ref)).has_value());
  EXPECT_TRUE(house.jobs.has(chore::look));
  EXPECT_TRUE(house.jobs.has(chore::refresh));
}

TEST(Reconcile, finds_what_waits_behind_many_that_have_ended) {
  House house;
  house.aws.begin("x");
  for (int i = 0; i < 49; ++i) house.aws.begin("x").status = "Succeeded";
  const auto ref = House::ref(fakes::FakeCodePipeline::uuid(1)).pipeline;
  ASSERT_TRUE(fakes::run(house.reconcile.look_at(ref)).has_value());
  EXPECT_EQ(house.jobs.waiting.size(), 1U);
}

TEST(Reconcile, of_an_account_that_cannot_be_read_fails_alone) {
  House house;
  house.aws.failures["ListPipelines"] = {
      fakes::FakeCodePipeline::fault(Errc::denied, "AccessDeniedException")};
  const auto ref = House::ref(fakes::FakeCodePipeline::uuid(1)).pipeline;
  EXPECT_TRUE(fakes::run(house.reconcile.look_in(ref.account, ref.region)).has_error());
}

TEST(Board, waits_until_slack_has_said_which_channels_there_are) {
  House house;
  const auto channels = std::exchange(house.rules.held->channel_ids, {});
  auto& run_of = house.aws.begin("arn:aws:iam::222233334444:user/somebody");
  const auto early = fakes::run(house.refresh.run(House::ref(run_of.id)));
  ASSERT_TRUE(early.has_error());
  EXPECT_TRUE(is_transient(early.error().code));
  house.rules.held->channel_ids = channels;
  EXPECT_TRUE(fakes::run(house.refresh.run(House::ref(run_of.id))).has_value());
  EXPECT_EQ(house.cards.shown.size(), 1U);
}

}  // namespace
}  // namespace ringi::pipeline
