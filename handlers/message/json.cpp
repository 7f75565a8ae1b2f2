#include "handlers/message/message.hpp"
#include "handlers/message/unicode.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ringi::message {
namespace {

using nlohmann::json;

constexpr std::size_t message_blocks = 50, view_blocks = 100, buttons_in_block = 25,
                      texts_in_context = 10;
constexpr std::size_t longest_text = 3000;

// Cuts mrkdwn without leaving half an entity or half of a "<…>" behind.
std::string cut_mrkdwn(const std::string& mrkdwn, std::size_t limit) {
  if (utf16_length(mrkdwn) <= limit) return mrkdwn;
  std::string kept;
  std::size_t units = 0;
  for (std::size_t at = 0; at < mrkdwn.size();) {
    const char open = mrkdwn[at];
    const char close = open == '<' ? '>' : ';';
    const auto end = open == '<' || open == '&' ? mrkdwn.find(close, at) : std::string::npos;
    const auto size = end != std::string::npos
                          ? end - at + 1
                          : read_character(std::string_view{mrkdwn}.substr(at)).bytes;
    const auto piece = std::string_view{mrkdwn}.substr(at, size);
    units += utf16_length(piece);
    if (units > limit - 1) break;
    kept += piece;
    at += size;
  }
  return kept + "…";
}

// Slack refuses an empty text object.
json plain_object(std::string_view text, std::size_t limit) {
  auto line = one_line(text, limit);
  if (line.empty()) line = "-";
  return {{"type", "plain_text"}, {"text", line}, {"emoji", true}};
}

json mrkdwn_object(const Text& text, std::size_t limit = longest_text) {
  const std::string line = text.empty() ? "-" : cut_mrkdwn(text.mrkdwn(), limit);
  return {{"type", "mrkdwn"}, {"text", line}, {"verbatim", true}};
}

json confirm_object(const Confirm& confirm) {
  json object = {{"title", plain_object(confirm.title, 100)},
                 {"text", mrkdwn_object(confirm.text, 300)},
                 {"confirm", plain_object(confirm.confirm, 30)},
                 {"deny", plain_object(confirm.deny, 30)}};
  if (confirm.danger) object["style"] = "danger";
  return object;
}

json button_object(const Button& button) {
  json object = {{"type", "button"},
                 {"action_id", cut(button.action, 255)},
                 {"text", plain_object(button.label, 75)}};
  if (!button.value.empty()) object["value"] = cut(button.value, 2000);
  if (button.style == Button::Style::primary) object["style"] = "primary";
  if (button.style == Button::Style::danger) object["style"] = "danger";
  if (button.confirm) object["confirm"] = confirm_object(*button.confirm);
  if (button.url.starts_with("https://") && button.url.size() <= 3000)
    object["url"] = one_line(button.url, 3000);
  return object;
}

json block_object(const Header& block) {
  return {{"type", "header"}, {"text", plain_object(block.text, 150)}};
}
json block_object(const Section& block) {
  return {{"type", "section"}, {"text", mrkdwn_object(block.text)}};
}
json block_object(const Divider&) {
  return {{"type", "divider"}};
}

json block_object(const Context& block) {
  auto elements = json::array();
  for (const auto& text : block.texts) {
    if (elements.size() < texts_in_context && !text.empty())
      elements.push_back(mrkdwn_object(text));
  }
  if (elements.empty()) elements.push_back(mrkdwn_object({}));
  return {{"type", "context"}, {"elements", elements}};
}

// action_id must be unique in its block: the second button of one kind gets "#2", which the way in
// drops.
json block_object(const Actions& block) {
  auto elements = json::array();
  std::vector<std::string> seen;
  for (const auto& button : block.buttons) {
    if (elements.size() == buttons_in_block) break;
    auto object = button_object(button);
    const auto before = std::count(seen.begin(), seen.end(), button.action);
    if (before > 0)
      object["action_id"] = cut(button.action, 240) + "#" + std::to_string(before + 1);
    seen.push_back(button.action);
    elements.push_back(std::move(object));
  }
  json object = {{"type", "actions"}, {"elements", elements}};
  if (!block.block_id.empty()) object["block_id"] = cut(block.block_id, 255);
  return object;
}

json block_object(const Preformatted& block) {
  auto text = several_lines(block.text, longest_text);
  if (text.empty()) text = "-";
  const json leaf = {{"type", "text"}, {"text", text}};
  const json element = {{"type", "rich_text_preformatted"}, {"elements", json::array({leaf})}};
  return {{"type", "rich_text"}, {"elements", json::array({element})}};
}

json block_object(const Input& block) {
  json element = {{"type", "plain_text_input"},
                  {"action_id", cut(block.block_id, 255)},
                  {"multiline", block.multiline},
                  {"max_length", std::clamp<std::size_t>(block.max_length, 1, longest_text)}};
  json object = {{"type", "input"},
                 {"block_id", cut(block.block_id, 255)},
                 {"label", plain_object(block.label, 2000)},
                 {"optional", block.optional},
                 {"element", element}};
  if (!block.hint.empty()) object["hint"] = plain_object(block.hint, 2000);
  return object;
}

// An actions block without buttons is refused by Slack: it is left out.
bool is_shown(const Block& block) {
  const auto* actions = std::get_if<Actions>(&block);
  return actions == nullptr || !actions->buttons.empty();
}

json block_list(const std::vector<Block>& blocks, std::size_t limit) {
  auto list = json::array();
  for (const auto& block : blocks) {
    if (!is_shown(block)) continue;
    if (list.size() == limit - 1 && &block != &blocks.back()) {
      list.push_back(block_object(Context{{Text{"…"}}}));
      break;
    }
    list.push_back(std::visit([](const auto& one) { return block_object(one); }, block));
  }
  return list;
}

// Slack reads mrkdwn in `text` too.
std::string notification(const Text& text) {
  return text.empty() ? "-" : cut_mrkdwn(text.mrkdwn(), longest_text);
}

}  // namespace

// With a colour the first block stands above the bar: Slack would show `text` there otherwise, and
// say everything twice.
json to_json(const Message& message) {
  auto blocks = block_list(message.blocks, message_blocks);
  json object = {{"text", notification(message.text)}};
  if (message.colour.empty() || blocks.size() < 2) {
    if (!blocks.empty()) object["blocks"] = std::move(blocks);
    return object;
  }
  object["blocks"] = json::array({blocks.front()});
  blocks.erase(0);
  const json attachment = {
      {"color", message.colour}, {"fallback", object["text"]}, {"blocks", std::move(blocks)}};
  object["attachments"] = json::array({attachment});
  return object;
}

json to_json(const View& view) {
  json object = {{"type", "modal"},
                 {"callback_id", cut(view.callback_id, 255)},
                 {"title", plain_object(view.title, 24)},
                 {"close", plain_object(view.close.empty() ? "Close" : view.close, 24)},
                 {"private_metadata", cut(view.private_metadata, longest_text)},
                 {"blocks", block_list(view.blocks, view_blocks)}};
  if (!view.submit.empty()) object["submit"] = plain_object(view.submit, 24);
  return object;
}

std::string json_text(const Message& message) {
  return to_json(message).dump();
}
std::string json_text(const View& view) {
  return to_json(view).dump();
}

}  // namespace ringi::message
