// Any foreign text in any field gives JSON within Slack's limits and no active mark-up.
#include "handlers/message/english_decision.hpp"
#include "handlers/message/unicode.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <regex>

namespace ringi::message {
namespace {

using nlohmann::json;

std::string text_of(const json& object) {
  return object.at("text").get<std::string>();
}

void check_mrkdwn(const json& object, std::size_t limit) {
  EXPECT_EQ(object.at("type"), "mrkdwn");
  EXPECT_EQ(object.at("verbatim"), true);
  const auto text = text_of(object);
  EXPECT_GE(text.size(), 1U);
  EXPECT_LE(utf16_length(text), limit);
  // Every "<" is one of our own tokens, every "&" an entity.
  static const std::regex foreign{"<(?!@U|#C|!date\\^|!subteam\\^S|https://)|&(?!amp;|lt;|gt;)"};
  EXPECT_FALSE(std::regex_search(text, foreign)) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '<'), std::count(text.begin(), text.end(), '>'))
      << text;
}

void check_plain(const json& object, std::size_t limit) {
  EXPECT_EQ(object.at("type"), "plain_text");
  EXPECT_GE(text_of(object).size(), 1U);
  EXPECT_LE(utf16_length(text_of(object)), limit);
  EXPECT_EQ(text_of(object).find('\n'), std::string::npos);
}

void check_button(const json& button) {
  check_plain(button.at("text"), 75);
  EXPECT_LE(utf16_length(button.at("action_id").get<std::string>()), 255U);
  if (button.contains("value")) EXPECT_LE(utf16_length(button["value"].get<std::string>()), 2000U);
  if (button.contains("url")) EXPECT_TRUE(button["url"].get<std::string>().starts_with("https://"));
  if (!button.contains("confirm")) return;
  check_plain(button["confirm"].at("title"), 100);
  check_mrkdwn(button["confirm"].at("text"), 300);
  check_plain(button["confirm"].at("confirm"), 30);
  check_plain(button["confirm"].at("deny"), 30);
}

void check_block(const json& block) {
  const auto type = block.at("type").get<std::string>();
  if (block.contains("block_id"))
    EXPECT_LE(utf16_length(block["block_id"].get<std::string>()), 255U);
  if (type == "header") check_plain(block.at("text"), 150);
  if (type == "section") check_mrkdwn(block.at("text"), 3000);
  if (type == "input") check_plain(block.at("label"), 2000);
  if (type == "context") {
    EXPECT_TRUE(!block.at("elements").empty() && block["elements"].size() <= 10);
    for (const auto& one : block["elements"]) check_mrkdwn(one, 3000);
  }
  if (type == "actions") {
    EXPECT_TRUE(!block.at("elements").empty() && block["elements"].size() <= 25);
    for (const auto& one : block["elements"]) check_button(one);
  }
}

void check_message(const json& message) {
  EXPECT_LE(utf16_length(text_of(message)), 3000U);
  EXPECT_EQ(text_of(message).find('<'), std::string::npos);
  const auto blocks = message.value("blocks", json::array());
  EXPECT_LE(blocks.size(), 50U);
  for (const auto& block : blocks) check_block(block);
  if (!message.contains("attachments")) return;
  for (const auto& block : message["attachments"][0]["blocks"]) check_block(block);
}

// Marks, mentions, controls, bidi marks, half sequences, emoji: what an attacker would try, at
// random.
std::string hostile(std::mt19937& random) {
  static const std::vector<std::string> pieces{"<!channel>",
                                               "<@U0123>",
                                               "&",
                                               "&amp",
                                               ";",
                                               "<",
                                               ">",
                                               "|",
                                               "*",
                                               "_",
                                               "~",
                                               "`",
                                               "```",
                                               "\n",
                                               "\r",
                                               std::string{"\0", 1},
                                               "\xE2\x80\xAE",
                                               "\xFF",
                                               "\xE3\x81",
                                               "😀",
                                               "本番",
                                               "a",
                                               " ",
                                               "https://x.example",
                                               "@here",
                                               "\"",
                                               "\\",
                                               "{time}"};
  std::string text;
  const auto length = random() % 3 == 0 ? random() % 4000 : random() % 40;
  for (std::size_t i = 0; i < length; ++i) text += pieces[random() % pieces.size()];
  return text;
}

Message hostile_message(std::mt19937& random) {
  const auto text = [&] { return hostile(random); };
  Message message{plain(text(), 5000), {}, random() % 2 == 0 ? "#b00020" : ""};
  Button button{.action = text(), .value = text(), .label = text(), .url = "https://" + text()};
  button.confirm = Confirm{text(), plain(text()), text(), text()};
  const auto count = random() % 70;
  for (std::size_t i = 0; i < count; ++i) {
    switch (random() % 6) {
      case 0:
        message.blocks.emplace_back(Header{text()});
        break;
      case 1:
        message.blocks.emplace_back(
            Section{bold(plain(text(), 5000)) + link("https://" + text(), code(text()))});
        break;
      case 2:
        message.blocks.emplace_back(Context{std::vector<Text>(random() % 14, plain(text()))});
        break;
      case 3:
        message.blocks.emplace_back(Actions{text(), std::vector<Button>(random() % 30, button)});
        break;
      case 4:
        message.blocks.emplace_back(Preformatted{text()});
        break;
      default:
        message.blocks.emplace_back(Input{.block_id = text(), .label = text(), .hint = text()});
        break;
    }
  }
  return message;
}

TEST(Limits, hold_for_any_foreign_text_in_any_field) {
  std::mt19937 random{20261122};
  for (int i = 0; i < 150; ++i) check_message(json::parse(json_text(hostile_message(random))));
}

TEST(Limits, of_a_view_hold_for_any_foreign_text) {
  std::mt19937 random{7};
  for (int i = 0; i < 100; ++i) {
    const View form{hostile(random), hostile(random),
                    "Send",          "",
                    hostile(random), {Input{"reason", hostile(random)}}};
    const auto view = json::parse(json_text(form));
    check_plain(view.at("title"), 24);
    EXPECT_LE(utf16_length(view.at("private_metadata").get<std::string>()), 3000U);
    EXPECT_LE(utf16_length(view.at("callback_id").get<std::string>()), 255U);
  }
}

TEST(Limits, section_is_never_cut_inside_an_entity_or_a_token) {
  for (std::size_t pad = 2980; pad < 3002; ++pad) {
    const Message message{"x",
                          {Section{plain(std::string(pad, 'a'), 5000) +
                                   user(*SlackUser::parse("U0123")) + plain("&&&&")}}};
    check_message(json::parse(json_text(message)));
  }
}

TEST(Limits, action_ids_are_unique_in_their_block) {
  const Button one{.action = "start.choose", .value = "1", .label = "a"};
  const auto message = json::parse(json_text(Message{"x", {Actions{"", {one, one}}}}));
  EXPECT_EQ(message["blocks"][0]["elements"][1]["action_id"], "start.choose#2");
}

TEST(Colour, stands_beside_all_but_the_first_block) {
  const auto message =
      json::parse(json_text(Message{"x", {Section{"a"}, Section{"b"}}, "#b00020"}));
  EXPECT_EQ(message["blocks"].size(), 1U);
  EXPECT_EQ(message["attachments"][0]["blocks"].size(), 1U);
  EXPECT_EQ(message["attachments"][0]["color"], "#b00020");
}

TEST(Summary, of_any_reason_leaves_room_for_the_entry_number) {
  const auto text = english::summary(true, std::string(500, 'n'), *SlackUser::parse("U0123"),
                                     std::string(4000, 'r'));
  EXPECT_LE(utf16_length(text), 450U);
}

}  // namespace
}  // namespace ringi::message
