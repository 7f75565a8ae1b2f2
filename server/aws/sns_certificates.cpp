#include "server/aws/sns_certificates.hpp"

#include "handlers/ports/clock.hpp"
#include "server/net/transport.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/tasks.hpp"
#include "server/store/copies.hpp"

#include <algorithm>
#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_kept = 64;
constexpr std::size_t most_fetches = 8;  // forged URLs of an allowed topic must not become a flood
constexpr std::size_t largest_certificate = 64u << 10;
constexpr Duration fetch_limit = 5s;
constexpr Duration longest_wait = 6s;  // the store is asked before and told after
constexpr Duration kept_for = 24h;
constexpr Duration refusal_stands = 60s;
constexpr Duration failure_stands = 5s;
const std::string kind = "certificate";

}  // namespace

SnsCertificates::SnsCertificates(World world) : world_(std::move(world)) {}

Task<Result<PublicKey>> SnsCertificates::key(std::string url, Region region, CertificateHost host) {
  const auto known = kept_.find(url);
  if (known != kept_.end() && world_.clock.now() < known->second.until) co_return known->second.key;
  std::erase_if(flights_, [](const auto& entry) { return entry.second->landed(); });
  auto under_way = flights_.find(url);
  if (under_way == flights_.end()) {
    if (flights_.size() >= most_fetches)
      co_return error(Errc::unavailable, "too many signing certificates are being fetched");
    auto flight = std::make_shared<runtime::Flight<PublicKey>>();
    under_way = flights_.emplace(url, std::move(flight)).first;
    Wanted wanted{url, std::move(region), host};
    world_.tasks.spawn("sns certificate", runtime::fly(under_way->second, find(std::move(wanted))));
  }
  const auto flight = under_way->second;
  auto result = co_await runtime::Flight<PublicKey>::wait(flight, longest_wait);
  if (!result) co_return error(Errc::unavailable, "signing certificate: not there in time");
  co_return *std::move(result);
}

Task<Result<PublicKey>> SnsCertificates::find(Wanted wanted) {
  const auto stored = co_await from_store(wanted);
  if (stored) co_return keep(wanted, *stored);
  const auto fetched = co_await fetch(wanted);
  auto key = keep(wanted, fetched);
  if (!key) co_return key;
  // Not stored is no harm: it is fetched again after a restart.
  const auto put = co_await world_.copies.put(kind, wanted.url, *fetched);
  if (!put) world_.log->warn("sns certificate not stored reason={}", put.error().log.text);
  co_return key;
}

Task<std::optional<std::string>> SnsCertificates::from_store(const Wanted& wanted) {
  const auto now = world_.clock.now();
  const auto copy = co_await world_.copies.get(kind, wanted.url);
  if (!copy) world_.log->warn("sns certificate not read reason={}", copy.error().log.text);
  const bool fresh = copy && *copy && (*copy)->as_of + kept_for > now;
  if (!fresh || !read_certificate((*copy)->value, wanted.region, wanted.host, now))
    co_return std::nullopt;
  co_return (*copy)->value;
}

Task<Result<std::string>> SnsCertificates::fetch(const Wanted& wanted) {
  net::Call call{.method = "GET", .url = wanted.url, .timeout = fetch_limit};
  call.max_response = largest_certificate;
  call.purpose = "sns";
  auto answer = co_await world_.transport.send(std::move(call));
  if (!answer)
    co_return error(Errc::unavailable, "signing certificate: " + answer.error().log.text);
  if (answer->status != 200)
    co_return error(Errc::unavailable,
                    "signing certificate: HTTP " + std::to_string(answer->status));
  co_return std::move(answer->body);
}

Result<PublicKey> SnsCertificates::keep(const Wanted& wanted, const Result<std::string>& pem) {
  const auto now = world_.clock.now();
  const auto read = pem ? read_certificate(*pem, wanted.region, wanted.host, now)
                        : Result<SigningCertificate>{pem.error()};
  Result<PublicKey> key = error(Errc::unavailable, "");
  auto until = now + failure_stands;
  if (!read) {
    key = read.error();
    if (read.error().code == Errc::denied) until = now + refusal_stands;
  } else {
    if (read->unexpected_name)
      world_.log->warn("sns certificate of a new region has another name region={}",
                       wanted.region.str());
    key = read->key;
    until = std::min(now + kept_for, read->not_after);
  }
  make_room();
  kept_.insert_or_assign(wanted.url, Kept{key, until});
  return key;
}

void SnsCertificates::make_room() {
  if (kept_.size() < most_kept) return;
  const auto now = world_.clock.now();
  std::erase_if(kept_, [&](const auto& entry) { return entry.second.until <= now; });
  if (kept_.size() < most_kept) return;
  kept_.erase(
      std::ranges::min_element(kept_, {}, [](const auto& entry) { return entry.second.until; }));
}

}  // namespace ringi::aws
