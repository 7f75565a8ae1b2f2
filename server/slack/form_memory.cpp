#include "server/slack/form_memory.hpp"

#include "server/slack/payload_json.hpp"

namespace ringi::slack {

std::string to_metadata(const FormMemory& memory) {
  nlohmann::json json{{"value", memory.value}};
  if (!memory.channel.empty()) json["channel"] = memory.channel.str();
  if (memory.message) json["message"] = memory.message->str();
  if (memory.thread) json["thread"] = memory.thread->str();
  if (!memory.answer.empty()) json["answer"] = memory.answer.str();
  return json.dump();
}

std::optional<FormMemory> parse_metadata(std::string_view text) {
  const auto json = parse_object(text);
  if (!json) return std::nullopt;
  const auto channel = id_or_none<SlackChannel>(*json, "channel");
  const auto message = id_or_none<MessageTs>(*json, "message");
  const auto thread = id_or_none<MessageTs>(*json, "thread");
  const auto answer = id_or_none<OpaqueId>(*json, "answer");
  if (!channel || !message || !thread || !answer) return std::nullopt;
  FormMemory memory{.value = text_of(*json, "value"), .channel = *channel, .answer = *answer};
  if (!message->empty()) memory.message = *message;
  if (!thread->empty()) memory.thread = *thread;
  return memory;
}

}  // namespace ringi::slack
