#include "server/aws/sqs_pollers.hpp"

#include "server/observe/logger.hpp"

#include <algorithm>
#include <utility>

namespace ringi::aws {

SqsPollers::SqsPollers(boost::asio::any_io_executor executor, SqsParts parts)
    : executor_(std::move(executor)), parts_(std::move(parts)) {}

Task<> SqsPollers::configure(std::vector<config::Queue> queues) {
  std::vector<std::string> gone;
  for (const auto& [arn, polled] : polled_)
    if (std::ranges::find(queues, arn, &config::Queue::arn) == queues.end()) gone.push_back(arn);
  for (const auto& arn : gone) {
    auto node = polled_.extract(arn);
    co_await end(std::move(node.mapped()));
  }
  for (const auto& queue : queues)
    if (!stopped_ && !polled_.contains(queue.arn)) polled_.emplace(queue.arn, begin(queue));
}

Task<> SqsPollers::stop() {
  stopped_ = true;
  for (auto& [arn, polled] : polled_) polled->tasks.cancel();
  while (!polled_.empty()) {
    auto node = polled_.extract(polled_.begin());
    co_await end(std::move(node.mapped()));
  }
}

std::unique_ptr<SqsPollers::Polled> SqsPollers::begin(const config::Queue& queue) {
  auto failed = [log = parts_.log, arn = queue.arn](const std::string&, std::exception_ptr) {
    log->critical("sqs: a queue is polled no more queue={}", arn);
  };
  auto polled = std::make_unique<Polled>(Polled{SqsPoller{parts_, queue}, {executor_, failed}});
  polled->tasks.spawn("poll " + queue.arn, polled->poller.run());
  return polled;
}

Task<> SqsPollers::end(std::unique_ptr<Polled> polled) {
  polled->tasks.cancel();
  co_await polled->tasks.wait();
}

}  // namespace ringi::aws
