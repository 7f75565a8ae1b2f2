#include "server/aws/sqs_message.hpp"

#include "server/aws/client/members.hpp"
#include "server/aws/flat_json.hpp"
#include "server/crypto/old_digests.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace ringi::aws {
namespace {

using nlohmann::json;

std::string text_at(const FlatJson& object, std::string_view key) {
  const auto found = object.strings.find(key);
  return found == object.strings.end() ? std::string{} : found->second;
}

// EventBridge's ids are UUIDs; what is longer, or holds what no id has, is somebody's own.
bool is_event_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

Meaning envelope_of(std::string_view body) {
  auto envelope = parse_sns_envelope(body);
  if (!envelope) return Poison{"envelope"};
  if (envelope->type != SnsEnvelope::Type::notification) return Poison{"no_notification"};
  return *std::move(envelope);
}

Meaning event_of(const FlatJson& event, std::string_view body) {
  const auto account = AccountId::parse(text_at(event, "account"));
  const auto region = Region::parse(text_at(event, "region"));
  auto id = text_at(event, "id");
  if (!account || !region || !is_event_id(id)) return Poison{"event"};
  return QueuedEvent{std::move(id), Notification{.source = Notification::Source::events,
                                                 .account = *account,
                                                 .region = *region,
                                                 .message = std::string{body}}};
}

}  // namespace

std::vector<SqsMessage> messages_of(const json& output) {
  std::vector<SqsMessage> messages;
  for (const auto& one : list_at(output, "Messages")) {
    SqsMessage message{text_at(one, "MessageId"), text_at(one, "ReceiptHandle"),
                       text_at(one, "Body")};
    if (message.id.empty() || message.receipt.empty() || message.body.empty()) continue;
    const auto sum = crypto::md5_hex(message.body);
    message.whole = !sum || *sum == text_at(one, "MD5OfBody");
    messages.push_back(std::move(message));
  }
  return messages;
}

Meaning meaning_of(std::string_view body) {
  const auto json = parse_flat_json(body);
  if (!json) return Poison{"no_json"};
  if (json->strings.contains("Type") && json->strings.contains("TopicArn"))
    return envelope_of(body);
  if (json->strings.contains("detail-type") && json->strings.contains("source"))
    return event_of(*json, body);
  return Poison{"neither_envelope_nor_event"};
}

}  // namespace ringi::aws
