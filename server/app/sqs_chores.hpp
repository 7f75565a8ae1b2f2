#pragma once

#include "server/aws/sqs_intake.hpp"

#include <functional>
#include <utility>

namespace ringi::app {

// Messages of queues that were set aside: each fails with its reason, for good where that does not
// pass by itself, unless it is mended by the time somebody tries it again.
class SqsChores {
 public:
  // `growing`: more accounts, and so more topics, may come by themselves.
  SqsChores(aws::SqsIntake& intake, std::function<bool()> growing)
      : intake_(intake), growing_(std::move(growing)) {}

  static bool owns(const Request& request);
  Task<Result<void>> run(Delivery delivery);

 private:
  aws::SqsIntake& intake_;
  std::function<bool()> growing_;
};

}  // namespace ringi::app
