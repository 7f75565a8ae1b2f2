#include "server/aws/sqs_intake.hpp"

#include "server/aws/client/members.hpp"
#include "server/aws/sns_endpoint.hpp"
#include "server/aws/sns_verifier.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace ringi::aws {
namespace {

using nlohmann::json;
using enum Taken::What;

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> sentences{{
    {"no_json", "its body is no JSON object"},
    {"neither_envelope_nor_event",
     "it is neither an event of EventBridge nor an envelope of SNS; subscribe the queue without "
     "raw "
     "delivery"},
    {"event", "it looks like an event of EventBridge, but has no id, account and region"},
    {"envelope", "its envelope of SNS is not whole"},
    {"no_notification", "it is no notification; a queue needs no confirmation by ringi"},
    {strange_topic, "its topic is none of [aws.sns] topics"},
    {certificate_away, "its signing certificate cannot be fetched"},
    {"signature_version", "its signature is of a version that is not known"},
    {"certificate_url", "its signing certificate is not SNS's"},
    {"certificate", "its signing certificate is not SNS's"},
}};

}  // namespace

Task<Taken> SqsIntake::take(std::string body) {
  auto meaning = meaning_of(body);
  if (const auto* poison = std::get_if<Poison>(&meaning))
    co_return Taken{Taken::What::poison, poison->reason};
  if (auto* envelope = std::get_if<SnsEnvelope>(&meaning)) {
    auto taken = co_await take_envelope(std::move(*envelope));
    co_return taken;
  }
  auto& event = std::get<QueuedEvent>(meaning);
  store::Incoming incoming{.keys = {"event:" + event.id}, .job = std::move(event.notification)};
  auto taken = co_await store(std::move(incoming));
  co_return taken;
}

Task<Taken> SqsIntake::take_envelope(SnsEnvelope envelope) {
  const auto verdict = co_await verifier_.authenticate(envelope);
  if (verdict.outcome != SnsVerdict::Outcome::genuine) co_return Taken{poison, verdict.reason};
  store::Incoming incoming{.keys = {"sns:" + envelope.message_id}, .job = request_of(envelope)};
  auto taken = co_await store(std::move(incoming));
  co_return taken;
}

Task<Taken> SqsIntake::set_aside(const config::Queue& queue, SqsMessage message,
                                 std::string_view reason) {
  store::Incoming incoming{.keys = {"sqs:" + queue.arn + ":" + message.id},
                           .job = chore_of({queue.arn, message.id, std::move(message.body)})};
  auto taken = co_await store(std::move(incoming));
  if (taken.what == stored) co_return Taken{poison, reason};
  co_return taken;
}

Task<Taken> SqsIntake::store(store::Incoming incoming) {
  const auto accepted = co_await intake_.accept(std::move(incoming));
  if (accepted.has_error()) co_return Taken{waits};
  co_return Taken{accepted->repeat ? repeat : stored};
}

Chore chore_of(const SetAside& poison) {
  const json payload{
      {"v", 1}, {"queue", poison.queue}, {"message", poison.message}, {"body", poison.body}};
  return {poison_kind, poison.queue + " " + poison.message,
          payload.dump(-1, ' ', false, json::error_handler_t::replace)};
}

std::optional<SetAside> set_aside_in(const Chore& chore) {
  const auto payload = json::parse(chore.payload, nullptr, false);
  if (!payload.is_object()) return std::nullopt;
  return SetAside{text_at(payload, "queue"), text_at(payload, "message"), text_at(payload, "body")};
}

std::string_view sentence_of(std::string_view reason) {
  const auto found = std::ranges::find(sentences, reason, &decltype(sentences)::value_type::first);
  return found == sentences.end() ? "its signature does not hold" : found->second;
}

}  // namespace ringi::aws
