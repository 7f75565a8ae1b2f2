#include "server/aws/client/client.hpp"

#include "handlers/ports/clock.hpp"
#include "server/aws/protocol/failure.hpp"
#include "server/aws/protocol/http_date.hpp"
#include "server/aws/protocol/protocol.hpp"
#include "server/net/transport.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace ringi::aws {

using nlohmann::json;

namespace {

// A clock that is less wrong than this is not why AWS refused the signature.
constexpr Duration tolerated_skew = std::chrono::minutes{4};

std::optional<json> output_of(const Model& model, const Operation& operation,
                              const net::Answer& answer) {
  auto output = from_wire(model, operation, answer);
  if (output) (*output)["__request_id"] = request_id_in(model, answer);
  return output;
}

std::string name_of(const Invocation& what) {
  return what.service + " " + what.operation;
}

// S3 takes a path as it was sent, and wants to know the body's hash.
SigningOptions options_of(const Model& model) {
  static constexpr std::array<std::string_view, 4> names{"s3", "s3-outposts", "s3-object-lambda",
                                                         "s3express"};
  if (std::ranges::find(names, model.signing_name) == names.end()) return {};
  return {.normalize_path = false, .encode_path = false, .sign_body = true};
}

std::string person_text(const Invocation& what, std::string_view why) {
  return "AWS " + std::string{why} + " " + name_of(what) + ".";
}

Error misused(const Invocation& what, const Error& why) {
  return error(why.code, ForLog{name_of(what) + ": " + why.log.text}, why.person);
}

Error late(const Invocation& what) {
  return error(Errc::timeout, ForLog{name_of(what) + ": our deadline passed"},
               ForPerson{person_text(what, "took too long for")});
}

Error lost(const Invocation& what, const std::string& detail) {
  return error(Errc::unknown_outcome, ForLog{name_of(what) + ": sent, no answer: " + detail},
               ForPerson{person_text(what, "did not answer")});
}

}  // namespace

struct Client::Attempt {
  Result<json> result;
  Remedy remedy = Remedy::none;
  bool lost = false;      // sent, and no answer came
  bool connected = true;  // false: nothing was sent
  bool settles = false;   // the answer tells what an earlier lost try came to as well
  std::string access_key_id = {};
  std::string date = {};  // the answer's Date header
};

struct Client::Progress {
  int tries = 0;
  int taken = 0;         // tokens of the last retry, given back on success
  bool lost = false;     // some try may have taken effect
  bool settled = false;  // the last one told whether
  bool refreshed = false;
  bool adopted_clock = false;
  bool at_once = false;  // the next try needs no pause
};

Client::Client(ClientWorld world, Endpoints endpoints)
    : world_(std::move(world)), endpoints_(std::move(endpoints)) {}

Task<Result<json>> Client::call(std::shared_ptr<Session> session, Invocation what, json input) {
  const auto [model, operation] = find(what);
  if (operation == nullptr)
    co_return error(Errc::invalid, name_of(what) + ": not an operation that this version knows");
  if (what.region.empty()) co_return error(Errc::invalid, what.service + ": no region");
  const auto endpoint = endpoints_.resolve(*model, what.region);
  if (endpoint.has_error()) co_return misused(what, endpoint.error());
  const auto wire = to_wire(*model, *operation, std::move(input), world_.new_token);
  if (wire.has_error()) co_return misused(what, wire.error());
  const auto begun = world_.clock.now();
  const Service service{*model, *operation, *endpoint};
  auto result = co_await tries(std::move(session), what, service, *wire);
  const std::chrono::duration<double> took = world_.clock.now() - begun;
  const std::string outcome{result ? "ok" : ringi::name_of(result.error().code)};
  world_.metrics.count(
      "ringi_aws_calls_total",
      {{"service", what.service}, {"operation", what.operation}, {"outcome", outcome}});
  world_.metrics.observe("ringi_aws_call_seconds", took.count(), {{"service", what.service}});
  co_return result;
}

std::pair<const Model*, const Operation*> Client::find(const Invocation& what) {
  const auto* model = models_.find(what.service);
  return {model, model == nullptr ? nullptr : model->find(what.operation)};
}

std::optional<Pages> Client::pages_of(const Invocation& what) {
  const auto* operation = find(what).second;
  return operation == nullptr ? std::nullopt : operation->pages;
}

Task<Result<json>> Client::tries(std::shared_ptr<Session> session, const Invocation& what,
                                 const Service& service, const WireRequest& wire) {
  const auto until = world_.clock.now() + what.deadline;
  auto& quota = quotas_[what.service + " " + what.region.str()];
  Progress progress;
  Result<json> last = late(what);  // until a try says otherwise
  for (;;) {
    auto tried = co_await attempt(session.get(), what, service, wire, until);
    ++progress.tries;
    progress.lost = progress.lost || tried.lost;
    progress.settled = tried.settles;
    last = std::move(tried.result);
    if (last.has_value()) {
      quota.give_back(std::max(progress.taken, 1));
      break;
    }
    if (tried.remedy == Remedy::refresh_credentials && session)
      session->reject(tried.access_key_id);
    if (!worth_another(progress, tried, what)) break;
    if (progress.at_once) continue;
    const auto pause = backoff(progress.tries, world_.random());
    if (world_.clock.now() + pause >= until) break;
    co_await world_.sleep(pause);
  }
  if (progress.lost && !last && !progress.settled)
    last = lost(what, "an earlier try; the last one: " + last.error().log.text);
  co_return last;
}

// A refused signature or token proves that nothing was done, so it is repeated even without retry.
bool Client::worth_another(Progress& progress, const Attempt& tried, const Invocation& what) {
  progress.at_once = true;
  if (tried.remedy == Remedy::refresh_credentials) return !std::exchange(progress.refreshed, true);
  if (tried.remedy == Remedy::adopt_clock)
    return !std::exchange(progress.adopted_clock, true) && adopt_clock(tried.date);
  progress.at_once = false;
  const bool passing = tried.remedy != Remedy::none || tried.lost || !tried.connected;
  if (!what.retry || !passing || progress.tries >= max_tries) return false;
  progress.taken = tried.lost ? RetryQuota::cost_of_timeout : RetryQuota::cost;
  return quotas_[what.service + " " + what.region.str()].take(progress.taken);
}

bool Client::adopt_clock(std::string_view date) {
  const auto theirs = parse_http_date(date);
  if (!theirs) return false;
  const Duration offset = *theirs - world_.clock.now();
  if (std::chrono::abs(offset - clock_offset_) < tolerated_skew) return false;
  clock_offset_ = offset;
  world_.log->warn("aws clock differs offset_seconds={}", offset / std::chrono::seconds{1});
  return true;
}

net::Call Client::prepare(const Credentials* credentials, const Service& service,
                          const WireRequest& wire) {
  const auto endpoint = service.endpoint.with(wire);
  net::Call call{.method = wire.method, .url = endpoint.url(), .headers = wire.headers};
  if (credentials) {
    auto headers = call.headers;
    headers.emplace_back("Host", endpoint.host);  // signed here, sent by the transport from the url
    const SigningScope scope{endpoint.signing_region, std::string{service.model.signing_name}};
    SigningRequest request{wire.method, endpoint.path, endpoint.query, std::move(headers),
                           wire.body};
    const auto now = world_.clock.now() + clock_offset_;
    const auto added =
        sign(std::move(request), *credentials, scope, now, keys_, options_of(service.model))
            .headers;
    call.headers.insert(call.headers.end(), added.begin(), added.end());
  }
  call.body = wire.body;
  return call;
}

Client::Attempt Client::judge(const Invocation& what, const Service& service,
                              const Result<net::Answer>& answer) {
  if (!answer) {
    const auto& why = answer.error();
    if (why.code == Errc::unknown_outcome)
      return {.result = lost(what, why.log.text), .lost = true};
    auto failed = error(why.code, ForLog{name_of(what) + ": " + why.log.text},
                        ForPerson{person_text(what, "could not be reached for")});
    return {.result = std::move(failed), .connected = why.code != Errc::unavailable};
  }
  if (answer->status >= 200 && answer->status < 300) {
    auto output = output_of(service.model, service.operation, *answer);
    if (output) return {.result = Result<json>{boost::system::in_place_value, std::move(*output)}};
    return {.result = lost(what, "an answer that cannot be read"), .lost = true};
  }
  const auto failure = failure_in(service.model, *answer);
  auto failed = error_of(failure, name_of(what));
  const auto remedy = remedy_of(failure);
  // One that was turned away at the door (throttled, expired keys, a fault) knows nothing of it.
  const bool settles = remedy == Remedy::none && !is_transient(failed.code);
  return {.result = std::move(failed),
          .remedy = remedy,
          .settles = settles,
          .date = std::string{answer->header("date")}};
}

Task<Client::Attempt> Client::attempt(Session* session, const Invocation& what,
                                      const Service& service, const WireRequest& wire, Time until) {
  // A clock that jumps back must not lengthen a try.
  const auto time_left = [&] { return std::min(until - world_.clock.now(), what.deadline); };
  std::optional<Credentials> credentials;
  if (session && service.operation.is_signed) {
    auto given = co_await session->credentials(time_left());
    if (!given) co_return Attempt{.result = given.error()};
    credentials = std::move(*given);
  }
  const auto left = time_left();
  if (left <= Duration::zero()) co_return Attempt{.result = late(what)};
  auto call = prepare(credentials ? &*credentials : nullptr, service, wire);
  call.timeout = left;
  call.connect_timeout = std::min(call.connect_timeout, left);
  const auto answer = co_await world_.transport.send(std::move(call));
  auto tried = judge(what, service, answer);
  if (credentials) tried.access_key_id = credentials->access_key_id;
  co_return tried;
}

}  // namespace ringi::aws
