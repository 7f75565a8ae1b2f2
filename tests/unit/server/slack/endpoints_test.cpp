#include "server/slack/endpoints.hpp"

#include "server/crypto/sha256.hpp"
#include "server/runtime/timers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <set>
#include <sstream>

namespace ringi::slack {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

const std::string secret = "test_signing_secret_0001";
constexpr std::int64_t now_seconds = 1'700'000'000;

struct FixedClock final : ports::Clock {
  Time now() const override { return from_unix_micros(now_seconds * 1'000'000); }
};

struct CountingIds final : ports::Ids {
  OpaqueId next() override {
    const auto number = std::to_string(++count);
    return *OpaqueId::parse(std::string(26 - number.size(), '0') + number);
  }
  int count = 0;
};

// Keeps what the store promises: a key that stands answers with the first answer.
struct FakeIntake final : store::Intake {
  Task<Result<store::Accepted>> accept(store::Incoming incoming) override {
    if (away) co_return error(Errc::unavailable, "the store is away");
    for (const auto& key : incoming.keys) {
      if (const auto known = answers.find(key); known != answers.end()) {
        co_return store::Accepted{true, known->second.first, known->second.second};
      }
    }
    for (const auto& key : incoming.keys) answers[key] = {incoming.content_type, incoming.answer};
    stored.push_back(incoming);
    co_return store::Accepted{false, incoming.content_type, incoming.answer};
  }
  bool away = false;
  std::vector<store::Incoming> stored;
  std::map<std::string, std::pair<std::string, std::string>> answers;
};

struct FakeCopies final : store::Copies {
  Task<Result<std::optional<store::Copy>>> get(std::string kind, std::string key) override {
    if (hangs) {  // as a read on the store's pool does: nothing cuts it off
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
      co_await runtime::sleep_for(std::chrono::milliseconds{1500});
      hangs = false;
    }
    const auto at = rows.find(kind + "/" + key);
    if (at == rows.end()) co_return std::optional<store::Copy>{};
    co_return std::optional{store::Copy{at->second, Time{}}};
  }
  Task<Result<void>> put(std::string kind, std::string key, std::string value) override {
    rows[kind + "/" + key] = std::move(value);
    co_return Result<void>{};
  }
  Task<Result<void>> drop(std::string kind, std::string key) override {
    rows.erase(kind + "/" + key);
    co_return Result<void>{};
  }
  Task<Result<void>> drop_older(std::string, Time) override { co_return Result<void>{}; }
  std::map<std::string, std::string> rows;
  bool hangs = false;
};

struct FakeReplies final : Replies {
  std::string reply(const Command& command) override {
    return command.text.empty() ? "" : R"({"text":"on it )" + std::to_string(++said) + R"("})";
  }
  std::optional<message::View> opens_form(const Click& click) override {
    if (click.action == "card.changes") return message::View{.title = "What changed"};
    if (click.action != "approval.reject") return std::nullopt;
    return message::View{.callback_id = click.action, .title = "Reject", .submit = "Reject"};
  }
  std::optional<std::string> refuse(const Submission& submission) override {
    if (!submission.fields.at("reason").empty()) return std::nullopt;
    return R"({"response_action":"errors","errors":{"reason":"Give a reason"}})";
  }
  int said = 0;
};

struct FakeForms final : FormOpener {
  Task<Result<std::string>> open(Click click, message::View view) override {
    triggers.push_back(std::move(click.trigger_id));
    views.push_back(std::move(view));
    if (refused) co_return error(Errc::conflict, "expired_trigger_id");
    co_return "V" + std::to_string(triggers.size());
  }
  bool refused = false;
  std::vector<std::string> triggers;
  std::vector<message::View> views;
};

std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char escaped[4] = {};
    std::snprintf(escaped, sizeof escaped, "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += escaped;
  }
  return out;
}

class SlackEndpointsTest : public testing::Test {
 protected:
  SlackEndpointsTest() {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(logged_);
    parts_.log = std::make_shared<spdlog::logger>("test", std::move(sink));
    endpoints_ = std::make_unique<SlackEndpoints>(settings(), parts_);
  }

  static AppSettings settings() {
    return {.signing_secrets = {config::Secret{secret}},
            .team = *SlackTeam::parse("T0001"),
            .app = *SlackApp::parse("A0001")};
  }

  static http::Request request(const std::string& path, const std::string& body,
                               std::int64_t age = 0, const std::string& key = secret) {
    const auto timestamp = std::to_string(now_seconds - age);
    const bool event = path == "/slack/events";
    return {.method = "POST",
            .path = path,
            .headers = {{"content-type",
                         event ? "application/json" : "application/x-www-form-urlencoded"},
                        {"x-slack-request-timestamp", timestamp},
                        {"x-slack-signature", "v0=" + crypto::to_hex(crypto::hmac_sha256(
                                                          key, "v0:" + timestamp + ":" + body))}},
            .body = body,
            .peer = "192.0.2.1"};
  }

  http::Response send(http::Request request) {
    for (const auto& route : endpoints_->routes()) {
      if (route.path == request.path) return run(route.endpoint(std::move(request)));
    }
    throw std::runtime_error("no such path");
  }

  http::Response run(Task<http::Response> task) {
    std::optional<http::Response> response;
    asio::co_spawn(io_, std::move(task), [&](std::exception_ptr failure, http::Response done) {
      if (failure) std::rethrow_exception(failure);
      response = std::move(done);
      answered_();
    });
    io_.restart();
    io_.run();
    EXPECT_TRUE(response.has_value());
    return response.value_or(http::Response{.status = 0});
  }

  asio::io_context io_{1};
  std::ostringstream logged_;
  observe::Metrics metrics_;
  FixedClock clock_;
  CountingIds ids_;
  FakeIntake intake_;
  FakeCopies copies_;
  FakeReplies replies_;
  FakeForms forms_;
  std::vector<std::string> changed_;
  std::function<void()> answered_ = [] {};
  runtime::TaskGroup beside_{io_.get_executor(), [](const auto&, std::exception_ptr) {}};
  EndpointParts parts_{
      .clock = clock_,
      .ids = ids_,
      .intake = intake_,
      .copies = copies_,
      .replies = replies_,
      .forms = forms_,
      .group_changed = [this](SlackGroup group, std::string) { return changed(std::move(group)); },
      .beside = beside_,
      .log = nullptr,
      .metrics = metrics_};
  std::unique_ptr<SlackEndpoints> endpoints_;

 private:
  Task<Result<void>> changed(SlackGroup group) {
    changed_.push_back(group.str());
    co_return Result<void>{};
  }
};

const std::string command_body =
    "team_id=T0001&api_app_id=A0001&channel_id=C0001&user_id=U0001&user_name=ada&command=%2Fdeploy&"
    "text=start+web&trigger_id=1.2.abc&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%"
    "2Fs3cret";

json click(const std::string& action) {
  return {{"type", "block_actions"},
          {"user", {{"id", "U0001"}, {"team_id", "T0001"}}},
          {"team", {{"id", "T0001"}}},
          {"api_app_id", "A0001"},
          {"trigger_id", "9.8.def"},
          {"container", {{"message_ts", "1760000000.000100"}, {"channel_id", "C0001"}}},
          {"response_url", "https://hooks.slack.com/actions/s3cret"},
          {"actions", {{{"action_id", action}, {"value", "01J9Z"}}}}};
}

json submission(const std::string& metadata, const std::string& reason) {
  return {{"type", "view_submission"},
          {"user", {{"id", "U0001"}}},
          {"team", {{"id", "T0001"}}},
          {"api_app_id", "A0001"},
          {"view",
           {{"id", "V0001"},
            {"callback_id", "approval.reject"},
            {"private_metadata", metadata},
            {"state", {{"values", {{"reason", {{"in", {{"value", reason}}}}}}}}}}}};
}

std::string form_of(const json& payload) {
  return "payload=" + encoded(payload.dump());
}

json mention(const std::string& event_id) {
  return {{"type", "event_callback"},
          {"team_id", "T0001"},
          {"api_app_id", "A0001"},
          {"event_id", event_id},
          {"event",
           {{"type", "app_mention"},
            {"user", "U0001"},
            {"text", "<@U0BOT> status"},
            {"ts", "1760000000.000300"},
            {"channel", "C0001"}}}};
}

TEST_F(SlackEndpointsTest, StoresACommandUnderBothItsKeysAndAnswersWithTheReply) {
  const auto asked = request("/slack/commands", command_body);
  const auto response = send(asked);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"text":"on it 1"})");
  ASSERT_EQ(intake_.stored.size(), 1u);
  const auto& stored = intake_.stored.front();
  const auto signature = asked.headers[1].value + ":" + asked.headers[2].value;
  EXPECT_EQ(stored.keys, (std::vector<std::string>{"slack-sig:" + asked.headers[1].value + ":" +
                                                       crypto::to_hex(crypto::sha256(signature)),
                                                   "slack-trigger:1.2.abc"}));
  EXPECT_FALSE(stored.job) << "the answer said all there is to say";
}

TEST_F(SlackEndpointsTest, AnswersARepeatWithTheSameBytesAndStoresItOnce) {
  const auto first = send(request("/slack/commands", command_body));
  const auto resent = send(request("/slack/commands", command_body));
  const auto signed_anew = send(request("/slack/commands", command_body, 5));
  EXPECT_EQ(resent.body, first.body);
  EXPECT_EQ(signed_anew.body, first.body);
  EXPECT_EQ(intake_.stored.size(), 1u);
  EXPECT_EQ(send(request("/slack/commands", command_body, 301)).status, 401);
}

TEST_F(SlackEndpointsTest, ChecksTheSignatureBeforeAnythingElse) {
  for (const auto* path : {"/slack/commands", "/slack/interactions", "/slack/events"}) {
    auto unsigned_one = request(path, "\xff not parsed");
    unsigned_one.headers.clear();
    EXPECT_EQ(send(unsigned_one).status, 401);
    EXPECT_EQ(send(request(path, "\xff not parsed", 0, "wrong")).status, 401);
    auto repeated = request(path, "x");
    repeated.headers.push_back(repeated.headers[2]);
    EXPECT_EQ(send(repeated).status, 401);
  }
  EXPECT_TRUE(intake_.stored.empty());
}

TEST_F(SlackEndpointsTest, SaysInTheLogWhetherTheClockOrTheSignatureIsWrong) {
  send(request("/slack/commands", command_body, 301));
  EXPECT_NE(logged_.str().find("stale timestamp path=/slack/commands"), std::string::npos);
  EXPECT_EQ(logged_.str().find("bad signature"), std::string::npos);
  send(request("/slack/commands", command_body, 0, "wrong"));
  EXPECT_NE(logged_.str().find("bad signature path=/slack/commands"), std::string::npos);
  EXPECT_EQ(logged_.str().find("s3cret"), std::string::npos);
  EXPECT_EQ(logged_.str().find("v0="), std::string::npos);
  const auto figures = metrics_.text();
  EXPECT_NE(figures.find(R"(ringi_slack_rejected_total{reason="stale"} 1)"), figures.npos);
  EXPECT_NE(figures.find(R"(ringi_slack_rejected_total{reason="mismatch"} 1)"), figures.npos);
}

TEST_F(SlackEndpointsTest, TakesAnsslCheckOnlyWithASignature) {
  auto probe = request("/slack/commands", "ssl_check=1&token=x");
  probe.headers.resize(1);
  EXPECT_EQ(send(probe).status, 401);
  EXPECT_EQ(send(request("/slack/commands", "ssl_check=1&token=x")).status, 400);
}

TEST_F(SlackEndpointsTest, TakesItsOwnContentTypesOnly) {
  auto json_command = request("/slack/commands", command_body);
  json_command.headers[0].value = "application/json";
  EXPECT_EQ(send(json_command).status, 415);
  auto form_event = request("/slack/events", mention("Ev1").dump());
  form_event.headers[0].value = "application/x-www-form-urlencoded";
  EXPECT_EQ(send(form_event).status, 415);
  auto none = request("/slack/commands", command_body);
  none.headers.erase(none.headers.begin());
  EXPECT_EQ(send(none).status, 415);
  auto with_charset = request("/slack/commands", command_body);
  with_charset.headers[0].value += "; charset=utf-8";
  EXPECT_EQ(send(with_charset).status, 200);
}

TEST_F(SlackEndpointsTest, RefusesWhatIsMalformedOrOfAnotherTeamOrApp) {
  EXPECT_EQ(send(request("/slack/commands", "a")).status, 400);
  EXPECT_EQ(send(request("/slack/interactions", "payload=x")).status, 400);
  EXPECT_EQ(send(request("/slack/events", "{}")).status, 400);
  for (const auto* name : {"team_id", "api_app_id"}) {
    auto event = mention("Ev1");
    event[name] = "T0009";
    EXPECT_EQ(send(request("/slack/events", event.dump())).status, 403) << name;
    event.erase(name);
    EXPECT_NE(send(request("/slack/events", event.dump())).status, 200) << name;
  }
  auto clicked = click("approval.approve");
  clicked["api_app_id"] = "A0002";
  EXPECT_EQ(send(request("/slack/interactions", form_of(clicked))).status, 403);
  EXPECT_TRUE(intake_.stored.empty());
}

TEST_F(SlackEndpointsTest, AnswersTheChallengeWithoutTeamAndApp) {
  const auto response =
      send(request("/slack/events", R"({"type":"url_verification","challenge":"3eZ\"x"})"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json::parse(response.body), (json{{"challenge", "3eZ\"x"}}));
  EXPECT_EQ(send(request("/slack/events", R"({"type":"url_verification","challenge":"3eZ"})", 301))
                .status,
            401);
}

TEST_F(SlackEndpointsTest, SaysUnavailableWhereTheStoreIs) {
  intake_.away = true;
  const auto response = send(request("/slack/commands", command_body));
  EXPECT_EQ(response.status, 503);
  ASSERT_EQ(response.headers.size(), 1u);
  EXPECT_EQ(response.headers[0].name, "Retry-After");
}

TEST_F(SlackEndpointsTest, StoresAClick) {
  EXPECT_EQ(send(request("/slack/interactions", form_of(click("approval.approve")))).body, "");
  ASSERT_EQ(intake_.stored.size(), 1u);
  EXPECT_EQ(intake_.stored[0].keys[1], "slack-trigger:9.8.def");
  EXPECT_EQ(std::get<Click>(*intake_.stored[0].job).value, "01J9Z");
  EXPECT_TRUE(forms_.views.empty());
}

TEST_F(SlackEndpointsTest, OpensAFormAtOnceAndHasAJobFillIt) {
  EXPECT_EQ(send(request("/slack/interactions", form_of(click("approval.reject")))).status, 200);
  ASSERT_EQ(intake_.stored.size(), 1u);
  EXPECT_EQ(intake_.stored[0].keys, std::vector<std::string>{"slack-view:V1"});
  const auto& job = std::get<Click>(*intake_.stored[0].job);
  EXPECT_EQ(job.view_id, "V1");
  EXPECT_EQ(job.view_memory, forms_.views.at(0).private_metadata);
  ASSERT_EQ(forms_.views.size(), 1u);
  EXPECT_EQ(forms_.triggers[0], "9.8.def");
  const auto memory = parse_metadata(forms_.views[0].private_metadata);
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->value, "01J9Z");
  EXPECT_EQ(memory->message->str(), "1760000000.000100");
  EXPECT_EQ(forms_.views[0].private_metadata.find("hooks.slack.com"), std::string::npos);
  EXPECT_EQ(copies_.rows.at("click-url/" + memory->answer.str()),
            "https://hooks.slack.com/actions/s3cret");
}

TEST_F(SlackEndpointsTest, StoresNothingForAFormThatDidNotOpen) {
  forms_.refused = true;
  EXPECT_EQ(send(request("/slack/interactions", form_of(click("approval.reject")))).status, 200);
  EXPECT_TRUE(intake_.stored.empty());
}

TEST_F(SlackEndpointsTest, KeepsNoResponseUrlForAFormThatOnlyShows) {
  send(request("/slack/interactions", form_of(click("card.changes"))));
  ASSERT_EQ(intake_.stored.size(), 1u);
  EXPECT_EQ(std::get<Click>(*intake_.stored[0].job).view_memory, "");
  EXPECT_TRUE(copies_.rows.empty());
}

TEST_F(SlackEndpointsTest, GivesAFormTheResponseUrlOfItsClick) {
  send(request("/slack/interactions", form_of(click("approval.reject"))));
  const auto metadata = forms_.views.at(0).private_metadata;
  const auto sent =
      send(request("/slack/interactions", form_of(submission(metadata, "not today"))));
  EXPECT_EQ(sent.status, 200);
  EXPECT_EQ(sent.body, "");
  const auto& stored = std::get<Submission>(*intake_.stored.at(1).job);
  EXPECT_EQ(stored.via.response_url.reveal(), "https://hooks.slack.com/actions/s3cret");
  EXPECT_EQ(stored.value, "01J9Z");
  EXPECT_TRUE(intake_.stored[1].keys[1].starts_with("slack-form:V0001:"));
  EXPECT_TRUE(copies_.rows.empty());
}

TEST_F(SlackEndpointsTest, FindsTheResponseUrlOfAFormAfterARestart) {
  send(request("/slack/interactions", form_of(click("approval.reject"))));
  endpoints_ = std::make_unique<SlackEndpoints>(settings(), parts_);
  send(request("/slack/interactions",
               form_of(submission(forms_.views.at(0).private_metadata, "not today"))));
  const auto& stored = std::get<Submission>(*intake_.stored.at(1).job);
  EXPECT_EQ(stored.via.response_url.reveal(), "https://hooks.slack.com/actions/s3cret");
}

TEST_F(SlackEndpointsTest, TakesAFormWhoseResponseUrlIsLost) {
  const auto metadata = to_metadata({.value = "01J9Z", .answer = ids_.next()});
  EXPECT_EQ(send(request("/slack/interactions", form_of(submission(metadata, "not today")))).status,
            200);
  EXPECT_TRUE(std::get<Submission>(*intake_.stored.at(0).job).via.response_url.empty());
}

TEST_F(SlackEndpointsTest, DoesNotLetAFormWaitForASlowStore) {
  send(request("/slack/interactions", form_of(click("approval.reject"))));
  endpoints_ = std::make_unique<SlackEndpoints>(settings(), parts_);
  copies_.hangs = true;
  bool still_hung = false;
  answered_ = [&] { still_hung = copies_.hangs; };
  send(request("/slack/interactions",
               form_of(submission(forms_.views.at(0).private_metadata, "not today"))));
  EXPECT_TRUE(still_hung);
  EXPECT_TRUE(std::get<Submission>(*intake_.stored.at(1).job).via.response_url.empty());
}

TEST_F(SlackEndpointsTest, SendsAnIncompleteFormBackAndTakesTheCompletedOne) {
  const auto metadata = to_metadata({.value = "01J9Z"});
  const auto back = send(request("/slack/interactions", form_of(submission(metadata, ""))));
  EXPECT_EQ(back.status, 200);
  EXPECT_EQ(json::parse(back.body).at("response_action"), "errors");
  EXPECT_TRUE(intake_.stored.empty());
  EXPECT_EQ(send(request("/slack/interactions", form_of(submission(metadata, "now")))).body, "");
  EXPECT_EQ(intake_.stored.size(), 1u);
}

TEST_F(SlackEndpointsTest, TakesAMentionOnceWhateverItsEventIdIs) {
  EXPECT_EQ(send(request("/slack/events", mention("Ev1").dump())).status, 200);
  EXPECT_EQ(send(request("/slack/events", mention("Ev2").dump())).status, 200);
  ASSERT_EQ(intake_.stored.size(), 1u);
  EXPECT_EQ(intake_.stored[0].keys[1], "slack-event:Ev1");
  EXPECT_EQ(intake_.stored[0].keys[2], "slack-mention:C0001:1760000000.000300");
  EXPECT_EQ(intake_.stored[0].answer, "");
}

TEST_F(SlackEndpointsTest, HandsChangedGroupsOn) {
  auto event = mention("Ev1");
  event["event"] = {{"type", "subteam_members_changed"}, {"subteam_id", "S0001"}};
  EXPECT_EQ(send(request("/slack/events", event.dump())).status, 200);
  EXPECT_EQ(changed_, std::vector<std::string>{"S0001"});
  EXPECT_TRUE(intake_.stored.empty());
}

TEST_F(SlackEndpointsTest, AcknowledgesWhatNobodyHandles) {
  auto event = mention("Ev1");
  event["event"] = {{"type", "app_home_opened"}};
  EXPECT_EQ(send(request("/slack/events", event.dump())).status, 200);
  auto closed = click("x");
  closed["type"] = "view_closed";
  EXPECT_EQ(send(request("/slack/interactions", form_of(closed))).status, 200);
  EXPECT_TRUE(intake_.stored.empty());
}

TEST_F(SlackEndpointsTest, UsesNewSecretsFromTheReloadOn) {
  auto rotated = settings();
  rotated.signing_secrets = {config::Secret{"new"}};
  endpoints_->reload(rotated);
  EXPECT_EQ(send(request("/slack/commands", command_body)).status, 401);
  EXPECT_EQ(send(request("/slack/commands", command_body, 0, "new")).status, 200);
}

}  // namespace
}  // namespace ringi::slack
