#include "server/aws/role_session.hpp"

#include "handlers/ports/clock.hpp"
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

}  // namespace

RoleSession::RoleSession(SessionWorld world, std::shared_ptr<Session> caller, RoleRequest role)
    : world_(std::move(world)), caller_(std::move(caller)), role_(std::move(role)) {}

Task<Result<Credentials>> RoleSession::credentials(Duration longest) {
  const auto now = world_.clock.now();
  const bool usable = current_ && now < *current_->expires - unusable_before_expiry;
  const bool failing = failure_ && now < failed_until_;
  const bool due = !current_ || now >= refresh_at_;
  if (due && !failing && !refreshing()) refresh();
  if (usable) co_return *current_;
  if (failing) co_return *failure_;
  const auto flight = flight_;
  auto result = co_await runtime::Flight<Credentials>::wait(flight, longest);
  if (!result)
    co_return error(Errc::timeout, ForLog{"assume " + role_.role_arn + ": no answer in time"},
                    ForPerson{"AWS took too long for sts AssumeRole."});
  co_return *std::move(result);
}

void RoleSession::reject(const std::string& access_key_id) {
  if (current_ && current_->access_key_id == access_key_id) current_.reset();
}

bool RoleSession::dormant() const {
  const auto now = world_.clock.now();
  const bool usable = current_ && now < *current_->expires - unusable_before_expiry;
  return !usable && !refreshing() && !(failure_ && now < failed_until_);
}

bool RoleSession::refreshing() const {
  return flight_ && !flight_->landed();
}

void RoleSession::refresh() {
  flight_ = std::make_shared<runtime::Flight<Credentials>>();
  world_.tasks.spawn("assume " + role_.role_arn, runtime::fly(flight_, assume(shared_from_this())));
}

Task<Result<Credentials>> RoleSession::assume(std::shared_ptr<RoleSession> self) {
  auto result =
      co_await assume_role(self->world_.client, self->caller_, self->world_.region, self->role_);
  self->keep(result);
  co_return result;
}

void RoleSession::keep(const Result<Credentials>& result) {
  const auto now = world_.clock.now();
  if (result) {
    current_ = *result;
    failure_.reset();
    pause_ = Duration::zero();
    const auto jitter = std::chrono::duration_cast<Duration>(world_.random() * 60s);
    // A session that is short by AWS's own choice must not be asked for over and over.
    refresh_at_ =
        std::max(*current_->expires - refresh_before_expiry - jitter, now + shortest_rest);
    return;
  }
  pause_ = std::clamp(pause_ * 2, shortest_pause, longest_pause);
  const bool refused = result.error().code == Errc::denied;
  failure_ = result.error();
  failed_until_ = now + (refused ? refusal_stands : pause_);
}

}  // namespace ringi::aws
