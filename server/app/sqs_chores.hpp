#pragma once

#include "server/aws/sqs_intake.hpp"

namespace ringi::app {

// Messages of queues that were set aside: each fails for good with its reason, unless that is
// mended by the time somebody tries it again.
class SqsChores {
 public:
  explicit SqsChores(aws::SqsIntake& intake) : intake_(intake) {}

  static bool owns(const Request& request);
  Task<Result<void>> run(Delivery delivery);

 private:
  aws::SqsIntake& intake_;
};

}  // namespace ringi::app
