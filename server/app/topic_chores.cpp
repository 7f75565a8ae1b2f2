#include "server/app/topic_chores.hpp"

#include <nlohmann/json.hpp>

namespace ringi::app {

bool TopicChores::owns(const Request& request) {
  const auto* chore = std::get_if<Chore>(&request);
  return chore != nullptr && chore->kind.starts_with("topic.");
}

Task<Result<void>> TopicChores::run(Delivery delivery) {
  const auto& chore = std::get<Chore>(delivery.request);
  const auto payload = nlohmann::json::parse(chore.payload, nullptr, false);
  if (!payload.is_object() || !payload.contains("topic")) {
    co_return error(Errc::internal, "a topic's chore without its topic");
  }
  const auto topic = payload.at("topic").get<std::string>();
  if (chore.kind == "topic.confirm") {
    aws::Confirmation what{topic, payload.value("token", ""), delivery.id.str(),
                           delivery.last_attempt};
    auto confirmed = co_await aws_.confirmer.confirm(std::move(what));
    co_return confirmed;
  }
  message::Text sentence =
      "SNS ended our subscription to " + message::code(topic) +
      ". Events of it reach ringi no more; subscribe again if that was not meant.";
  co_await tell_operators(world_, slack_.voice, std::move(sentence));
  co_return Result<void>{};
}

}  // namespace ringi::app
