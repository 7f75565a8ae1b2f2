#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ringi::aws {

struct TopicArn {
  std::string text;
  std::string partition;
  Region region;
  AccountId account;
  std::string name;
};

std::optional<TopicArn> parse_topic_arn(std::string_view text);

// What SNS sends over HTTPS, every value decoded once and otherwise as received: the signature is
// over exactly these characters.
struct SnsEnvelope {
  enum class Type { notification, subscription_confirmation, unsubscribe_confirmation };
  Type type = Type::notification;
  std::string message_id;
  TopicArn topic;
  std::optional<std::string> subject;
  std::string message;  // hostile, and not looked at before the signature holds
  std::string timestamp;
  Time sent;                  // `timestamp`, parsed
  std::string token;          // of the two confirmations
  std::string subscribe_url;  // signed, never followed
  std::string signature_version;
  std::string signature;
  std::string signing_cert_url;
};

std::string_view name_of(SnsEnvelope::Type type);  // "Notification"

// nullopt: not such an envelope. Control characters are allowed in Message alone: a line break in
// any other value could make two different envelopes share one signed text.
std::optional<SnsEnvelope> parse_sns_envelope(std::string_view body);

}  // namespace ringi::aws
