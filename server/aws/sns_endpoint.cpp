#include "server/aws/sns_endpoint.hpp"

#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"
#include "server/store/intake.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace ringi::aws {
namespace {

// Headers are not signed: they may only repeat what the body says. Absent ones say nothing.
bool headers_agree(const http::Request& request, const SnsEnvelope& envelope) {
  const std::array<std::pair<std::string_view, std::string_view>, 3> repeated{{
      {"x-amz-sns-message-type", name_of(envelope.type)},
      {"x-amz-sns-message-id", envelope.message_id},
      {"x-amz-sns-topic-arn", envelope.topic.text},
  }};
  return std::ranges::all_of(request.headers, [&](const http::Header& header) {
    const auto found =
        std::ranges::find(repeated, header.name, &decltype(repeated)::value_type::first);
    return found == repeated.end() || found->second == header.value;
  });
}

bool has_header(const http::Request& request, std::string_view name) {
  return std::ranges::find(request.headers, name, &http::Header::name) != request.headers.end();
}

std::string_view word_of(int status) {
  return status == 400 ? "malformed" : status == 403 ? "forbidden" : "unavailable";
}

}  // namespace

SnsEndpoint::SnsEndpoint(SnsVerifier& verifier, store::Intake& intake, observe::Metrics& metrics,
                         observe::Log log)
    : verifier_(verifier), intake_(intake), metrics_(metrics), log_(std::move(log)) {}

Task<http::Response> SnsEndpoint::handle(http::Request request) {
  const auto now = request.received;
  // Raw delivery has no envelope, and so no signature.
  if (has_header(request, "x-amz-sns-rawdelivery")) co_return reject(403, "raw_delivery", now, "");
  const auto envelope = parse_sns_envelope(request.body);
  if (!envelope) co_return reject(400, "envelope", now, "");
  const std::string_view topic = envelope->topic.text;
  if (!headers_agree(request, *envelope)) co_return reject(400, "headers", now, topic);
  const auto verdict = co_await verifier_.verify(*envelope);
  if (verdict.outcome == SnsVerdict::Outcome::refused)
    co_return reject(403, verdict.reason, now, topic, verdict.detail);
  if (verdict.outcome == SnsVerdict::Outcome::try_again)
    co_return reject(503, verdict.reason, now, topic, verdict.detail);
  auto response = co_await store(*envelope, now);
  co_return response;
}

http::Response SnsEndpoint::reject(int status, std::string_view reason, Time now,
                                   std::string_view topic, std::string_view detail) {
  metrics_.count("ringi_sns_rejected_total", {{"reason", std::string{reason}}});
  if (const auto more = refusals_.pass(reason, now)) {
    log_->warn("sns message rejected reason={} topic={} status={} detail=\"{}\" kept_back={}",
               reason, topic, status, detail, *more);
  }
  auto response = http::error_response(status, word_of(status));
  if (status == 503) response.headers.push_back({"retry-after", "20"});  // SNS's own pace
  return response;
}

Task<http::Response> SnsEndpoint::store(const SnsEnvelope& envelope, Time received) {
  store::Incoming incoming{.keys = {"sns:" + envelope.message_id}, .job = request_of(envelope)};
  const auto accepted = co_await intake_.accept(std::move(incoming));
  if (!accepted)
    co_return reject(503, "not_stored", received, envelope.topic.text, accepted.error().log.text);
  if (envelope.type != SnsEnvelope::Type::notification && !accepted->repeat)
    log_->info("sns {} topic={}", name_of(envelope.type), envelope.topic.text);
  co_return http::Response{.content_type = accepted->content_type, .body = accepted->answer};
}

}  // namespace ringi::aws
