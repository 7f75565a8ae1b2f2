#include "server/slack/payload.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cctype>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace ringi::slack {
namespace {

using nlohmann::json;

std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char escaped[4] = {};
    std::snprintf(escaped, sizeof escaped, "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += std::isalnum(static_cast<unsigned char>(c)) ? std::string(1, c) : escaped;
  }
  return out;
}

std::string form_of(const json& payload) {
  return "payload=" + encoded(payload.dump());
}

std::map<std::string, std::string> command_fields() {
  return {
      {"token", "deprecated"},   {"team_id", "T0001"},
      {"channel_id", "C0001"},   {"user_id", "U0001"},
      {"user_name", "ada"},      {"command", "/deploy"},
      {"text", "start web"},     {"api_app_id", "A0001"},
      {"trigger_id", "1.2.abc"}, {"response_url", "https://hooks.slack.com/commands/T0001/1/abc"}};
}

std::string joined(const std::map<std::string, std::string>& fields) {
  std::string body;
  for (const auto& [name, value] : fields)
    body += (body.empty() ? "" : "&") + name + "=" + encoded(value);
  return body;
}

TEST(ParseCommand, ReadsWhatSlackSends) {
  const auto parsed = parse_command(joined(command_fields()), {});
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->origin.team, "T0001");
  EXPECT_EQ(parsed->origin.app, "A0001");
  EXPECT_EQ(parsed->trigger_id, "1.2.abc");
  const auto& command = parsed->command;
  EXPECT_EQ(command.caller,
            (Caller{*SlackTeam::parse("T0001"), *SlackUser::parse("U0001"), "ada"}));
  EXPECT_EQ(command.via.channel.str(), "C0001");
  EXPECT_EQ(command.via.response_url.reveal(), "https://hooks.slack.com/commands/T0001/1/abc");
  EXPECT_EQ(command.word, "deploy");
  EXPECT_EQ(command.text, "start web");
  EXPECT_FALSE(command.mention);
}

TEST(ParseCommand, KnowsOurCommandsByTheirConfiguredNames) {
  const CommandNames names{.deploy = "/ship", .aws = "/cloud", .ringi = "/seal"};
  const auto named = [&](const std::string& name, const std::string& text) {
    auto fields = command_fields();
    fields["command"] = name;
    fields["text"] = text;
    const auto command = parse_command(joined(fields), names)->command;
    return command.word + "|" + command.text;
  };
  EXPECT_EQ(named("/ship", "start web"), "deploy|start web");
  EXPECT_EQ(named("/cloud", ""), "aws|");
  EXPECT_EQ(named("/seal", "help"), "ringi|help");
  EXPECT_EQ(named("/deploy", "start web"), "ringi|deploy start web");
  EXPECT_EQ(named("/other", ""), "ringi|other");
}

TEST(ParseCommand, NeedsWhatItCannotDoWithout) {
  for (const auto* name : {"team_id", "channel_id", "user_id", "command", "trigger_id"}) {
    auto fields = command_fields();
    fields.erase(name);
    EXPECT_FALSE(parse_command(joined(fields), {}).has_value()) << name;
    fields[name] = "x y";
    if (std::string{name} != "trigger_id") {
      EXPECT_FALSE(parse_command(joined(fields), {}).has_value()) << name;
    }
  }
  auto fields = command_fields();
  for (const auto* name : {"text", "user_name", "response_url", "api_app_id", "token"})
    fields.erase(name);
  EXPECT_TRUE(parse_command(joined(fields), {}).has_value());
}

TEST(Normalised, PutsPlainQuotesAndSpacesAndLeavesSlacksEscapes) {
  EXPECT_EQ(normalised("  start\u00a0web\u3000\u201ca b\u201d \u2018c\u2019 "),
            "start web \"a b\" 'c'");
  EXPECT_EQ(normalised("a\r\nb\n"), "a  b");
  EXPECT_EQ(normalised("<@U1|ada> &amp; &lt; 本番"), "<@U1|ada> &amp; &lt; 本番");
  EXPECT_EQ(normalised("\u00a0 \t"), "");
}

json click() {
  return json::parse(
      R"({"type":"block_actions","user":{"id":"U0001","username":"ada","team_id":"T0001"},
    "api_app_id":"A0001","token":"deprecated","trigger_id":"1.2.abc","team":{"id":"T0001","domain":"acme"},
    "container":{"type":"message","message_ts":"1760000000.000100","channel_id":"C0001","thread_ts":"1759999999.000200"},
    "channel":{"id":"C0001","name":"ops"},"message":{"ts":"1760000000.000100"},"state":{"values":{}},
    "response_url":"https://hooks.slack.com/actions/T0001/1/xyz",
    "actions":[{"type":"button","action_id":"approval.approve","block_id":"b","action_ts":"1.1","value":"01J9Z"}]})");
}

const Click* clicked(const std::optional<Interaction>& parsed) {
  return parsed ? std::get_if<Click>(&parsed->what) : nullptr;
}

bool does_nothing(const std::optional<Interaction>& parsed) {
  return parsed && std::holds_alternative<Nothing>(parsed->what);
}

TEST(ParseInteraction, ReadsAClickOnAMessage) {
  const auto parsed = parse_interaction(form_of(click()));
  ASSERT_TRUE(clicked(parsed));
  EXPECT_EQ(parsed->origin.team, "T0001");
  EXPECT_EQ(parsed->origin.app, "A0001");
  const auto& found = *clicked(parsed);
  EXPECT_EQ(found.action, "approval.approve");
  EXPECT_EQ(found.value, "01J9Z");
  EXPECT_EQ(found.trigger_id, "1.2.abc");
  EXPECT_EQ(found.caller.user.str(), "U0001");
  EXPECT_EQ(found.caller.name, "ada");
  EXPECT_EQ(found.via.channel.str(), "C0001");
  EXPECT_EQ(found.via.message->str(), "1760000000.000100");
  EXPECT_EQ(found.via.thread->str(), "1759999999.000200");
  EXPECT_EQ(found.via.response_url.reveal(), "https://hooks.slack.com/actions/T0001/1/xyz");
}

TEST(ParseInteraction, KnowsAMessageThatOnePersonAloneSees) {
  EXPECT_FALSE(clicked(parse_interaction(form_of(click())))->via.ephemeral);
  auto payload = click();
  payload["container"]["is_ephemeral"] = true;
  EXPECT_TRUE(clicked(parse_interaction(form_of(payload)))->via.ephemeral);
}

TEST(ParseInteraction, ReadsAClickWithoutAMessage) {
  auto payload = click();
  for (const auto* name : {"channel", "message", "response_url"}) payload.erase(name);
  payload["container"] = {{"type", "view"}, {"view_id", "V1"}};
  const auto parsed = parse_interaction(form_of(payload));
  ASSERT_TRUE(clicked(parsed));
  EXPECT_TRUE(clicked(parsed)->via.channel.empty());
  EXPECT_FALSE(clicked(parsed)->via.message);
  EXPECT_TRUE(clicked(parsed)->via.response_url.empty());
}

TEST(ParseInteraction, TakesTheValueOfEachKindOfElement) {
  const auto value = [](const json& element) {
    auto payload = click();
    payload["actions"][0].erase("value");
    payload["actions"][0].update(element);
    const auto parsed = parse_interaction(form_of(payload));
    return clicked(parsed) ? clicked(parsed)->value : "none";
  };
  EXPECT_EQ(value({{"selected_option", {{"value", "a"}}}}), "a");
  EXPECT_EQ(value({{"selected_option", nullptr}}), "");
  EXPECT_EQ(value({{"selected_options", {{{"value", "a"}}, {{"value", "b"}}}}}), "a,b");
  EXPECT_EQ(value({{"selected_user", "U2"}}), "U2");
  EXPECT_EQ(value({{"selected_conversation", "C2"}}), "C2");
  EXPECT_EQ(value({{"selected_date", "2026-11-22"}}), "2026-11-22");
}

TEST(ParseInteraction, KnowsAPersonOfAnotherWorkspaceByTheirOwnTeam) {
  auto payload = click();
  payload["user"]["team_id"] = "T0002";
  const auto parsed = parse_interaction(form_of(payload));
  EXPECT_EQ(parsed->origin.team, "T0001");
  EXPECT_EQ(clicked(parsed)->caller.team.str(), "T0002");
  payload["team"] = nullptr;
  EXPECT_EQ(parse_interaction(form_of(payload))->origin.team, "T0002");
}

TEST(ParseInteraction, LeavesLinksClosedFormsAndOtherTypesAlone) {
  auto link = click();
  link["actions"][0]["url"] = "https://example.com/";
  EXPECT_TRUE(does_nothing(parse_interaction(form_of(link))));
  for (const auto* type :
       {"view_closed", "shortcut", "message_action", "block_suggestion", "not_yet_known"}) {
    auto payload = click();
    payload["type"] = type;
    EXPECT_TRUE(does_nothing(parse_interaction(form_of(payload)))) << type;
  }
}

struct Spoiled {
  const char* name;
  void (*spoil)(json&);
};
void PrintTo(const Spoiled& spoiled, std::ostream* out) {
  *out << spoiled.name;
}

class SpoiledClick : public testing::TestWithParam<Spoiled> {};

TEST_P(SpoiledClick, IsMalformed) {
  auto payload = click();
  GetParam().spoil(payload);
  EXPECT_FALSE(parse_interaction(form_of(payload)).has_value());
}

INSTANTIATE_TEST_SUITE_P(
    Table, SpoiledClick,
    testing::Values(Spoiled{"NoType", [](json& p) { p.erase("type"); }},
                    Spoiled{"NoUser", [](json& p) { p.erase("user"); }},
                    Spoiled{"UserIsText", [](json& p) { p["user"] = "U0001"; }},
                    Spoiled{"BadUser", [](json& p) { p["user"]["id"] = "u1"; }},
                    Spoiled{"NoActions", [](json& p) { p["actions"] = json::array(); }},
                    Spoiled{"ActionsAreNoList", [](json& p) { p["actions"] = "x"; }},
                    Spoiled{"ActionIsText", [](json& p) { p["actions"] = json::array({"x"}); }},
                    Spoiled{"NoActionId", [](json& p) { p["actions"][0].erase("action_id"); }},
                    Spoiled{"NoTrigger", [](json& p) { p.erase("trigger_id"); }},
                    Spoiled{"BadChannel", [](json& p) { p["channel"]["id"] = "../C1"; }},
                    Spoiled{"BadTs", [](json& p) { p["container"]["message_ts"] = "1.1"; }},
                    Spoiled{"BadThread", [](json& p) { p["container"]["thread_ts"] = "x"; }},
                    Spoiled{"BadTeam", [](json& p) { p["team"]["id"] = "t"; }},
                    Spoiled{"NulInValue",
                            [](json& p) { p["actions"][0]["value"] = std::string("a\0", 2); }}),
    [](const auto& row) { return row.param.name; });

TEST(ParseInteraction, NeedsOnePayloadThatIsAnObject) {
  for (const auto* body : {"", "a=1", "payload=", "payload=x", "payload=%5B%5D", "payload=1",
                           "payload=%7B", "payload=%7B%7D&payload=%7B%7D"}) {
    EXPECT_FALSE(parse_interaction(body).has_value()) << body;
  }
}

json submission() {
  const FormMemory memory{.value = "01J9Z",
                          .channel = *SlackChannel::parse("C0001"),
                          .message = MessageTs::parse("1760000000.000100"),
                          .answer = *OpaqueId::parse("01JD0000000000000000000000")};
  auto payload = json::parse(
      R"({"type":"view_submission","team":{"id":"T0001"},"user":{"id":"U0001","name":"ada"},
    "api_app_id":"A0001","trigger_id":"1.2.abc","view":{"id":"V0001","callback_id":"approval.reject","state":{"values":{
      "reason":{"in":{"type":"plain_text_input","value":"not today"}},
      "when":{"in":{"type":"static_select","selected_option":{"value":"now"}}},
      "empty":{"in":{"type":"plain_text_input","value":null}}}}}})");
  payload["view"]["private_metadata"] = to_metadata(memory);
  return payload;
}

TEST(ParseInteraction, ReadsAFormWithWhatItRemembers) {
  const auto parsed = parse_interaction(form_of(submission()));
  ASSERT_TRUE(parsed.has_value());
  const auto& sent = std::get<SentForm>(parsed->what);
  EXPECT_EQ(sent.submission.form, "approval.reject");
  EXPECT_EQ(sent.submission.view_id, "V0001");
  EXPECT_EQ(sent.submission.value, "01J9Z");
  EXPECT_EQ(sent.submission.via.channel.str(), "C0001");
  EXPECT_EQ(sent.submission.via.message->str(), "1760000000.000100");
  EXPECT_FALSE(sent.submission.via.thread);
  EXPECT_EQ(sent.submission.fields, (std::map<std::string, std::string>{
                                        {"reason", "not today"}, {"when", "now"}, {"empty", ""}}));
  EXPECT_EQ(sent.memory.answer.str(), "01JD0000000000000000000000");
}

TEST(ParseInteraction, RefusesAFormThatWeDidNotOpen) {
  for (const auto* metadata : {"", "x", "[]", R"({"channel":"x"})", R"({"answer":"https://x"})"}) {
    auto payload = submission();
    payload["view"]["private_metadata"] = metadata;
    EXPECT_FALSE(parse_interaction(form_of(payload)).has_value()) << metadata;
  }
  for (const auto* name : {"id", "callback_id"}) {
    auto payload = submission();
    payload["view"].erase(name);
    EXPECT_FALSE(parse_interaction(form_of(payload)).has_value()) << name;
  }
}

TEST(FormMemory, ReadsWhatItWrote) {
  const FormMemory memory{
      .value = "v", .channel = *SlackChannel::parse("C1"), .thread = MessageTs::parse("1.000001")};
  const auto read = parse_metadata(to_metadata(memory));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(to_metadata(*read), to_metadata(memory));
  EXPECT_TRUE(parse_metadata(to_metadata({}))->channel.empty());
}

json envelope(const json& event) {
  return {{"token", "deprecated"},
          {"team_id", "T0001"},
          {"api_app_id", "A0001"},
          {"type", "event_callback"},
          {"event_id", "Ev0001"},
          {"event", event},
          {"authorizations", {{{"team_id", "T0001"}, {"user_id", "U0BOT"}, {"is_bot", true}}}}};
}

json mention(const std::string& text) {
  return {{"type", "app_mention"},     {"user", "U0001"},    {"text", text},
          {"ts", "1760000000.000300"}, {"channel", "C0001"}, {"team", "T0001"}};
}

TEST(ParseEvent, ReadsTheWordsAfterOurMention) {
  const auto words = [](const std::string& text) {
    const auto parsed = parse_event(envelope(mention(text)).dump());
    const auto& command = std::get<Command>(parsed->what);
    EXPECT_TRUE(command.mention);
    EXPECT_TRUE(command.via.response_url.empty());
    return command.word + "|" + command.text;
  };
  EXPECT_EQ(words("<@U0BOT> status"), "ringi|status");
  EXPECT_EQ(words("<@U0BOT>"), "ringi|");
  EXPECT_EQ(words("<@U0BOT> deploy start web-prod/web"), "deploy|start web-prod/web");
  EXPECT_EQ(words("<@U0BOT> deploy"), "deploy|");
  EXPECT_EQ(words("<@U0BOT|ringi>\u00a0aws  accounts"), "aws|accounts");
  EXPECT_EQ(words("<@U0001> please, <@U0BOT> ringi help"), "ringi|help");
  EXPECT_EQ(words("<@U0BOT> deployment"), "ringi|deployment");
  EXPECT_EQ(words("no mention at all"), "ringi|no mention at all");
}

TEST(ParseEvent, KnowsWhereAMentionStands) {
  auto event = mention("<@U0BOT> status");
  event["thread_ts"] = "1759999999.000200";
  event["team"] = "T0002";
  const auto parsed = parse_event(envelope(event).dump());
  EXPECT_EQ(parsed->id, "Ev0001");
  const auto& command = std::get<Command>(parsed->what);
  EXPECT_EQ(command.caller.team.str(), "T0002");
  EXPECT_EQ(command.via.channel.str(), "C0001");
  EXPECT_EQ(command.via.message->str(), "1760000000.000300");
  EXPECT_EQ(command.via.thread->str(), "1759999999.000200");
}

TEST(ParseEvent, AnswersNoBotAndNotItself) {
  auto by_bot = mention("<@U0BOT> status");
  by_bot["bot_id"] = "B0002";
  auto by_us = mention("<@U0BOT> status");
  by_us["user"] = "U0BOT";
  for (const auto& event : {by_bot, by_us}) {
    EXPECT_TRUE(std::holds_alternative<Nothing>(parse_event(envelope(event).dump())->what));
  }
}

TEST(ParseEvent, KnowsChangedGroupsAndTheChallenge) {
  const auto members =
      parse_event(envelope({{"type", "subteam_members_changed"}, {"subteam_id", "S0001"}}).dump());
  EXPECT_EQ(std::get<GroupChanged>(members->what).group.str(), "S0001");
  const auto updated =
      parse_event(envelope({{"type", "subteam_updated"}, {"subteam", {{"id", "S0002"}}}}).dump());
  EXPECT_EQ(std::get<GroupChanged>(updated->what).group.str(), "S0002");
  const auto challenge =
      parse_event(R"({"token":"t","challenge":"3eZ","type":"url_verification"})");
  EXPECT_EQ(std::get<Challenge>(challenge->what).text, "3eZ");
}

TEST(ParseEvent, LeavesOtherEventsAlone) {
  for (const auto* type : {"app_home_opened", "message", "tokens_revoked", "not_yet_known"}) {
    EXPECT_TRUE(
        std::holds_alternative<Nothing>(parse_event(envelope({{"type", type}}).dump())->what))
        << type;
  }
  const auto limited =
      parse_event(R"({"type":"app_rate_limited","team_id":"T0001","api_app_id":"A0001"})");
  EXPECT_TRUE(std::holds_alternative<Nothing>(limited->what));
}

TEST(ParseEvent, RefusesWhatIsMalformed) {
  auto no_id = envelope(mention("x"));
  no_id.erase("event_id");
  auto no_channel = mention("x");
  no_channel.erase("channel");
  auto bad_ts = mention("x");
  bad_ts["ts"] = 1760000000.0003;
  for (const auto& text :
       {std::string{}, std::string{"{"}, std::string{"[]"}, std::string{"{}"}, std::string{"\xff"},
        std::string{R"({"type":"url_verification"})"}, std::string{R"({"type":"event_callback"})"},
        std::string{R"({"type":"url_verification","challenge":1})"}, no_id.dump(),
        envelope(no_channel).dump(), envelope(bad_ts).dump(),
        envelope({{"type", "subteam_members_changed"}}).dump(), std::string(100'000, '[')}) {
    EXPECT_FALSE(parse_event(text).has_value()) << text.substr(0, 80);
  }
}

}  // namespace
}  // namespace ringi::slack
