#include "server/aws/sqs_poller.hpp"

#include "handlers/ports/clock.hpp"
#include "server/aws/client/client.hpp"
#include "server/aws/client/members.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"
#include "server/runtime/tasks.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr Duration long_poll = 20s;  // docs: the longest WaitTimeSeconds
constexpr Duration one_call = 30s;   // above it
constexpr Duration invisible_for = 60s;
constexpr Duration renew_below = 30s;   // of what is left of that
constexpr Duration between_tries = 5s;  // of what the store did not take
constexpr Duration longest_hold = 10min;
constexpr Duration few_for = 10min;
constexpr Duration shortest_pause = 1s;
constexpr Duration longest_pause = 60s;
constexpr Duration worth_telling = 5min;

std::int64_t seconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

}  // namespace

SqsPoller::SqsPoller(SqsParts parts, config::Queue queue)
    : parts_(std::move(parts)), queue_(std::move(queue)) {}

Task<> SqsPoller::run() {
  for (;;) {
    const auto received = co_await guarded();
    co_await note(received);
    if (received.has_error()) co_await parts_.sleep(pause());
  }
}

// A queue that is polled no more would only look empty.
Task<Result<void>> SqsPoller::guarded() {
  try {
    auto received = co_await receive();
    co_return received;
  } catch (const std::exception& failure) {
    if (runtime::is_cancellation(std::current_exception())) throw;
    co_return error(Errc::internal, failure.what());
  }
}

// Doubled with each failure, and up to a half of it taken away by chance.
Duration SqsPoller::pause() const {
  const auto doubled = shortest_pause * std::exp2(std::min(failures_ - 1, 6));
  const auto longest = std::min<std::chrono::duration<double, std::micro>>(doubled, longest_pause);
  return std::chrono::duration_cast<Duration>(longest * (1.0 - parts_.random() / 2));
}

Task<Result<json>> SqsPoller::call(std::string operation, json input) {
  Invocation what{.service = "sqs",
                  .operation = std::move(operation),
                  .region = queue_.region,
                  .deadline = one_call};
  if (!url_.empty()) input["QueueUrl"] = url_;
  auto output = co_await parts_.client.call(parts_.session, std::move(what), std::move(input));
  co_return output;
}

Task<Result<void>> SqsPoller::find_url() {
  json input{{"QueueName", queue_.name}, {"QueueOwnerAWSAccountId", queue_.account.str()}};
  const auto output = co_await call("GetQueueUrl", std::move(input));
  if (output.has_error()) co_return output.error();
  url_ = text_at(*output, "QueueUrl");
  if (url_.empty()) co_return error(Errc::unavailable, "AWS answered sqs GetQueueUrl without it.");
  co_return Result<void>{};
}

Task<Result<void>> SqsPoller::receive() {
  if (url_.empty()) {
    auto found = co_await find_url();
    if (found.has_error()) co_return found.error();
  }
  json input{{"MaxNumberOfMessages", at_once_},
             {"WaitTimeSeconds", seconds(long_poll)},
             {"VisibilityTimeout", seconds(invisible_for)}};
  const auto output = co_await call("ReceiveMessage", std::move(input));
  // Ten messages may be larger than any answer that is taken; one is not. They are invisible for a
  // while, so that the next answer says nothing of them.
  if (output.has_error() && output.error().code == Errc::internal) {
    at_once_ = 1;
    few_until_ = parts_.clock.now() + few_for;
  } else if (parts_.clock.now() >= few_until_) {
    at_once_ = 10;
  }
  if (output.has_error()) {
    if (!is_transient(output.error().code)) url_.clear();  // made anew, it may have another one
    co_return output.error();
  }
  visible_at_ = parts_.clock.now() + invisible_for;
  co_await settle(messages_of(*output));
  co_return Result<void>{};
}

// What the store does not take is kept from other pollers meanwhile; after ten minutes it comes
// again by itself.
Task<> SqsPoller::settle(Messages waiting) {
  const auto until = parts_.clock.now() + longest_hold;
  while (!waiting.empty()) {
    auto left = co_await take(std::move(waiting));
    waiting = std::move(left);
    if (waiting.empty() || parts_.clock.now() >= until) co_return;
    warn("messages wait to be stored", std::to_string(waiting.size()));
    co_await parts_.sleep(between_tries);
  }
}

// Returns those that wait. What is settled is deleted, whatever became of the others.
Task<SqsPoller::Messages> SqsPoller::take(Messages messages) {
  Messages settled, waiting;
  for (auto message = messages.begin(); message != messages.end(); ++message) {
    if (visible_at_ - parts_.clock.now() < renew_below) {
      Messages in_hand{message, messages.end()};
      in_hand.insert(in_hand.end(), waiting.begin(), waiting.end());
      co_await keep_invisible(in_hand);
    }
    const auto outcome = co_await take_one(*message);
    if (outcome == Outcome::settled) settled.push_back(std::move(*message));
    if (outcome == Outcome::waits) waiting.push_back(std::move(*message));
  }
  if (!settled.empty()) co_await remove(std::move(settled));
  co_return waiting;
}

Task<SqsPoller::Outcome> SqsPoller::take_one(const SqsMessage& message) {
  if (!message.whole) {
    count("left");
    warn("a message was damaged on its way", message.id);
    co_return Outcome::left;
  }
  auto taken = co_await parts_.intake.take(message.body);
  if (taken.what == Taken::What::poison) {
    auto aside = co_await parts_.intake.set_aside(queue_, message, taken.reason);
    taken = aside;
  }
  if (taken.what == Taken::What::waits) co_return Outcome::waits;
  using enum Taken::What;
  count(taken.what == poison ? "poison" : taken.what == repeat ? "repeat" : "stored");
  co_return Outcome::settled;
}

// One that cannot be kept comes again sooner, and is known then.
Task<> SqsPoller::keep_invisible(const Messages& messages) {
  for (const auto& message : messages) {
    json input{{"ReceiptHandle", message.receipt}, {"VisibilityTimeout", seconds(invisible_for)}};
    const auto kept = co_await call("ChangeMessageVisibility", std::move(input));
    if (kept.has_error()) warn("a message was not kept from others", kept.error().log.text);
  }
  visible_at_ = parts_.clock.now() + invisible_for;
}

// What is not deleted comes again, is known by its keys, and is deleted then.
Task<> SqsPoller::remove(Messages messages) {
  auto left = co_await not_deleted(std::move(messages));
  if (!left.empty()) co_await not_deleted(std::move(left));
}

Task<SqsPoller::Messages> SqsPoller::not_deleted(Messages messages) {
  auto entries = json::array();
  for (std::size_t i = 0; i < messages.size(); ++i)
    entries.push_back({{"Id", std::to_string(i)}, {"ReceiptHandle", messages[i].receipt}});
  json input{{"Entries", std::move(entries)}};
  const auto output = co_await call("DeleteMessageBatch", std::move(input));
  if (output.has_error()) {
    warn("messages were not deleted", output.error().log.text);
    co_return messages;
  }
  Messages left;
  for (const auto& one : list_at(*output, "Failed")) {
    warn("a message was not deleted", text_at(one, "Code"));
    const auto id = text_at(one, "Id");
    for (std::size_t i = 0; i < messages.size(); ++i)
      if (std::to_string(i) == id) left.push_back(messages[i]);
  }
  co_return left;
}

Task<> SqsPoller::note(const Result<void>& received) {
  const auto now = parts_.clock.now();
  if (received.has_value()) {
    failures_ = 0;
    if (std::exchange(told_, false)) co_await parts_.tell(queue_, std::nullopt);
    co_return;
  }
  if (failures_++ == 0) failing_since_ = now;
  parts_.metrics.count("ringi_sqs_failures_total", {{"queue", queue_.name}});
  warn("the queue was not read", received.error().log.text);
  if (now - failing_since_ < worth_telling || std::exchange(told_, true)) co_return;
  co_await parts_.tell(queue_, received.error());
}

void SqsPoller::count(std::string_view outcome) {
  parts_.metrics.count("ringi_sqs_messages_total",
                       {{"queue", queue_.name}, {"outcome", std::string{outcome}}});
}

void SqsPoller::warn(std::string_view what, std::string_view cause) {
  if (const auto more = lines_.pass(what, parts_.clock.now()))
    parts_.log->warn("sqs: {} queue={} cause=\"{}\" kept_back={}", what, queue_.arn, cause, *more);
}

}  // namespace ringi::aws
