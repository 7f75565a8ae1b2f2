#include "server/store/request_json.hpp"

#include <gtest/gtest.h>

namespace ringi::store {
namespace {

const Caller caller{SlackTeam::parse("T1").value(), SlackUser::parse("U1").value(), "花子"};

Via via() {
  return {SlackChannel::parse("C1").value(), MessageTs::parse("1763780645.000100").value(),
          MessageTs::parse("1763780646.000200").value(),
          ResponseUrl{"https://hooks.slack.com/commands/1"}, true};
}

// Every field of what comes back, by writing it once more.
void expect_round_trip(const Request& request) {
  const auto json = request_json(request);
  const auto back = parse_request(json);
  ASSERT_TRUE(back.has_value()) << type_of(request);
  EXPECT_EQ(back->index(), request.index());
  EXPECT_EQ(request_json(*back), json);
}

TEST(RequestJson, KeepsEveryKindOfRequest) {
  expect_round_trip(Command{caller, via(), "deploy", "start web-prod/web \"a b\"", true});
  expect_round_trip(Click{caller, via(), "approval.approve", "01J", "trigger"});
  expect_round_trip(Click{caller, via(), "approval.reject", "01J", "trigger", "V1", R"({"v":1})"});
  expect_round_trip(
      Submission{caller, via(), "approval.reject", "01J", "V1", {{"reason", "no\nway"}}});
  expect_round_trip(Notification{Notification::Source::events, "",
                                 AccountId::parse("222233334444").value(),
                                 Region::parse("ap-northeast-1").value(), R"({"a":1})"});
  expect_round_trip(Notification{Notification::Source::sns, "arn:aws:sns:x", {}, {}, ""});
  expect_round_trip(Chore{"pipeline.look", "web", "{}"});
}

TEST(RequestJson, KeepsTheFieldsOfACommand) {
  const auto back =
      parse_request(request_json(Command{caller, via(), "deploy", "list", true})).value();
  const auto& command = std::get<Command>(back);
  EXPECT_EQ(command.caller, caller);
  EXPECT_EQ(command.via.channel.str(), "C1");
  EXPECT_EQ(command.via.message, via().message);
  EXPECT_EQ(command.via.thread, via().thread);
  EXPECT_TRUE(command.via.ephemeral);
  EXPECT_EQ(command.via.response_url.reveal(), "https://hooks.slack.com/commands/1");
  EXPECT_EQ(command.word, "deploy");
  EXPECT_EQ(command.text, "list");
  EXPECT_TRUE(command.mention);
}

TEST(RequestJson, LosesNoJobToBytesThatAreNotUtf8) {
  const auto back = parse_request(request_json(Command{.word = "deploy",
                                                       .text = "a\xff"
                                                               "b"}));
  EXPECT_EQ(std::get<Command>(back.value()).text,
            "a\xef\xbf\xbd"
            "b");
}

TEST(RequestJson, ReadsWhatVersionOneWrote) {
  const auto chore = parse_request(R"({"v":1,"type":"chore","kind":"k","key":"x","payload":"{}"})");
  EXPECT_EQ(std::get<Chore>(chore.value()).key, "x");
}

TEST(RequestJson, RefusesWhatItCannotRead) {
  const std::vector<std::pair<const char*, const char*>> bad{
      {"not JSON", "secret{"},
      {"no version", R"({"type":"chore","kind":"k","key":"x","payload":"{}"})"},
      {"a newer version", R"({"v":2,"type":"chore","kind":"k","key":"x","payload":"{}"})"},
      {"an unknown type", R"({"v":1,"type":"secret"})"},
      {"a missing field", R"({"v":1,"type":"chore","kind":"secret"})"}};
  for (const auto& [name, json] : bad) {
    const auto parsed = parse_request(json);
    ASSERT_TRUE(parsed.has_error()) << name;
    EXPECT_EQ(parsed.error().code, Errc::internal) << name;
    EXPECT_EQ(parsed.error().log.text.find("secret"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace ringi::store
