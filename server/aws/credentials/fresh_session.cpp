#include "server/aws/credentials/fresh_session.hpp"

#include "handlers/ports/clock.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/tasks.hpp"

#include <algorithm>
#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;

constexpr Duration refresh_before_expiry = 15min;
constexpr Duration unusable_before_expiry = 60s;
constexpr Duration refusal_stands = 60s;
constexpr Duration shortest_rest = 60s;  // between two refreshes
constexpr Duration shortest_pause = 1s;
constexpr Duration longest_pause = 60s;

// Those that live less than an hour are not had anew for most of their life.
Duration margin_of(Duration life) {
  return std::min<Duration>(refresh_before_expiry, life / 4);
}

}  // namespace

FreshSession::FreshSession(FreshWorld world, std::string name, Fetch fetch)
    : world_(std::move(world)), name_(std::move(name)), fetch_(std::move(fetch)) {}

Task<Result<Credentials>> FreshSession::credentials(Duration longest) {
  if (due() && !failing() && !refreshing()) refresh();
  if (usable()) co_return *current_;
  if (failing()) co_return *failure_;
  const auto flight = flight_;
  auto result = co_await runtime::Flight<Credentials>::wait(flight, longest);
  if (!result)
    co_return error(Errc::timeout, ForLog{name_ + ": no credentials in time"},
                    ForPerson{"AWS took too long for credentials."});
  co_return *std::move(result);
}

void FreshSession::reject(const std::string& access_key_id) {
  if (current_ && current_->access_key_id == access_key_id) current_.reset();
}

bool FreshSession::dormant() const {
  return !usable() && !refreshing() && !failing();
}

bool FreshSession::usable() const {
  if (!current_) return false;
  return !current_->expires || world_.clock.now() < *current_->expires - unusable_before_expiry;
}

bool FreshSession::due() const {
  const auto now = world_.clock.now();
  const bool over = current_ && current_->expires && now >= *current_->expires;
  return !current_ || over || (refresh_at_ && now >= *refresh_at_);
}

bool FreshSession::failing() const {
  return failure_ && world_.clock.now() < failed_until_;
}

bool FreshSession::refreshing() const {
  return flight_ && !flight_->landed();
}

void FreshSession::refresh() {
  flight_ = std::make_shared<runtime::Flight<Credentials>>();
  world_.tasks.spawn(name_, runtime::fly(flight_, fetch(shared_from_this())));
}

Task<Result<Credentials>> FreshSession::fetch(std::shared_ptr<FreshSession> self) {
  auto result = co_await self->fetch_();
  // Credentials that nobody received changed nothing: the call they were meant for was not sent.
  if (result.has_error() && result.error().code == Errc::unknown_outcome) {
    auto failed = result.error();
    failed.code = Errc::unavailable;
    result = failed;
  }
  self->keep(result);
  co_return result;
}

void FreshSession::keep(const Result<Credentials>& result) {
  const auto now = world_.clock.now();
  if (result) {
    current_ = *result;
    failure_.reset();
    pause_ = Duration::zero();
    refresh_at_.reset();
    if (!current_->expires) return;
    const auto jitter = std::chrono::duration_cast<Duration>(world_.random() * 60s);
    const auto margin = margin_of(*current_->expires - now);
    // A session that is short by AWS's own choice must not be asked for over and over.
    refresh_at_ = std::max(*current_->expires - margin - jitter, now + shortest_rest);
    return;
  }
  // Whoever waits is told; where nobody does yet, the log is.
  if (usable())
    world_.log->warn("{}: not refreshed, {}: {}", name_, name_of(result.error().code),
                     result.error().log.text);
  pause_ = std::clamp(pause_ * 2, shortest_pause, longest_pause);
  const bool refused = result.error().code == Errc::denied;
  failure_ = result.error();
  failed_until_ = now + (refused ? refusal_stands : pause_);
}

}  // namespace ringi::aws
