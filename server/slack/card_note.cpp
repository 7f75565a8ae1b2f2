#include "server/slack/card_note.hpp"

#include "handlers/message/english_card.hpp"

#include <nlohmann/json.hpp>

namespace ringi::slack {

namespace english = message::english;

using nlohmann::json;

std::string with_note(const std::string& body, const SlackChannel& home, const std::string& why) {
  constexpr std::size_t most_blocks = 50;
  auto message = json::parse(body);
  const auto note = english::belongs_elsewhere(home, why).mrkdwn();
  message["text"] = note + ". " + message.value("text", "");
  const json line{
      {"type", "context"},
      {"elements", json::array({{{"type", "mrkdwn"}, {"text", note}, {"verbatim", true}}})}};
  auto& blocks = message["blocks"];
  if (!blocks.is_array()) blocks = json::array();
  // A message that is full keeps all of its own.
  if (blocks.size() < most_blocks) blocks.insert(blocks.begin(), line);
  return message.dump();
}

std::string without_layout(const std::string& body, const std::string& service_code) {
  const auto message = json::parse(body);
  const json left{
      {"text", message.value("text", "") + " " + english::layout_refused(service_code).mrkdwn()}};
  return left.dump();
}

}  // namespace ringi::slack
