#include "server/slack/card_note.hpp"

#include <nlohmann/json.hpp>

namespace ringi::slack {

using nlohmann::json;

std::string with_note(const std::string& body, const SlackChannel& home, const std::string& why) {
  constexpr std::size_t most_blocks = 50;
  auto message = json::parse(body);
  const auto note = "This belongs in <#" + home.str() + ">, where ringi cannot post: " + why;
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
  const json left{{"text", message.value("text", "") +
                               " Slack refused the rest of this message: " + service_code + "."}};
  return left.dump();
}

}  // namespace ringi::slack
