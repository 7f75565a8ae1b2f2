#include "server/aws/sns_envelope.hpp"

#include "handlers/types/partition.hpp"
#include "server/aws/flat_json.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ringi::aws {
namespace {

using Type = SnsEnvelope::Type;

constexpr std::array<std::pair<std::string_view, Type>, 3> types{{
    {"Notification", Type::notification},
    {"SubscriptionConfirmation", Type::subscription_confirmation},
    {"UnsubscribeConfirmation", Type::unsubscribe_confirmation},
}};

bool control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

bool topic_name_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// A string member of one line within its bound.
std::optional<std::string> line(const FlatJson& json, std::string_view key, std::size_t longest) {
  const auto found = json.strings.find(key);
  if (found == json.strings.end() || found->second.empty() || found->second.size() > longest ||
      std::ranges::any_of(found->second, control))
    return std::nullopt;
  return found->second;
}

std::optional<Type> type_of(const FlatJson& json) {
  const auto text = line(json, "Type", 32);
  const auto found =
      std::ranges::find(types, text.value_or(""), &decltype(types)::value_type::first);
  if (found == types.end()) return std::nullopt;
  return found->second;
}

// HTTP and SQS spell "SigningCertURL", Lambda "SigningCertUrl".
std::optional<std::string> cert_url(const FlatJson& json) {
  const auto url = line(json, "SigningCertURL", 1024);
  return url ? url : line(json, "SigningCertUrl", 1024);
}

// Some relays write null for a subject that is not there.
bool read_subject(const FlatJson& json, SnsEnvelope& envelope) {
  if (!json.strings.contains("Subject")) return !json.others.contains("Subject");
  constexpr std::size_t longest = 400;  // 100 characters of UTF-8
  envelope.subject = line(json, "Subject", longest);
  return envelope.subject.has_value();
}

bool read_confirmation(const FlatJson& json, SnsEnvelope& envelope) {
  const auto token = line(json, "Token", 1024);
  const auto url = line(json, "SubscribeURL", 4096);
  if (!token || !url) return false;
  envelope.token = *token;
  envelope.subscribe_url = *url;
  return true;
}

bool read_signature(const FlatJson& json, SnsEnvelope& envelope) {
  const auto version = line(json, "SignatureVersion", 8);
  const auto signature = line(json, "Signature", 2048);
  const auto url = cert_url(json);
  if (!version || !signature || !url) return false;
  envelope.signature_version = *version;
  envelope.signature = *signature;
  envelope.signing_cert_url = *url;
  return true;
}

bool read_common(const FlatJson& json, SnsEnvelope& envelope) {
  const auto id = line(json, "MessageId", 100);
  const auto topic = parse_topic_arn(line(json, "TopicArn", 512).value_or(""));
  const auto timestamp = line(json, "Timestamp", 40);
  const auto sent = parse_rfc3339(timestamp.value_or(""));
  const auto message = json.strings.find("Message");
  if (!id || !topic || !sent || message == json.strings.end()) return false;
  envelope.message_id = *id;
  envelope.topic = *topic;
  envelope.timestamp = *timestamp;
  envelope.sent = *sent;
  envelope.message = message->second;
  return true;
}

}  // namespace

std::string_view name_of(Type type) {
  return std::ranges::find(types, type, &decltype(types)::value_type::second)->first;
}

std::optional<TopicArn> parse_topic_arn(std::string_view text) {
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto colon = i + 1 < parts.size() ? text.find(':') : text.size();
    if (colon == text.npos) return std::nullopt;
    parts[i] = text.substr(0, colon);
    text.remove_prefix(std::min(colon + 1, text.size()));
  }
  const auto region = Region::parse(parts[3]);
  const auto account = AccountId::parse(parts[4]);
  if (parts[0] != "arn" || parts[2] != "sns" || !region || !account) return std::nullopt;
  if (parts[1] != partition_of(*region).name) return std::nullopt;
  const auto name = parts[5];
  if (name.empty() || name.size() > 256 || !std::ranges::all_of(name, topic_name_char))
    return std::nullopt;
  const auto whole = "arn:" + std::string{parts[1]} + ":sns:" + region->str() + ":" +
                     account->str() + ":" + std::string{name};
  return TopicArn{whole, std::string{parts[1]}, *region, *account, std::string{name}};
}

std::optional<SnsEnvelope> parse_sns_envelope(std::string_view body) {
  const auto json = parse_flat_json(body);
  if (!json) return std::nullopt;
  const auto type = type_of(*json);
  if (!type) return std::nullopt;
  SnsEnvelope envelope{.type = *type};
  if (!read_common(*json, envelope) || !read_signature(*json, envelope)) return std::nullopt;
  const bool whole = *type == Type::notification ? read_subject(*json, envelope)
                                                 : read_confirmation(*json, envelope);
  if (!whole) return std::nullopt;
  return envelope;
}

}  // namespace ringi::aws
