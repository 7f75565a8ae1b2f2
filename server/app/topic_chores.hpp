#pragma once

#include "server/app/aws_side.hpp"
#include "server/app/slack_side.hpp"

namespace ringi::app {

// Subscriptions of SNS: a confirmation of a topic on the list is answered by our own call and
// written down; the end of one is told to operators, who alone decide what to do.
class TopicChores {
 public:
  TopicChores(World& world, SlackSide& slack, AwsSide& aws)
      : world_(world), slack_(slack), aws_(aws) {}

  static bool owns(const Request& request);
  Task<Result<void>> run(Delivery delivery);

 private:
  World& world_;
  SlackSide& slack_;
  AwsSide& aws_;
};

}  // namespace ringi::app
