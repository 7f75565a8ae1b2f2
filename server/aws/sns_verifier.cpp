#include "server/aws/sns_verifier.hpp"

#include "handlers/ports/clock.hpp"
#include "server/aws/sns_certificate.hpp"
#include "server/aws/sns_certificates.hpp"
#include "server/aws/sns_signature.hpp"
#include "server/aws/sns_topics.hpp"

#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using enum SnsVerdict::Outcome;

// SNS's own retries end after 3,600 s; what is older was kept by somebody.
constexpr Duration oldest = 70min;
// Our clock, not the message, is the likelier fault: SNS shall repeat it.
constexpr Duration furthest_ahead = 5min;

}  // namespace

SnsVerifier::SnsVerifier(const SnsTopics& topics, SnsCertificates& certificates,
                         const ports::Clock& clock, std::vector<std::string> certificate_urls)
    : topics_(topics),
      certificates_(certificates),
      clock_(clock),
      certificate_urls_(std::move(certificate_urls)) {}

void SnsVerifier::configure(std::vector<std::string> certificate_urls) {
  certificate_urls_ = std::move(certificate_urls);
}

Task<SnsVerdict> SnsVerifier::verify(const SnsEnvelope& envelope) {
  auto verdict = co_await authenticate(envelope);
  if (verdict.outcome != genuine) co_return verdict;
  co_return age(envelope);
}

Task<SnsVerdict> SnsVerifier::authenticate(const SnsEnvelope& envelope) {
  if (!topics_.allow(envelope.topic)) co_return SnsVerdict{refused, strange_topic};
  if (envelope.signature_version != "1" && envelope.signature_version != "2")
    co_return SnsVerdict{refused, "signature_version"};
  const auto host = certificate_host(envelope.signing_cert_url, envelope.topic, certificate_urls_);
  if (host == CertificateHost::none) co_return SnsVerdict{refused, "certificate_url"};
  auto url = envelope.signing_cert_url;
  const auto key = co_await certificates_.key(std::move(url), envelope.topic.region, host);
  if (!key) {
    const bool bad = key.error().code == Errc::denied;
    co_return SnsVerdict{bad ? refused : try_again, bad ? "certificate" : certificate_away,
                         key.error().log.text};
  }
  if (!signature_holds(envelope, *key)) co_return SnsVerdict{refused, "signature"};
  co_return SnsVerdict{};
}

SnsVerdict SnsVerifier::age(const SnsEnvelope& envelope) const {
  const auto now = clock_.now();
  if (now - envelope.sent > oldest) return {refused, "stale"};
  if (envelope.sent - now > furthest_ahead) return {try_again, "future"};
  return {};
}

}  // namespace ringi::aws
