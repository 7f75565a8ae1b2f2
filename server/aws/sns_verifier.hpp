#pragma once

#include "handlers/types/task.hpp"
#include "server/aws/sns_envelope.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ringi::ports {
class Clock;
}

namespace ringi::aws {

class SnsCertificates;
class SnsTopics;

// Reasons of a verdict that may pass by themselves.
inline constexpr std::string_view strange_topic = "topic";
inline constexpr std::string_view certificate_away = "certificate_unavailable";

struct SnsVerdict {
  enum class Outcome {
    genuine,
    refused,    // 403: SNS gives up
    try_again,  // 503: SNS repeats it
  };
  Outcome outcome = Outcome::genuine;
  std::string_view reason = {};  // one word, for log and metrics: "topic", "signature"
  std::string detail = {};       // for the log
};

// Whether SNS really sent this, for a topic of ours, lately. In this order: the topic is on the
// list (before anything is fetched), the certificate's address is SNS's, the certificate, the
// signature, the age.
class SnsVerifier {
 public:
  SnsVerifier(const SnsTopics& topics, SnsCertificates& certificates, const ports::Clock& clock,
              std::vector<std::string> certificate_urls);

  // `envelope` must live until the answer.
  Task<SnsVerdict> verify(const SnsEnvelope& envelope);
  // The same whatever its age: a queue keeps messages for days, and who may fill it its own policy
  // says.
  Task<SnsVerdict> authenticate(const SnsEnvelope& envelope);

  void configure(std::vector<std::string> certificate_urls);

 private:
  SnsVerdict age(const SnsEnvelope& envelope) const;

  const SnsTopics& topics_;
  SnsCertificates& certificates_;
  const ports::Clock& clock_;
  std::vector<std::string> certificate_urls_;
};

}  // namespace ringi::aws
