#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

#include <string>

namespace ringi::ports {
class Ledger;
}

namespace ringi::aws {

class Client;
class SnsTopics;

struct Confirmation {
  std::string topic;
  std::string token;
  std::string request;        // Delivery::id
  bool last_attempt = false;  // a transient failure is final now
};

// Confirms a subscription by our own ConfirmSubscription call, written down before and after;
// SNS's SubscribeURL is never followed.
class TopicConfirmer {
 public:
  TopicConfirmer(Client& client, const SnsTopics& topics, ports::Ledger& ledger);

  // Unsigned: the token is the proof. Errc::denied when the topic has left the list since the
  // request was stored. May be run again: with the same token SNS confirms the same subscription.
  Task<Result<void>> confirm(Confirmation what);

 private:
  Task<Result<std::string>> ask(std::string topic, std::string token);  // the subscription's ARN

  Client& client_;
  const SnsTopics& topics_;
  ports::Ledger& ledger_;
};

}  // namespace ringi::aws
