// What the server hands to those of its parts that call back.
#include "handlers/message/english_operators.hpp"
#include "server/app/server.hpp"
#include "server/aws/organization/list_accounts.hpp"
#include "server/runtime/timers.hpp"

#include <utility>

namespace ringi::app {

store::WorkerNeeds Server::worker_needs() {
  return {.store = *world_.store,
          .jobs = rows_.jobs,
          .ledger = rows_.ledger,
          .clock = world_.clock,
          .metrics = world_.metrics,
          .log = world_.log,
          .handle = [this](Delivery delivery) { return carry_out(std::move(delivery)); },
          .expired =
              [this](Delivery delivery) { return handlers_.catalog.expired(std::move(delivery)); },
          .cut_off =
              [this](Delivery delivery) { return handlers_.catalog.cut_off(std::move(delivery)); },
          .buried = [this](const Delivery& delivery,
                           const Error& why) { dead_letters_.add(delivery, why); },
          .doubted = [this](const OpaqueId& job) { return rows_.intake.doubted(job); },
          .random = runtime::chance};
}

slack::EndpointParts Server::endpoint_parts() {
  return {.clock = world_.clock,
          .ids = world_.ids,
          .intake = rows_.intake,
          .copies = rows_.copies,
          .replies = replies_,
          .forms = slack_.forms,
          .group_changed =
              [this](SlackGroup group, std::string event) {
                return group_changed(std::move(group), std::move(event));
              },
          .beside = world_.tasks,
          .log = world_.log,
          .metrics = world_.metrics};
}

aws::SqsParts Server::queue_parts() {
  return {.client = aws_.client,
          .session = aws_.base,
          .intake = aws_.sqs,
          .clock = world_.clock,
          .metrics = world_.metrics,
          .log = world_.log,
          .sleep = runtime::sleep_for,
          .random = runtime::chance,
          .tell = [this](const config::Queue& queue, std::optional<Error> why) {
            return tell_operators(world_, slack_.voice,
                                  why ? message::english::queue_away(queue.arn, *why)
                                      : message::english::queue_back(queue.arn));
          }};
}

aws::OrganizationWatch::Parts Server::organization_parts() {
  auto list = [this](aws::OrganizationPlan plan) {
    aws::OrganizationReader reader{.client = aws_.client,
                                   .clock = world_.clock,
                                   .session = aws_.base,
                                   .region = settings_.config.aws.region,
                                   .log = world_.log,
                                   .sleep = runtime::sleep_for};
    return aws::list_accounts(std::move(reader), std::move(plan));
  };
  return {.list = std::move(list),
          .copies = rows_.copies,
          .clock = world_.clock,
          .metrics = world_.metrics,
          .log = world_.log,
          .away =
              [this](const Error& why, std::optional<Time> as_of) {
                return tell_operators(world_, slack_.voice,
                                      message::english::organization_away(why, as_of));
              },
          .back =
              [this] {
                return tell_operators(world_, slack_.voice, message::english::organization_back());
              },
          .news = [this] { look_at_accounts(); }};
}

}  // namespace ringi::app
