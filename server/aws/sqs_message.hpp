#pragma once

#include "handlers/types/requests.hpp"
#include "server/aws/sns_envelope.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ringi::aws {

// One message as ReceiveMessage gave it. The receipt is this receiving's own.
struct SqsMessage {
  std::string id, receipt, body;
  bool whole = false;  // its MD5 is that of the body, as far as that can be told
};
// Those without id, receipt or body are left out: nothing could be done with them.
std::vector<SqsMessage> messages_of(const nlohmann::json& output);

// What a body is: an SNS envelope whose signature is still to be verified, an event of EventBridge
// that came as it is, or nothing that ringi could carry out, with the reason in one word.
struct QueuedEvent {
  std::string id;
  Notification notification;
};
struct Poison {
  std::string_view reason;
};
using Meaning = std::variant<SnsEnvelope, QueuedEvent, Poison>;
Meaning meaning_of(std::string_view body);

}  // namespace ringi::aws
