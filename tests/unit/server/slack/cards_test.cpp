#include "server/slack/cards.hpp"

#include "server/runtime/tasks.hpp"
#include "server/slack/methods.hpp"
#include "server/slack/pacing.hpp"
#include "tests/unit/server/slack/way_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringi::slack {
namespace {

using namespace std::chrono_literals;
using namespace test;
using Priority = ports::Cards::Priority;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CardsTest : public ::testing::Test, public World {
 protected:
  CardsTest() {
    rules.value->operators_channel = "#ops";
    rules.value->channel_ids.emplace("#ops", channel("COPS"));
    transport.always.emplace("chat.postMessage", ok({{"ts", "1763780646.000200"}}));
  }
  void show(const std::string& key, const std::string& text, Priority priority = Priority::progress,
            const char* where = "C1") {
    ASSERT_TRUE(run(cards.show(key, channel(where), says(text), priority)).has_value());
  }
  // The answer of Slack comes, and is written down, while the sender looks for what is due.
  Task<> let_the_answer_come(runtime::Bell& gate) {
    gate.ring();
    for (int i = 0; i < 20; ++i) co_await boost::asio::post(boost::asio::use_awaitable);
    EXPECT_EQ(messages.rows.at("a").shown, 1);
    clock.time += 5s;
  }
  // Slack takes no question about a channel for `seconds`, and the directory says that.
  void limit_questions(const char* seconds) {
    transport.queued["conversations.info"] = {answer(429, "", seconds)};
    const auto asked = run(channel_info(api, channel("C1")));
    ASSERT_EQ(asked.error().code, Errc::limited);
    directory.failure = error(Errc::unavailable, asked.error().log, ForPerson{"not now"},
                              asked.error().service_code);
  }
  // One look of the sender; what it starts is over when this returns.
  Duration send() { return run(cards.send_due()); }

  FakeMessages messages;
  Pacing pacing;
  runtime::TaskGroup tasks{context.get_executor(), [](const auto& name, auto) { FAIL() << name; }};
  CardSender cards{{.messages = messages,
                    .api = api,
                    .pacing = pacing,
                    .directory = directory,
                    .rules = rules,
                    .pace = clock,
                    .sleep = sleep,
                    .log = log},
                   clock,
                   tasks};
};

TEST_F(CardsTest, PostsOnceThenUpdatesToTheNewestState) {
  show("a", "one");
  send();
  EXPECT_EQ(transport.last("chat.postMessage")["channel"], "C1");
  show("a", "two");
  show("a", "three");
  clock.time += 5s;
  send();
  EXPECT_EQ(transport.count("chat.update"), 1U);
  EXPECT_EQ(transport.last("chat.update")["text"], "three");
  EXPECT_EQ(transport.last("chat.update")["ts"], "1763780646.000200");
  clock.time += 5s;
  send();
  EXPECT_EQ(transport.calls.size(), 2U);
}

TEST_F(CardsTest, UpdatesOneCardOnceInFiveSeconds) {
  show("a", "one");
  send();
  show("a", "two");
  send();
  show("a", "three");
  EXPECT_EQ(send(), 5s);
  EXPECT_EQ(transport.count("chat.update"), 1U);
  clock.time += 5s;
  send();
  EXPECT_EQ(transport.count("chat.update"), 2U);
}

TEST_F(CardsTest, ApprovalsGoBeforeProgressInTheSameChannel) {
  show("a", "progress");
  show("b", "approval", Priority::approval);
  EXPECT_EQ(send(), 1s);
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
  EXPECT_EQ(transport.last("chat.postMessage")["text"], "approval");
  clock.time += 1s;
  send();
  EXPECT_EQ(transport.last("chat.postMessage")["text"], "progress");
}

TEST_F(CardsTest, AThreadLineWaitsForItsCardAndIsSaidOnce) {
  show("a", "card");
  ASSERT_TRUE(run(cards.thread("a", "needed", says("please"))).has_value());
  ASSERT_TRUE(run(cards.thread("a", "needed", says("please, again"))).has_value());
  send();
  clock.time += 10s;
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 2U);
  EXPECT_EQ(transport.last("chat.postMessage")["text"], "please");
  EXPECT_EQ(transport.last("chat.postMessage")["thread_ts"], "1763780646.000200");
}

TEST_F(CardsTest, StoppingTheTransportGivesNothingUp) {
  transport.queued["chat.postMessage"] = {error(Errc::cancelled, "the transport stops")};
  show("a", "card");
  send();
  EXPECT_TRUE(messages.given_up_keys.empty());
  EXPECT_EQ(messages.rows.at("a").shown, 0);
}

TEST_F(CardsTest, AThreadNeedsACard) {
  EXPECT_EQ(run(cards.thread("none", "x", says("y"))).error().code, Errc::not_found);
}

TEST_F(CardsTest, WaitsLongerAfterEachTransientFailure) {
  show("a", "one");
  transport.queued["chat.postMessage"] = {
      failed("service_unavailable"), failed("service_unavailable"), failed("service_unavailable"),
      failed("service_unavailable"), failed("token_revoked")};
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 4U);  // the Web API's own tries
  EXPECT_EQ(send(), 2s);
  clock.time += 2s;
  send();
  EXPECT_EQ(send(), 4s);
  clock.time += 4s;
  send();
  EXPECT_EQ(messages.rows.at("a").shown, 1);
}

TEST_F(CardsTest, APostWithoutAnAnswerIsRepeatedEverMoreSlowlyAndThenNoMore) {
  transport.always.insert_or_assign("chat.postMessage", answer(500, ""));
  show("a", "one");
  for (const auto pause : {2s, 8s, 32s, 128s, 512s}) {
    send();
    const auto posts = transport.count("chat.postMessage");
    clock.time += pause - 1s;
    send();
    EXPECT_EQ(transport.count("chat.postMessage"), posts) << "before " << pause.count() << " s";
    clock.time += 1s;
  }
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 6U);
  EXPECT_THAT(messages.given_up_keys, ElementsAre("a"));
  transport.always.insert_or_assign("chat.postMessage", ok({{"ts", "1763780646.000200"}}));
  show("a", "two");
  clock.time += 1s;
  send();
  EXPECT_EQ(messages.rows.at("a").shown, 2) << "given up until it changes";
}

TEST_F(CardsTest, TheRepeatsOfAPostWithoutAnAnswerAreCountedAcrossARestart) {
  transport.always.insert_or_assign("chat.postMessage", answer(500, ""));
  show("a", "one");
  messages.rows.at("a").failures = messages.rows.at("a").unanswered = 5;
  send();
  EXPECT_THAT(messages.given_up_keys, ElementsAre("a"));
}

TEST_F(CardsTest, WhatCannotBePostedInItsChannelGoesToTheOperatorsWithANote) {
  for (const char* refusal : {"channel_not_found", "not_in_channel", "is_archived"}) {
    transport.queued["chat.postMessage"] = {failed(refusal)};
    show(refusal, "card");
    send();
    const auto body = transport.last("chat.postMessage");
    EXPECT_EQ(body["channel"], "COPS");
    EXPECT_THAT(body["text"].get<std::string>(), HasSubstr(refusal));
    EXPECT_THAT(body["text"].get<std::string>(), HasSubstr("<#C1>"));
    EXPECT_EQ(messages.rows.at(refusal).channel, channel("COPS"));
    clock.time += 1min;
    // The note stays as long as the card does.
    show(refusal, "card, later");
    send();
    const auto later = transport.last("chat.update")["text"].get<std::string>();
    EXPECT_THAT(later, HasSubstr("card, later"));
    EXPECT_THAT(later, HasSubstr("This belongs in <#C1>, where ringi cannot post: "));
    EXPECT_THAT(later, HasSubstr(refusal));
    clock.time += 1min;
  }
}

TEST_F(CardsTest, TheOperatorsGetNothingInAChannelSharedWithOutsiders) {
  rules.value->channel_ids.insert_or_assign("#ops", channel("CSHARED"));
  transport.always.insert_or_assign("chat.postMessage", failed("is_archived"));
  show("a", "card");
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
  EXPECT_EQ(transport.last("chat.postMessage")["channel"], "C1");
}

TEST_F(CardsTest, MovingCardsKeepThePaceOfTheOperatorsChannel) {
  for (const char* key : {"a", "b"}) {
    const auto* home = *key == 'a' ? "C1" : "C2";
    show(key, "card", Priority::progress, home);
  }
  transport.queued["chat.postMessage"] = {failed("is_archived"), failed("is_archived")};
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 4U);
  EXPECT_THAT(slept, ElementsAre(Duration{1s}));
}

TEST_F(CardsTest, ACardThatVanishedIsPostedAnew) {
  show("a", "one");
  send();
  for (const char* refusal : {"message_not_found", "channel_not_found", "is_inactive",
                              "not_in_channel", "cant_update_message", "edit_window_closed"}) {
    const auto posts = transport.count("chat.postMessage");
    transport.queued["chat.update"] = {failed(refusal)};
    show("a", std::string{"changed: "} + refusal);
    clock.time += 10s;
    send();
    send();
    EXPECT_EQ(transport.count("chat.postMessage"), posts + 1) << refusal;
    EXPECT_EQ(transport.last("chat.postMessage")["channel"], "C1");
    EXPECT_EQ(messages.rows.at("a").shown, messages.rows.at("a").wanted) << refusal;
  }
  EXPECT_TRUE(messages.given_up_keys.empty());
}

TEST_F(CardsTest, ACardWhoseChannelVanishedGoesToTheOperators) {
  show("a", "one", Priority::approval);
  send();
  transport.queued["chat.update"] = {failed("is_inactive")};
  transport.queued["chat.postMessage"] = {failed("is_archived")};
  show("a", "two", Priority::approval);
  clock.time += 10s;
  send();
  send();
  EXPECT_EQ(transport.last("chat.postMessage")["channel"], "COPS");
  EXPECT_EQ(messages.rows.at("a").channel, channel("COPS"));
}

TEST_F(CardsTest, ALineWhoseThreadVanishedBringsItsCardBackOnce) {
  show("a", "card", Priority::approval);
  send();
  ASSERT_TRUE(run(cards.thread("a", "needed", says("please"))).has_value());
  transport.queued["chat.postMessage"] = {failed("is_archived"), failed("is_archived"),
                                          ok({{"channel", "COPS"}, {"ts", "1763780650.000300"}})};
  for (int i = 0; i < 4; ++i) {
    clock.time += 3s;
    send();
  }
  EXPECT_EQ(transport.last("chat.postMessage")["text"], "please");
  EXPECT_EQ(transport.last("chat.postMessage")["channel"], "COPS");
  EXPECT_EQ(transport.last("chat.postMessage")["thread_ts"], "1763780650.000300");
  EXPECT_EQ(transport.count("chat.postMessage"), 5U);
}

TEST_F(CardsTest, ALineThatIsRefusedInItsNewThreadTooIsGivenUp) {
  show("a", "card", Priority::approval);
  send();
  ASSERT_TRUE(run(cards.thread("a", "needed", says("please"))).has_value());
  transport.queued["chat.postMessage"] = {failed("cannot_reply_to_message"),
                                          ok({{"channel", "C1"}, {"ts", "1763780650.000300"}}),
                                          failed("cannot_reply_to_message")};
  for (int i = 0; i < 5; ++i) {
    clock.time += 3s;
    send();
  }
  EXPECT_THAT(messages.given_up_keys, ElementsAre("a/needed"));
  EXPECT_EQ(transport.count("chat.postMessage"), 4U);
  ASSERT_EQ(transport.count("chat.delete"), 1U) << "the first copy still stood";
  EXPECT_EQ(transport.last("chat.delete")["ts"], "1763780646.000200");
}

TEST_F(CardsTest, TheCardOfAnApprovalThatWaitsIsNeverGivenUp) {
  transport.always.insert_or_assign("chat.postMessage", failed("channel_not_found"));
  show("a", "approve?", Priority::approval);
  send();
  EXPECT_TRUE(messages.given_up_keys.empty());
  transport.always.insert_or_assign("chat.postMessage", ok({{"ts", "1763780646.000200"}}));
  clock.time += 9min;
  send();
  EXPECT_EQ(messages.rows.at("a").shown, 0);
  clock.time += 1min;
  send();
  EXPECT_EQ(messages.rows.at("a").shown, 1);
  EXPECT_EQ(messages.rows.at("a").channel, channel("C1"));
}

TEST_F(CardsTest, GivesUpWhereNotEvenTheOperatorsCanBeReached) {
  transport.always.insert_or_assign("chat.postMessage", failed("channel_not_found"));
  show("a", "card");
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 2U);
  EXPECT_THAT(messages.given_up_keys, ElementsAre("a"));
  EXPECT_THAT(lines.str(), HasSubstr("card given up key=a"));
}

TEST_F(CardsTest, WhatSlackRefusesForItsLayoutIsSaidInOneLine) {
  transport.queued["chat.postMessage"] = {failed("invalid_blocks")};
  show("a", "card");
  send();
  EXPECT_EQ(transport.last("chat.postMessage")["text"],
            "card Slack refused the rest of this message: invalid_blocks.");
  EXPECT_FALSE(transport.last("chat.postMessage").contains("blocks"));
  EXPECT_EQ(messages.rows.at("a").shown, 1);
  transport.queued["chat.update"] = {failed("msg_too_long")};
  show("a", "longer");
  clock.time += 10s;
  send();
  EXPECT_THAT(transport.last("chat.update")["text"].get<std::string>(), HasSubstr("msg_too_long"));
  EXPECT_EQ(messages.rows.at("a").shown, 2);
}

TEST_F(CardsTest, GivesUpWhatSlackRefusesInOneLineToo) {
  transport.queued["chat.postMessage"] = {failed("invalid_blocks"), failed("no_text")};
  show("a", "card");
  send();
  EXPECT_THAT(messages.given_up_keys, ElementsAre("a"));
}

TEST_F(CardsTest, TheCardOfAnApprovalIsLookedAfterWhileNothingChanges) {
  show("a", "approve?", Priority::approval);
  show("b", "running");
  send();
  clock.time += 1s;
  send();
  messages.rows.at("a").changed = messages.rows.at("b").changed = clock.time;
  clock.time += 9min;
  show("a", "approve?", Priority::approval);
  send();
  EXPECT_EQ(transport.count("chat.update"), 0U);
  clock.time += 1min;
  transport.queued["chat.update"] = {failed("message_not_found")};
  show("a", "approve?", Priority::approval);
  show("b", "running");
  send();
  EXPECT_EQ(transport.count("chat.update"), 1U);
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 3U) << "it was deleted";
  EXPECT_EQ(transport.last("chat.postMessage")["text"], "approve?");
}

TEST_F(CardsTest, WhatIsSentWhileTheSenderLooksIsNotSentTwice) {
  runtime::Bell gate{context.get_executor()};
  transport.wait_once = [&] { return gate.wait(1h); };
  show("a", "one");
  std::optional<Duration> pause;
  boost::asio::co_spawn(context, keep(cards.send_due(), pause), [](std::exception_ptr) {});
  context.restart();
  while (transport.count("chat.postMessage") == 0) context.run_one();
  messages.before_due_answers = [&] { return let_the_answer_come(gate); };
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
}

TEST_F(CardsTest, ALimitOfOneChannelHoldsNoOtherUp) {
  transport.queued["chat.postMessage"] = {answer(429, "", "300")};
  for (int i = 0; i < 10; ++i) show("a" + std::to_string(i), "limited", Priority::approval, "C1");
  send();
  show("b", "elsewhere", Priority::progress, "C2");
  clock.time += 10s;
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 2U);
  EXPECT_EQ(transport.last("chat.postMessage")["text"], "elsewhere");
  EXPECT_TRUE(slept.empty()) << "nobody waits in a place";
  EXPECT_EQ(messages.rows.at("a0").failures, 0) << "a limit is no failure";
  clock.time += 289s;
  EXPECT_EQ(send(), 1s);
  clock.time += 1s;
  send();
  EXPECT_EQ(messages.rows.at("a0").shown, 1);
}

TEST_F(CardsTest, ALimitOfUpdatesHoldsNoPostUp) {
  show("a", "one");
  send();
  transport.queued["chat.update"] = {answer(429, "", "60")};
  show("a", "two");
  clock.time += 10s;
  send();
  show("b", "new");
  send();
  EXPECT_EQ(messages.rows.at("b").shown, 1);
  clock.time += 60s;
  send();
  EXPECT_EQ(transport.count("chat.update"), 2U);
  EXPECT_EQ(messages.rows.at("a").shown, 2);
}

TEST_F(CardsTest, ACardOnItsWayToTheOperatorsWaitsForTheirChannel) {
  show("a", "card");
  transport.queued["chat.postMessage"] = {failed("is_archived"), answer(429, "", "30"),
                                          failed("is_archived")};
  send();
  clock.time += 29s;
  EXPECT_EQ(send(), 1s);
  EXPECT_EQ(transport.count("chat.postMessage"), 2U);
  clock.time += 1s;
  send();
  EXPECT_EQ(messages.rows.at("a").channel, channel("COPS"));
}

TEST_F(CardsTest, APostWaitsUntilSlackTakesTheQuestionAboutItsChannel) {
  show("a", "card");
  limit_questions("60");
  send();
  EXPECT_EQ(directory.channels_asked, 1);
  clock.time += 59s;
  EXPECT_EQ(send(), 1s);
  EXPECT_EQ(directory.channels_asked, 1) << "not before Slack says so";
  EXPECT_EQ(messages.rows.at("a").failures, 0) << "a limit is no failure";
  directory.failure.reset();
  clock.time += 1s;
  send();
  EXPECT_EQ(messages.rows.at("a").shown, 1);
}

TEST_F(CardsTest, AnUpdateWaitsUntilSlackTakesTheQuestionAboutItsChannel) {
  show("a", "one");
  send();
  transport.queued["chat.postMessage"] = {answer(429, "", "3000")};
  EXPECT_TRUE(run(post_message(api, channel("COPS"), {}, R"({"text":"x"})")).has_error());
  show("a", "two");
  limit_questions("60");
  const int before = directory.channels_asked;
  send();
  clock.time += 59s;
  EXPECT_EQ(send(), 1s);
  EXPECT_EQ(directory.channels_asked, before + 1) << "not before Slack says so";
  EXPECT_EQ(messages.rows.at("a").failures, 0) << "a limit is no failure";
  directory.failure.reset();
  clock.time += 1s;
  send();
  EXPECT_EQ(messages.rows.at("a").shown, 2) << "the operators' channel is not on its way";
}

TEST_F(CardsTest, APostThatTheStoreCouldNotRecordIsNotPostedAgain) {
  show("a", "card");
  messages.full = true;
  send();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(send(), 2s) << "no faster than this";
    clock.time += 2s;
    send();
  }
  messages.full = false;
  clock.time += 2s;
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
  EXPECT_EQ(messages.rows.at("a").ts.str(), "1763780646.000200");
}

TEST_F(CardsTest, WhatCannotBeGivenUpInTheStoreIsNotSentAtFullSpeed) {
  transport.always.insert_or_assign("chat.postMessage", failed("no_text"));
  show("a", "card");
  messages.full = true;
  send();
  EXPECT_EQ(send(), 2s);
}

TEST_F(CardsTest, ARevokedTokenIsWaitedFor) {
  transport.queued["chat.postMessage"] = {failed("token_revoked")};
  show("a", "card");
  send();
  EXPECT_TRUE(messages.given_up_keys.empty());
  clock.time += 1min;
  send();
  EXPECT_EQ(messages.rows.at("a").shown, 1);
}

TEST_F(CardsTest, PostsNothingInAnExternalChannelThatIsNotNamed) {
  show("a", "card", Priority::progress, "CSHARED");
  send();
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
  EXPECT_EQ(transport.last("chat.postMessage")["channel"], "COPS");
  EXPECT_THAT(transport.last("chat.postMessage")["text"].get<std::string>(),
              HasSubstr("another organisation"));
}

TEST_F(CardsTest, ACardLeavesAChannelThatBecameExternal) {
  run(messages.want("a", channel("CSHARED"), "", 0, R"({"text":"one"})"));
  messages.rows.at("a").ts = ts("1763780640.000100");
  send();
  send();
  EXPECT_EQ(transport.count("chat.update"), 0U);
  EXPECT_EQ(transport.last("chat.delete")["ts"], "1763780640.000100");
  EXPECT_EQ(transport.last("chat.postMessage")["channel"], "COPS");
}

TEST_F(CardsTest, FindWaitsForTheFirstPost) {
  show("a", "card");
  std::optional<Result<std::optional<ports::Posted>>> found;
  boost::asio::co_spawn(context, keep(cards.find("a", 10min), found), [](std::exception_ptr) {});
  send();
  ASSERT_TRUE(found && found->has_value() && **found);
  EXPECT_EQ((**found)->ts.str(), "1763780646.000200");
}

TEST_F(CardsTest, FindSaysThatACardIsNotPosted) {
  show("a", "card");
  const auto found = run(cards.find("a", Duration{0}));
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(found->has_value());
}

TEST_F(CardsTest, RunsUntilItIsCancelled) {
  runtime::TaskGroup senders{context.get_executor(),
                             [](const auto& name, auto) { FAIL() << name; }};
  senders.spawn("cards", cards.run());
  transport.on_call = [&](const auto&) { boost::asio::post(context, [&] { senders.cancel(); }); };
  show("a", "card");
  EXPECT_EQ(messages.rows.at("a").shown, 1);
  EXPECT_EQ(senders.size(), 0U);
}

}  // namespace
}  // namespace ringi::slack
