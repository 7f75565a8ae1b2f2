#include "server/aws/client/client.hpp"

#include "server/aws/protocol/failure.hpp"
#include "tests/unit/server/aws/world.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::answer;
using test::header_of;
using test::in_turn;

struct KeysThatChange : Session {
  int generation = 1;
  Task<Result<Credentials>> credentials(Duration) override {
    co_return Credentials{.access_key_id = "AKID" + std::to_string(generation),
                          .secret_access_key = config::Secret{"s"},
                          .session_token = config::Secret{"the-session-token"}};
  }
  void reject(const std::string& id) override {
    if (id == "AKID" + std::to_string(generation)) ++generation;
  }
};

const Result<net::Answer> nothing_sent = error(Errc::unavailable, "connection refused");
const Result<net::Answer> answer_lost = error(Errc::unknown_outcome, "reset by peer");

Result<net::Answer> refusal(int status, const std::string& code, const std::string& message = "m") {
  return answer(status, json{{"__type", "com.amazonaws.x#" + code}, {"message", message}}.dump(),
                {{"x-amzn-requestid", "req-9"}, {"date", "Sun, 22 Nov 2026 03:30:00 GMT"}});
}

class ClientTest : public test::World {
 protected:
  Invocation what{.service = "codepipeline",
                  .operation = "GetPipelineState",
                  .region = *Region::parse("eu-west-1")};
  std::shared_ptr<KeysThatChange> session = std::make_shared<KeysThatChange>();

  Result<json> call() {
    auto made = client();
    return run(made.call(session, what, {{"name", "web"}}));
  }
};

TEST_F(ClientTest, SendsASignedJsonRequestAndReturnsTheOutputWithItsRequestId) {
  transport.reply =
      in_turn({answer(200, R"({"pipelineName":"web"})", {{"x-amzn-requestid", "req-1"}})});
  const auto output = call();
  EXPECT_EQ(*output, (json{{"pipelineName", "web"}, {"__request_id", "req-1"}}));
  const auto& sent = transport.calls.at(0);
  EXPECT_EQ(sent.url, "https://codepipeline.eu-west-1.amazonaws.com/");
  EXPECT_EQ(sent.body, R"({"name":"web"})");
  EXPECT_EQ(header_of(sent, "X-Amz-Target"), "CodePipeline_20150709.GetPipelineState");
  EXPECT_EQ(header_of(sent, "Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(header_of(sent, "X-Amz-Date"), "20261122T030000Z");
  EXPECT_THAT(
      header_of(sent, "Authorization"),
      testing::StartsWith("AWS4-HMAC-SHA256 Credential=AKID1/20261122/eu-west-1/codepipeline/"
                          "aws4_request, SignedHeaders=content-type;host;x-amz-date;"
                          "x-amz-security-token;x-amz-target, Signature="));
}

TEST_F(ClientTest, GoesUnsignedWithoutASession) {
  transport.reply = in_turn({answer(200, "{}")});
  session = nullptr;
  EXPECT_TRUE(call());
  EXPECT_EQ(header_of(transport.calls.at(0), "Authorization"), "");
}

TEST_F(ClientTest, RepeatsAPassingFaultTwiceWithGrowingPauses) {
  transport.reply = in_turn({answer(503, "<html>"), nothing_sent, answer(200, "{}")});
  EXPECT_TRUE(call());
  EXPECT_EQ(pauses, (std::vector<Duration>{500ms, 1s}));
}

TEST_F(ClientTest, GivesUpAfterThreeTries) {
  transport.reply = in_turn({refusal(400, "ThrottlingException")});
  const auto output = call();
  EXPECT_EQ(output.error().code, Errc::limited);
  EXPECT_EQ(transport.calls.size(), 3U);
}

TEST_F(ClientTest, TriesOnceWhenToldNotToRetry) {
  what.retry = false;
  transport.reply = in_turn({answer(503, "")});
  EXPECT_EQ(call().error().code, Errc::unavailable);
  EXPECT_EQ(transport.calls.size(), 1U);
}

TEST_F(ClientTest, SaysUnknownOutcomeWhenTheAnswerOfTheOnlyTryIsLost) {
  what.retry = false;
  transport.reply = in_turn({answer_lost});
  EXPECT_EQ(call().error().code, Errc::unknown_outcome);
}

TEST_F(ClientTest, DoesNotForgetALostTryBecauseALaterOneWasNotSent) {
  transport.reply = in_turn({answer_lost, nothing_sent});
  EXPECT_EQ(call().error().code, Errc::unknown_outcome);
}

// The first may have started what the second was not even asked about.
TEST_F(ClientTest, DoesNotForgetALostTryBecauseALaterOneWasTurnedAwayAtTheDoor) {
  for (const auto& [status, code] : std::vector<std::pair<int, const char*>>{
           {400, "ThrottlingException"},
           {503, ""},
           {400, "ConcurrentPipelineExecutionsLimitExceededException"},
           {400, "ExpiredTokenException"}}) {
    transport.reply = in_turn({answer_lost, refusal(status, code)});
    const auto output = call();
    EXPECT_EQ(output.error().code, Errc::unknown_outcome) << code;
    EXPECT_THAT(output.error().log.text, testing::HasSubstr(code));
  }
}

TEST_F(ClientTest, DoesNotForgetALostTryBecauseThereWereNoCredentialsForALaterOne) {
  struct KeysOnce : KeysThatChange {
    Task<Result<Credentials>> credentials(Duration longest) override {
      if (generation++ > 1) co_return error(Errc::denied, "sts AssumeRole: AccessDenied");
      auto given = co_await KeysThatChange::credentials(longest);
      co_return given;
    }
  };
  session = std::make_shared<KeysOnce>();
  transport.reply = in_turn({answer_lost});
  EXPECT_EQ(call().error().code, Errc::unknown_outcome);
}

TEST_F(ClientTest, TakesAClearAnswerForWhatALostTryCameTo) {
  transport.reply = in_turn({answer_lost, refusal(400, "PipelineNotFoundException")});
  EXPECT_EQ(call().error().code, Errc::not_found);
  transport.reply = in_turn({answer_lost, answer(200, "{}")});
  EXPECT_TRUE(call());
}

TEST_F(ClientTest, TakesASuccessThatCannotBeReadForALostAnswer) {
  what.retry = false;
  transport.reply = in_turn({answer(200, "<html>captive portal</html>")});
  EXPECT_EQ(call().error().code, Errc::unknown_outcome);
}

TEST_F(ClientTest, SharesOneDeadlineAmongAllTries) {
  what.deadline = 4s;
  transport.reply = [this](const net::Call&) {
    clock.time += 3s;
    return answer(503, "");
  };
  EXPECT_FALSE(call());
  ASSERT_EQ(transport.calls.size(), 2U);
  EXPECT_EQ(transport.calls[0].timeout, 4s);
  EXPECT_EQ(transport.calls[1].timeout, 500ms);
}

TEST_F(ClientTest, RefreshesExpiredCredentialsOnceEvenWithoutRetry) {
  what.retry = false;
  transport.reply = in_turn({refusal(400, "ExpiredTokenException"), answer(200, "{}")});
  EXPECT_TRUE(call());
  EXPECT_THAT(header_of(transport.calls.at(1), "Authorization"), testing::HasSubstr("AKID2/"));
  transport.reply = in_turn({refusal(400, "ExpiredTokenException")});
  EXPECT_EQ(call().error().code, Errc::denied);
  EXPECT_EQ(transport.calls.size(), 4U);
}

TEST_F(ClientTest, AsksForOtherCredentialsWhenAwsKnowsTheseNoMore) {
  transport.reply = in_turn({refusal(403, "InvalidClientTokenId"), answer(200, "{}")});
  EXPECT_TRUE(call());
  EXPECT_THAT(header_of(transport.calls.at(1), "Authorization"), testing::HasSubstr("AKID2/"));
}

TEST_F(ClientTest, AdoptsTheClockOfAwsOnceWhenOursIsOff) {
  transport.reply = in_turn({refusal(403, "RequestTimeTooSkewed"), answer(200, "{}")});
  EXPECT_TRUE(call());
  EXPECT_EQ(header_of(transport.calls.at(1), "X-Amz-Date"), "20261122T033000Z");
  EXPECT_TRUE(pauses.empty());
}

TEST_F(ClientTest, DoesNotBlameTheClockForABadKey) {
  clock.time = *parse_rfc3339("2026-11-22T03:29:00Z");
  transport.reply = in_turn({refusal(403, "SignatureDoesNotMatch")});
  EXPECT_EQ(call().error().code, Errc::denied);
  EXPECT_EQ(transport.calls.size(), 1U);
}

TEST_F(ClientTest, NeverRepeatsWhatAwsSaysAboutASignature) {
  clock.time = *parse_rfc3339("2026-11-22T03:29:00Z");
  transport.reply =
      in_turn({refusal(403, "SignatureDoesNotMatch", "should have been the-session-token")});
  const auto failed = call();
  EXPECT_THAT(failed.error().log.text, testing::Not(testing::HasSubstr("the-session-token")));
  EXPECT_THAT(failed.error().log.text, testing::HasSubstr("req-9"));
}

TEST_F(ClientTest, StopsRetryingWhenAServiceKeepsFailing) {
  auto made = client();
  transport.reply = in_turn({answer(503, "")});
  const json input{{"name", "web"}};
  for (int i = 0; i < 200; ++i) (void)run(made.call(session, what, input));
  const auto before = transport.calls.size();
  (void)run(made.call(session, what, input));
  EXPECT_EQ(transport.calls.size(), before + 1);
}

TEST_F(ClientTest, CountsCallsByOutcome) {
  transport.reply = in_turn({refusal(400, "PipelineNotFoundException")});
  EXPECT_EQ(call().error().service_code, "PipelineNotFoundException");
  EXPECT_THAT(
      metrics.text(),
      testing::HasSubstr(
          R"(ringi_aws_calls_total{operation="GetPipelineState",outcome="not_found",service="codepipeline"} 1)"));
  EXPECT_THAT(metrics.text(), testing::HasSubstr("ringi_aws_call_seconds_count"));
}

TEST_F(ClientTest, KnowsNoOtherServices) {
  what.service = "s3";
  EXPECT_EQ(call().error().code, Errc::invalid);
  EXPECT_TRUE(transport.calls.empty());
}

struct Mapping {
  const char* name;
  int status;
  const char* code;
  Errc expected;
};

class ErrorMapping : public testing::TestWithParam<Mapping> {};

TEST_P(ErrorMapping, HasTheMeaningThatHandlersActOn) {
  const auto& row = GetParam();
  const auto failed = error_of({.status = row.status, .code = row.code}, "codepipeline X");
  EXPECT_EQ(failed.code, row.expected) << ringi::name_of(failed.code);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ErrorMapping,
    testing::Values(Mapping{"access_denied", 400, "AccessDeniedException", Errc::denied},
                    Mapping{"query_access_denied", 403, "AccessDenied", Errc::denied},
                    Mapping{"bad_key", 403, "InvalidClientTokenId", Errc::denied},
                    Mapping{"no_pipeline", 400, "PipelineNotFoundException", Errc::not_found},
                    Mapping{"token_answered", 400, "InvalidApprovalTokenException", Errc::conflict},
                    Mapping{"already_completed", 400, "ApprovalAlreadyCompletedException",
                            Errc::conflict},
                    Mapping{"conflict", 400, "ConflictException", Errc::conflict},
                    Mapping{"throttled", 400, "ThrottlingException", Errc::limited},
                    Mapping{"too_many", 429, "", Errc::limited},
                    Mapping{"too_many_executions", 400,
                            "ConcurrentPipelineExecutionsLimitExceededException", Errc::limited},
                    Mapping{"validation", 400, "ValidationException", Errc::invalid},
                    Mapping{"query_validation", 400, "ValidationError", Errc::invalid},
                    Mapping{"internal", 500, "InternalFailure", Errc::unavailable},
                    Mapping{"html", 502, "", Errc::unavailable},
                    Mapping{"redirect", 301, "", Errc::invalid}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace ringi::aws
