#pragma once

#include "server/aws/sqs_poller.hpp"
#include "server/runtime/tasks.hpp"

#include <map>
#include <memory>
#include <vector>

namespace ringi::aws {

// A poller for each queue of the configuration. On the I/O thread; stop() before it is destroyed.
class SqsPollers {
 public:
  SqsPollers(boost::asio::any_io_executor executor, SqsParts parts);

  // Queues that are new are polled from now on; those that are gone have ended when this returns.
  // After stop() nothing begins any more.
  Task<> configure(std::vector<config::Queue> queues);
  Task<> stop();

 private:
  struct Polled {
    SqsPoller poller;
    runtime::TaskGroup tasks;
  };
  std::unique_ptr<Polled> begin(const config::Queue& queue);
  static Task<> end(std::unique_ptr<Polled> polled);

  boost::asio::any_io_executor executor_;
  SqsParts parts_;
  std::map<std::string, std::unique_ptr<Polled>> polled_;  // by ARN
  bool stopped_ = false;
};

}  // namespace ringi::aws
