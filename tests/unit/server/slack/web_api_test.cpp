#include "server/slack/web_api.hpp"

#include "server/slack/methods.hpp"
#include "server/slack/slack_error.hpp"
#include "tests/unit/server/slack/way_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringi::slack {
namespace {

using namespace std::chrono_literals;
using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class WebApiTest : public ::testing::Test, public World {
 protected:
  Result<PostedAt> post() {
    return run(post_message(api, channel("C1"), ts("1763780645.000100"), R"({"text":"hello"})"));
  }
  const net::Answer posted = ok({{"channel", "C1"}, {"ts", "1763780646.000200"}});
};

TEST_F(WebApiTest, PostsJsonWithTheTokenInTheHeaderAlone) {
  transport.always.emplace("chat.postMessage", posted);
  const auto result = post();
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->ts.str(), "1763780646.000200");
  const auto& call = transport.calls.at(0);
  EXPECT_EQ(call.url, "http://127.0.0.1:9/api/chat.postMessage");
  EXPECT_THAT(call.headers,
              ElementsAre(std::pair{"Authorization", "Bearer xoxb-very-secret"},
                          std::pair{"Content-Type", "application/json; charset=utf-8"}));
  EXPECT_EQ(nlohmann::json::parse(call.body), (nlohmann::json{{"channel", "C1"},
                                                              {"text", "hello"},
                                                              {"thread_ts", "1763780645.000100"},
                                                              {"unfurl_links", false},
                                                              {"unfurl_media", false}}));
  EXPECT_THAT(call.body, Not(HasSubstr("xoxb")));
}

TEST_F(WebApiTest, ReadMethodsTakeForms) {
  transport.always.emplace("users.info", ok({{"user", {{"id", "U1"}}}}));
  EXPECT_TRUE(run(user_info(api, user("U1"))).has_value());
  EXPECT_EQ(transport.calls.at(0).body, "user=U1");
  EXPECT_EQ(transport.calls.at(0).headers.at(1).second, "application/x-www-form-urlencoded");
}

TEST_F(WebApiTest, WaitsExactlyAsLongAsSlackAsksEvenForPosts) {
  transport.queued["chat.postMessage"] = {answer(429, "", "7"), posted};
  EXPECT_TRUE(post().has_value());
  EXPECT_THAT(slept, ElementsAre(Duration{7s}));
}

TEST_F(WebApiTest, AfterA429NobodyCallsTheMethodBeforeItsTime) {
  transport.queued["chat.update"] = {answer(429, "", "300")};
  const auto update = [&] {
    return run(update_message(api, channel("C1"), ts("1763780645.000100"), R"({"text":"x"})"));
  };
  EXPECT_EQ(update().error().code, Errc::limited) << "longer than the caller's patience";
  EXPECT_EQ(update().error().code, Errc::limited);
  EXPECT_EQ(transport.count("chat.update"), 1U);
  EXPECT_TRUE(slept.empty());
  EXPECT_EQ(api.held_until(Method::chat_update), clock.time + 300s);
  transport.always.emplace("users.info", ok({{"user", {{"id", "U1"}}}}));
  EXPECT_TRUE(run(user_info(api, user("U1"))).has_value()) << "another method";
  clock.time += 280s;
  EXPECT_TRUE(update().has_value());
  EXPECT_THAT(slept, ElementsAre(Duration{20s})) << "the rest";
  EXPECT_EQ(transport.count("chat.update"), 2U);
}

TEST_F(WebApiTest, PostsAreHeldForEachChannel) {
  transport.always.emplace("chat.postMessage", posted);
  transport.queued["chat.postMessage"] = {answer(429, "", "300")};
  EXPECT_EQ(post().error().code, Errc::limited);
  EXPECT_EQ(post().error().code, Errc::limited);
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
  EXPECT_TRUE(run(post_message(api, channel("C2"), {}, R"({"text":"x"})")).has_value());
  EXPECT_TRUE(slept.empty());
}

TEST_F(WebApiTest, WhoHasNoPatienceWaitsForNoLimit) {
  transport.queued["chat.postMessage"] = {answer(429, "", "1")};
  const auto result = run(post_message(api, channel("C1"), {}, R"({"text":"x"})", no_patience));
  EXPECT_EQ(result.error().code, Errc::limited);
  EXPECT_TRUE(slept.empty());
}

TEST_F(WebApiTest, A429ThatSaysNothingHoldsForTenSeconds) {
  for (const char* retry_after : {"", "soon", "-1"}) {
    transport.queued["chat.postMessage"] = {answer(429, "", retry_after), posted};
    slept.clear();
    EXPECT_TRUE(post().has_value()) << retry_after;
    EXPECT_THAT(slept, ElementsAre(Duration{10s})) << retry_after;
  }
}

TEST_F(WebApiTest, ALimitThatIsNoStatusHoldsToo) {
  transport.queued["chat.postMessage"] = {failed("rate_limited"), posted};
  EXPECT_TRUE(post().has_value());
  EXPECT_THAT(slept, ElementsAre(Duration{10s}));
}

TEST_F(WebApiTest, SaysInLogAndMetricsWhatIsHeld) {
  transport.queued["chat.postMessage"] = {answer(429, "", "7200")};
  EXPECT_TRUE(post().has_error());
  EXPECT_THAT(lines.str(), HasSubstr("what=\"chat.postMessage C1\" held_seconds=3600 "
                                     "asked_seconds=7200"));
  EXPECT_THAT(metrics.text(),
              HasSubstr("ringi_slack_held_seconds_total{method=\"chat.postMessage\"} 3600"));
}

TEST_F(WebApiTest, CountsWhatSlackAnswersByNamesThatAreKnown) {
  const std::vector<Result<net::Answer>> answers{ok(), failed("token_revoked"),
                                                 failed("name of the day"),
                                                 error(Errc::unknown_outcome, "lost")};
  for (const auto& one : answers) {
    transport.queued["views.open"] = {one};
    (void)run(open_view(api, "trigger", "{}"));
  }
  for (const char* outcome : {"ok", "token_revoked", "invalid", "unknown_outcome"}) {
    EXPECT_THAT(metrics.text(),
                HasSubstr("ringi_slack_calls_total{method=\"views.open\",outcome=\"" +
                          std::string{outcome} + "\"} 1"));
  }
}

TEST_F(WebApiTest, APostThatStandsSomewhereIsNotPostedAgain) {
  transport.queued["chat.postMessage"] = {ok({{"channel", "C1"}})};
  EXPECT_EQ(post().error().code, Errc::unknown_outcome);
}

TEST_F(WebApiTest, APostWhoseAnswerIsLostIsNeverSentAgain) {
  const std::vector<Result<net::Answer>> losses{
      error(Errc::unknown_outcome, "lost"), error(Errc::internal, "the answer is too large"),
      answer(500, "<html>"), answer(200, "{\"ok\":tr"), failed("fatal_error")};
  for (const auto& loss : losses) {
    transport.calls.clear();
    transport.queued["chat.postMessage"] = {loss};
    const auto result = post();
    ASSERT_TRUE(result.has_error());
    EXPECT_EQ(result.error().code, Errc::unknown_outcome);
    EXPECT_EQ(transport.calls.size(), 1U);
  }
}

TEST_F(WebApiTest, APostThatWasNotSentIsSentAgainWithGrowingPauses) {
  transport.queued["chat.postMessage"] = {error(Errc::unavailable, "no route"),
                                          error(Errc::unavailable, "no route"), posted};
  EXPECT_TRUE(post().has_value());
  EXPECT_THAT(slept, ElementsAre(Duration{500ms}, Duration{1s}));
}

TEST_F(WebApiTest, UpdatesAndReadsAreRepeatedAfterALostAnswer) {
  transport.queued["chat.update"] = {answer(503, ""), error(Errc::unknown_outcome, "lost")};
  const auto updated =
      run(update_message(api, channel("C1"), ts("1763780645.000100"), R"({"text":"x"})"));
  EXPECT_TRUE(updated.has_value());
  EXPECT_EQ(transport.count("chat.update"), 3U);
}

TEST_F(WebApiTest, StopsRepeatingAfterFourTries) {
  transport.always.emplace("chat.update", answer(500, ""));
  const auto updated =
      run(update_message(api, channel("C1"), ts("1763780645.000100"), R"({"text":"x"})"));
  ASSERT_TRUE(updated.has_error());
  EXPECT_EQ(updated.error().code, Errc::unavailable);
  EXPECT_EQ(transport.calls.size(), 4U);
}

TEST_F(WebApiTest, KeepsSlacksOwnWordForAFailure) {
  transport.queued["chat.postMessage"] = {failed("channel_not_found")};
  const auto result = post();
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::not_found);
  EXPECT_EQ(result.error().service_code, "channel_not_found");
  EXPECT_EQ(fault_of(result.error()), Fault::target);
}

TEST_F(WebApiTest, AnUnknownFailureIsNotRepeated) {
  transport.queued["chat.update"] = {failed("brand_new_error")};
  const auto result =
      run(update_message(api, channel("C1"), ts("1763780645.000100"), R"({"text":"x"})"));
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().service_code, "brand_new_error");
  EXPECT_EQ(fault_of(result.error()), Fault::other);
  EXPECT_EQ(transport.calls.size(), 1U);
}

TEST_F(WebApiTest, AFormIsOpenedAtOnceOrNotAtAll) {
  transport.queued["views.open"] = {answer(429, "", "3")};
  EXPECT_TRUE(run(open_view(api, "trigger", "{}")).has_error());
  EXPECT_TRUE(slept.empty());
  EXPECT_LE(transport.calls.at(0).timeout, Duration{3s});
}

TEST_F(WebApiTest, DeletingWhatIsGoneIsDone) {
  transport.queued["chat.delete"] = {failed("message_not_found")};
  EXPECT_TRUE(run(delete_message(api, channel("C1"), ts("1763780645.000100"))).has_value());
}

TEST_F(WebApiTest, ReadsEveryPageOfTheChannels) {
  transport.queued["conversations.list"] = {ok({{"channels", {{{"id", "C1"}, {"name", "one"}}}},
                                                {"response_metadata", {{"next_cursor", "abc="}}}}),
                                            ok({{"channels", {{{"id", "C2"}, {"name", "two"}}}},
                                                {"response_metadata", {{"next_cursor", ""}}}})};
  const auto channels = run(list_channels(api));
  ASSERT_TRUE(channels.has_value());
  EXPECT_EQ(channels->size(), 2U);
  EXPECT_THAT(transport.calls.at(1).body, HasSubstr("cursor=abc%3D"));
  EXPECT_THAT(transport.calls.at(1).body, HasSubstr("types=public_channel%2Cprivate_channel"));
}

TEST_F(WebApiTest, LogsWarningsAndNoSecret) {
  transport.queued["chat.update"] = {ok({{"warning", "message_truncated"}}),
                                     failed("invalid_auth")};
  EXPECT_TRUE(
      run(update_message(api, channel("C1"), ts("1763780645.000100"), R"({"text":"hidden"})"))
          .has_value());
  const auto refused =
      run(update_message(api, channel("C1"), ts("1763780645.000100"), R"({"text":"hidden"})"));
  EXPECT_THAT(lines.str(), HasSubstr("method=chat.update warning=\"message_truncated\""));
  EXPECT_THAT(lines.str() + refused.error().log.text, Not(HasSubstr("xoxb")));
  EXPECT_THAT(lines.str() + refused.error().log.text, Not(HasSubstr("hidden")));
}

}  // namespace
}  // namespace ringi::slack
