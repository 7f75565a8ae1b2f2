#include "server/app/sqs_chores.hpp"

#include "server/aws/sns_verifier.hpp"

#include <utility>

namespace ringi::app {

bool SqsChores::owns(const Request& request) {
  const auto* chore = std::get_if<Chore>(&request);
  return chore != nullptr && chore->kind == aws::poison_kind;
}

Task<Result<void>> SqsChores::run(Delivery delivery) {
  const auto message = aws::set_aside_in(std::get<Chore>(delivery.request));
  if (!message) co_return error(Errc::internal, "a message that was set aside, without its queue");
  const auto named = "message " + message->message + " of " + message->queue;
  const auto taken = co_await intake_.take(message->body);
  using enum aws::Taken::What;
  if (taken.what == waits) co_return error(Errc::unavailable, named + " could not be stored yet");
  if (taken.what != poison) co_return Result<void>{};
  const bool passes =
      taken.reason == aws::certificate_away || (taken.reason == aws::strange_topic && growing_());
  co_return error(passes ? Errc::unavailable : Errc::invalid,
                  named + ": " + std::string{aws::sentence_of(taken.reason)});
}

}  // namespace ringi::app
