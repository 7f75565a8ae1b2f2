#include "server/aws/credentials/fresh_session.hpp"

#include "handlers/ports/clock.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/tasks.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
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

Task<Result<Credentials>> attempt(const FreshSession::Fetch& fetch, const std::string& name) {
  try {
    auto result = co_await fetch();
    if (result || result.error().code != Errc::unknown_outcome) co_return result;
    // Credentials that nobody received changed nothing: the call they were meant for was not sent.
    auto failed = result.error();
    failed.code = Errc::unavailable;
    co_return failed;
  } catch (const std::exception& thrown) {
    if (runtime::is_cancellation(std::current_exception())) throw;
    co_return error(Errc::internal, ForLog{name + ": " + thrown.what()},
                    ForPerson{"ringi itself failed to get credentials of AWS."});
  }
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

// A clock that jumps back must not lengthen the rest.
bool FreshSession::failing() const {
  const auto since = world_.clock.now() - failed_at_;
  return failure_ && since >= Duration::zero() && since < rest_;
}

bool FreshSession::refreshing() const {
  return flight_ && !flight_->landed();
}

void FreshSession::refresh() {
  flight_ = std::make_shared<runtime::Flight<Credentials>>();
  world_.tasks.spawn(name_, runtime::fly(flight_, fetch(shared_from_this())));
}

Task<Result<Credentials>> FreshSession::fetch(std::shared_ptr<FreshSession> self) {
  // Whoever began it waits before it ends, so that its end is told to somebody.
  co_await boost::asio::post(boost::asio::use_awaitable);
  auto result = co_await attempt(self->fetch_, self->name_);
  result ? self->keep(*result) : self->keep(result.error());
  co_return result;
}

void FreshSession::keep(Credentials given) {
  const auto now = world_.clock.now();
  current_ = std::move(given);
  failure_.reset();
  logged_.clear();
  pause_ = Duration::zero();
  refresh_at_.reset();
  if (!current_->expires) return;
  const auto jitter = std::chrono::duration_cast<Duration>(world_.random() * 60s);
  const auto margin = margin_of(*current_->expires - now);
  // A session that is short by AWS's own choice must not be asked for over and over.
  refresh_at_ = std::max(*current_->expires - margin - jitter, now + shortest_rest);
}

void FreshSession::keep(Error failure) {
  log(failure);
  pause_ = std::clamp(pause_ * 2, shortest_pause, longest_pause);
  rest_ = failure.code == Errc::denied ? refusal_stands : pause_;
  failed_at_ = world_.clock.now();
  failure_ = std::move(failure);
}

// Whoever waits is told. By code, since AWS's texts bear a request's id.
void FreshSession::log(const Error& failure) {
  if (flight_->awaited()) return;
  auto code = code_of(failure);
  if (code == logged_) return;
  logged_ = std::move(code);
  world_.log->warn("{}: not refreshed, {}: {}", name_, name_of(failure.code), failure.log.text);
}

}  // namespace ringi::aws
