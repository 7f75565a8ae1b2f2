#include "server/aws/topic_confirmer.hpp"

#include "handlers/ports/ledger.hpp"
#include "server/aws/client/client.hpp"
#include "server/aws/sns_envelope.hpp"
#include "server/aws/sns_topics.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ringi::aws {

namespace {

ports::Entry entry_of(const Confirmation& what, std::string phase) {
  ports::Entry entry{.kind = "topic.confirmed", .phase = std::move(phase)};
  entry.request = what.request;
  entry.details = {{"topic", what.topic}};
  entry.once = "topic.confirmed." + entry.phase + ":" + what.request;
  return entry;
}

}  // namespace

TopicConfirmer::TopicConfirmer(Client& client, const SnsTopics& topics, ports::Ledger& ledger)
    : client_(client), topics_(topics), ledger_(ledger) {}

Task<Result<void>> TopicConfirmer::confirm(Confirmation what) {
  const auto intended = co_await ledger_.append(entry_of(what, "intended"));
  if (!intended) co_return intended.error();
  const auto subscription = co_await ask(what.topic, what.token);
  // While it will be repeated with the same token, nothing has failed yet.
  const bool again = !subscription && is_transient(subscription.error().code);
  if (again && !what.last_attempt) co_return subscription.error();
  auto entry = entry_of(what, subscription ? "done" : "failed");
  entry.of = *intended;
  if (subscription) entry.details["subscription"] = *subscription;
  if (!subscription) entry.error = code_of(subscription.error());
  const auto closed = co_await ledger_.append(std::move(entry));
  if (!closed) co_return closed.error();
  if (!subscription) co_return subscription.error();
  co_return Result<void>{};
}

Task<Result<std::string>> TopicConfirmer::ask(std::string topic, std::string token) {
  const auto arn = parse_topic_arn(topic);
  if (!arn || !topics_.allow(*arn))
    co_return error(Errc::denied, "The topic is not one of [aws.sns] topics.");
  Invocation what{.service = "sns", .operation = "ConfirmSubscription", .region = arn->region};
  // AuthenticateOnUnsubscribe stays away: with it the call would need a signature, and so
  // credentials.
  nlohmann::json input{{"TopicArn", arn->text}, {"Token", std::move(token)}};
  const auto output = co_await client_.call(nullptr, std::move(what), std::move(input));
  if (!output) co_return output.error();
  const auto found = output->find("SubscriptionArn");
  if (found == output->end() || !found->is_string())
    co_return error(Errc::unavailable, "AWS answered sns ConfirmSubscription without an ARN.");
  co_return found->get<std::string>();
}

}  // namespace ringi::aws
