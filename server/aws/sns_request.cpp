#include "server/aws/flat_json.hpp"
#include "server/aws/sns_endpoint.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ringi::aws {
namespace {

std::string text_of(const FlatJson& json, std::string_view key) {
  const auto found = json.strings.find(key);
  return found == json.strings.end() ? std::string{} : found->second;
}

// EventBridge's envelope, or the one of CodeStar notifications, which spells it in its own way.
bool is_event(const FlatJson& json) {
  const bool event_bridge = json.strings.contains("detail-type") && json.strings.contains("source");
  const bool code_star =
      json.strings.contains("detailType") && json.strings.contains("notificationRuleArn");
  return event_bridge || code_star;
}

Notification notification_of(const SnsEnvelope& envelope) {
  Notification notification{.source = Notification::Source::sns,
                            .topic = envelope.topic.text,
                            .account = envelope.topic.account,
                            .region = envelope.topic.region,
                            .message = envelope.message};
  const auto event = parse_flat_json(envelope.message);
  if (!event || !is_event(*event)) return notification;
  const auto account = AccountId::parse(text_of(*event, "account"));
  const auto region = Region::parse(text_of(*event, "region"));
  if (account) notification.account = *account;
  if (region) notification.region = *region;
  return notification;
}

}  // namespace

Request request_of(const SnsEnvelope& envelope) {
  const auto& topic = envelope.topic.text;
  nlohmann::json payload{{"topic", topic}};
  switch (envelope.type) {
    case SnsEnvelope::Type::notification:
      return notification_of(envelope);
    case SnsEnvelope::Type::subscription_confirmation:
      payload["token"] = envelope.token;
      // One job for each message: a later token is not the one that waits already.
      return Chore{"topic.confirm", topic + " " + envelope.message_id, payload.dump()};
    case SnsEnvelope::Type::unsubscribe_confirmation:
      break;
  }
  // Its token would subscribe anew: that is for people to decide, so it is not kept.
  return Chore{"topic.unsubscribed", topic, payload.dump()};
}

}  // namespace ringi::aws
