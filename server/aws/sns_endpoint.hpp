#pragma once

#include "handlers/types/requests.hpp"
#include "handlers/types/task.hpp"
#include "server/aws/sns_verifier.hpp"
#include "server/http/types.hpp"
#include "server/observe/log.hpp"
#include "server/observe/log_limit.hpp"

#include <string_view>

namespace ringi::observe {
class Metrics;
}
namespace ringi::store {
class Intake;
}

namespace ringi::aws {

// POST /aws/sns: verified, stored, answered; what it means is found out later, in a job.
class SnsEndpoint {
 public:
  SnsEndpoint(SnsVerifier& verifier, store::Intake& intake, observe::Metrics& metrics,
              observe::Log log);

  Task<http::Response> handle(http::Request request);

 private:
  http::Response reject(int status, std::string_view reason, Time now, std::string_view topic,
                        std::string_view detail = {});
  Task<http::Response> store(const SnsEnvelope& envelope, Time received);

  SnsVerifier& verifier_;
  store::Intake& intake_;
  observe::Metrics& metrics_;
  observe::Log log_;
  observe::LogLimit refusals_;
};

// What is to be done about a genuine message: the notification, or the chore of confirming or
// telling. Account and region are the topic's, or those of the event that the message bears.
Request request_of(const SnsEnvelope& envelope);

}  // namespace ringi::aws
