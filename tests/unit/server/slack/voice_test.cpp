#include "server/slack/voice.hpp"

#include "server/slack/direct_messages.hpp"
#include "server/slack/pacing.hpp"
#include "server/slack/response_url.hpp"
#include "server/slack/web_form_opener.hpp"
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

struct OneId final : ports::Ids {
  OpaqueId next() override { return *OpaqueId::parse("01JD000000000000000000ABCD"); }
};

struct FakeJobs final : ports::Jobs {
  std::vector<Chore> waiting;
  Task<Result<void>> enqueue(Chore chore, Time) override {
    waiting.push_back(std::move(chore));
    co_return Result<void>{};
  }
  Task<Result<Counts>> counts() override { co_return Counts{}; }
};

class VoiceTest : public ::testing::Test, public World {
 protected:
  VoiceTest() {
    transport.always.emplace("token", answer(200, "ok"));
    transport.always.emplace("conversations.open", ok({{"channel", {{"id", "D1"}}}}));
    transport.always.emplace("chat.postMessage",
                             ok({{"channel", "D1"}, {"ts", "1763780646.000200"}}));
  }
  OneId ids;
  FakeJobs jobs;
  Pacing pacing;
  ResponseUrls response_urls{transport, api.api_url(), sleep};
  DirectMessages direct_messages{api, copies};
  Voice voice{{.api = api,
               .response_urls = response_urls,
               .direct_messages = direct_messages,
               .pacing = pacing,
               .directory = directory,
               .rules = rules,
               .clock = clock,
               .pace = clock,
               .jobs = jobs,
               .ids = ids,
               .sleep = sleep,
               .log = log}};
  const Caller hanako{.team = {}, .user = user("U1"), .name = "hanako"};
  const Via command{.channel = channel("C1"),
                    .message = {},
                    .thread = {},
                    .response_url = ResponseUrl{"http://127.0.0.1:9/commands/token"}};
  const Via mention{.channel = channel("C1"),
                    .message = {},
                    .thread = ts("1763780640.000100"),
                    .response_url = {}};
};

TEST_F(VoiceTest, TellsThroughResponseUrlPrivately) {
  EXPECT_TRUE(run(voice.tell(hanako, command, says("done"))).has_value());
  const auto body = transport.last("token");
  EXPECT_EQ(body["response_type"], "ephemeral");
  EXPECT_EQ(body["replace_original"], false);
  EXPECT_EQ(body["text"], "done");
  EXPECT_EQ(transport.calls.size(), 1U);
  EXPECT_TRUE(std::ranges::none_of(transport.calls.at(0).headers, [](const auto& header) {
    return header.first == "Authorization";
  }));
}

TEST_F(VoiceTest, TellsByDirectMessageWhenResponseUrlIsUsedUp) {
  for (const auto& refusal :
       {answer(404, "used_url"), answer(200, R"({"ok":false,"error":"expired_url"})"),
        answer(200, "<html>"), answer(500, "")}) {
    transport.queued["token"] = {refusal};
    EXPECT_TRUE(run(voice.tell(hanako, command, says("done"))).has_value());
    EXPECT_EQ(transport.last("conversations.open")["users"], "U1");
    EXPECT_EQ(transport.last("chat.postMessage")["channel"], "D1");
  }
  EXPECT_EQ(transport.count("chat.postMessage"), 4U);
  EXPECT_EQ(transport.count("conversations.open"), 1U) << "it is the same channel for ever";
  EXPECT_THAT(lines.str(), Not(HasSubstr("/commands/token")));
}

TEST_F(VoiceTest, WaitsForAPlaceInABusyChannel) {
  transport.queued["token"] = {answer(429, "{}"), answer(429, "{}"), answer(200, "ok")};
  EXPECT_TRUE(run(voice.tell(hanako, command, says("done"))).has_value());
  EXPECT_EQ(transport.count("token"), 3U);
  EXPECT_EQ(transport.count("chat.postMessage"), 0U);
  EXPECT_THAT(slept, ElementsAre(Duration{1s}, Duration{2s}));
}

TEST_F(VoiceTest, WaitsAsLongAsTheResponseUrlSays) {
  transport.queued["token"] = {
      answer(429, "{}", "4"), answer(429, R"({"retry_after":5,"ok":false,"error":"rate_limited"})"),
      answer(200, "ok")};
  EXPECT_TRUE(run(voice.tell(hanako, command, says("done"))).has_value());
  EXPECT_EQ(transport.count("chat.postMessage"), 0U);
  EXPECT_THAT(slept, ElementsAre(Duration{4s}, Duration{5s}));
}

TEST_F(VoiceTest, TellsDirectlyAtOnceWhereTheResponseUrlWouldTakeTooLong) {
  transport.queued["token"] = {answer(429, "{}", "16")};
  EXPECT_TRUE(run(voice.tell(hanako, command, says("done"))).has_value());
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
  EXPECT_TRUE(slept.empty());
}

TEST_F(VoiceTest, TellsDirectlyWhereTheChannelStaysBusy) {
  transport.always.insert_or_assign("token", answer(429, "{}"));
  EXPECT_TRUE(run(voice.tell(hanako, command, says("done"))).has_value());
  EXPECT_EQ(transport.count("token"), 4U);
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
}

TEST_F(VoiceTest, AnswersAMentionInItsThread) {
  EXPECT_TRUE(run(voice.tell(hanako, mention, says("done"))).has_value());
  const auto body = transport.last("chat.postEphemeral");
  EXPECT_EQ(body["channel"], "C1");
  EXPECT_EQ(body["user"], "U1");
  EXPECT_EQ(body["thread_ts"], "1763780640.000100");
}

TEST_F(VoiceTest, AnswersAMentionDirectlyWhenItCannotBeShownInTheThread) {
  transport.queued["chat.postEphemeral"] = {failed("user_not_in_channel")};
  EXPECT_TRUE(run(voice.tell(hanako, mention, says("done"))).has_value());
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
}

TEST_F(VoiceTest, TellsDirectlyWhereThereIsNoChannel) {
  EXPECT_TRUE(run(voice.tell(hanako, Via{}, says("done"))).has_value());
  EXPECT_EQ(transport.count("chat.postMessage"), 1U);
}

TEST_F(VoiceTest, OpensTheDirectMessageAnewWhereSlackDoesNotKnowItAnyMore) {
  EXPECT_TRUE(run(voice.tell(hanako, Via{}, says("one"))).has_value());
  transport.always.insert_or_assign("conversations.open", ok({{"channel", {{"id", "D2"}}}}));
  transport.queued["chat.postMessage"] = {failed("channel_not_found")};
  EXPECT_TRUE(run(voice.tell(hanako, Via{}, says("two"))).has_value());
  EXPECT_EQ(transport.last("chat.postMessage")["channel"], "D2");
  EXPECT_TRUE(run(voice.tell(hanako, Via{}, says("three"))).has_value());
  EXPECT_EQ(transport.count("conversations.open"), 2U);
}

TEST_F(VoiceTest, KeepsWhatSlackDoesNotTakeAndSaysItLater) {
  transport.always.insert_or_assign("token", answer(500, ""));
  transport.always.insert_or_assign("conversations.open", failed("service_unavailable"));
  EXPECT_TRUE(run(voice.tell(hanako, command, says("decided"))).has_value());
  ASSERT_EQ(jobs.waiting.size(), 1U);
  EXPECT_EQ(jobs.waiting[0].payload.find("commands/token"), std::string::npos);
  const auto again = run(voice.tell_late(jobs.waiting[0]));
  ASSERT_TRUE(again.has_error());
  EXPECT_TRUE(is_transient(again.error().code)) << "the worker comes again";
  EXPECT_EQ(jobs.waiting.size(), 1U);
  transport.always.insert_or_assign("token", answer(200, "ok"));
  EXPECT_TRUE(run(voice.tell_late(jobs.waiting[0])).has_value());
  EXPECT_EQ(transport.last("token")["text"], "decided");
  EXPECT_EQ(transport.last("token")["response_type"], "ephemeral");
  EXPECT_TRUE(run(voice.tell_late({"answer.late", "1", "{}"})).has_error());
}

TEST_F(VoiceTest, SaysThatNobodyCouldBeTold) {
  transport.always.insert_or_assign("conversations.open", failed("user_disabled"));
  const auto told = run(voice.tell(hanako, Via{}, says("done")));
  ASSERT_TRUE(told.has_error());
  EXPECT_EQ(told.error().service_code, "user_disabled");
  EXPECT_EQ(transport.count("conversations.open"), 1U);
}

TEST_F(VoiceTest, ReplacesThePressedMessage) {
  EXPECT_TRUE(run(voice.replace(command, says("started"))).has_value());
  EXPECT_EQ(transport.last("token")["replace_original"], true);
  EXPECT_TRUE(run(voice.replace(mention, says("started"))).has_error());
}

TEST_F(VoiceTest, SaysNothingInAnExternalChannelThatIsNotNamed) {
  const auto refused = run(voice.say(channel("CSHARED"), std::nullopt, says("x")));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, Errc::denied);
  EXPECT_TRUE(transport.calls.empty());
  rules.value->external_channels = {channel("CSHARED")};
  EXPECT_TRUE(run(voice.say(channel("CSHARED"), std::nullopt, says("x"))).has_value());
}

TEST_F(VoiceTest, PostsInOneChannelOnceASecond) {
  EXPECT_TRUE(run(voice.say(channel("C1"), std::nullopt, says("one"))).has_value());
  EXPECT_TRUE(run(voice.say(channel("C1"), std::nullopt, says("two"))).has_value());
  EXPECT_THAT(slept, ElementsAre(Duration{1s}));
}

class FormTest : public VoiceTest {
 protected:
  WebFormOpener opener{api, voice, ids, log};
  Result<std::string> open() {
    Click click{hanako, command, "approval.reject", "01J", "1.trigger"};
    return run(opener.open(click, {.callback_id = "approval.reject",
                                   .title = "Reject",
                                   .submit = "Reject",
                                   .close = "Back",
                                   .private_metadata = {},
                                   .blocks = {}}));
  }
};

TEST_F(FormTest, IsOpenedWithTheTriggerAndNamed) {
  transport.queued["views.open"] = {ok({{"view", {{"id", "V1"}}}})};
  EXPECT_EQ(open().value(), "V1");
  EXPECT_EQ(transport.last("views.open")["trigger_id"], "1.trigger");
}

TEST_F(FormTest, ThatDoesNotOpenIsToldToThePersonWithTheIdInTheLog) {
  transport.queued["views.open"] = {failed("expired_trigger_id")};
  EXPECT_TRUE(open().has_error());
  const auto text = transport.last("token")["text"].get<std::string>();
  EXPECT_THAT(text, HasSubstr("expired_trigger_id"));
  EXPECT_THAT(text, HasSubstr("press the button again"));
  const auto id = short_id(ids.next());
  EXPECT_THAT(text, HasSubstr(id));
  EXPECT_THAT(lines.str(), HasSubstr("form=approval.reject id=" + id));
  EXPECT_THAT(lines.str(), Not(HasSubstr("1.trigger")));
}

TEST_F(FormTest, ThatARepeatDoesNotOpenAgainIsToldToNobody) {
  transport.queued["views.open"] = {failed("exchanged_trigger_id")};
  EXPECT_TRUE(open().has_error());
  EXPECT_EQ(transport.count("token"), 0U);
}

struct UrlCase {
  const char* name;
  const char* url;
  const char* api_url;
  bool allowed;
};
class ResponseHost : public ::testing::TestWithParam<UrlCase> {};
TEST_P(ResponseHost, IsJudged) {
  EXPECT_EQ(is_response_host(GetParam().url, GetParam().api_url), GetParam().allowed);
}
constexpr auto real = "https://slack.com/api/";
constexpr auto stand_in = "http://127.0.0.1:9/api/";
INSTANTIATE_TEST_SUITE_P(
    Urls, ResponseHost,
    ::testing::Values(UrlCase{"Slack", "https://hooks.slack.com/commands/T/1/x", real, true},
                      UrlCase{"GovSlack", "https://hooks.slack-gov.com/commands/T/1/x", real, true},
                      UrlCase{"ApiHost", "https://slack.com/x", real, true},
                      UrlCase{"Plain", "http://hooks.slack.com/x", real, false},
                      UrlCase{"OtherPort", "https://hooks.slack.com:8443/x", real, false},
                      UrlCase{"Suffix", "https://hooks.slack.com.example.org/x", real, false},
                      UrlCase{"UserInformation", "https://hooks.slack.com@example.org/x", real,
                              false},
                      UrlCase{"OtherHost", "https://example.org/x", real, false},
                      UrlCase{"Metadata", "http://169.254.169.254/x", real, false},
                      UrlCase{"LoopbackWithoutStandIn", "http://127.0.0.1:9/x", real, false},
                      UrlCase{"StandIn", "http://127.0.0.1:9/x", stand_in, true},
                      UrlCase{"Empty", "", real, false}),
    [](const auto& info) { return std::string{info.param.name}; });

}  // namespace
}  // namespace ringi::slack
