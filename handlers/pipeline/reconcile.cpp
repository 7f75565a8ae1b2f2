#include "handlers/pipeline/reconcile.hpp"

#include "handlers/access/rules.hpp"
#include "handlers/pipeline/chores.hpp"

#include <algorithm>
#include <set>

namespace ringi::pipeline {
namespace {

constexpr Duration every_round = std::chrono::minutes{3};
constexpr Duration every_sweep = std::chrono::hours{1};
constexpr Duration longest_step = std::chrono::milliseconds{200};
constexpr int looked_back = 50;  // executions of one pipeline: as many as run in PARALLEL mode

bool may_concern_us(const ExecutionFacts& facts, Time now) {
  if (!is_final(facts.status)) return true;
  return facts.status == Status::failed && now - facts.updated.value_or(Time{}) < every_sweep;
}

}  // namespace

Task<Result<void>> Reconcile::begin() {
  auto round = plain_chore(chore::reconcile);
  auto queued = co_await jobs_.enqueue(std::move(round), clock_.now());
  if (queued.has_error()) co_return queued;
  auto sweep = plain_chore(chore::sweep);
  queued = co_await jobs_.enqueue(std::move(sweep), clock_.now());
  co_return queued;
}

Task<Result<void>> Reconcile::enqueue_open() {
  auto running = co_await deployments_.unfinished();
  if (running.has_error()) co_return running.error();
  auto open = co_await deployments_.open_approvals();
  if (open.has_error()) co_return open.error();
  std::set<ExecutionRef> refs;
  for (const auto& row : running.value()) refs.insert(row.ref);
  for (const auto& row : open.value()) refs.insert(row.execution);
  for (const auto& ref : refs) {
    auto queued = co_await jobs_.enqueue(refresh_chore(ref), clock_.now());
    if (queued.has_error()) co_return queued.error();
  }
  for (const auto& row : open.value()) {
    if (row.state != ports::Approval::State::decided) continue;
    auto queued = co_await jobs_.enqueue(apply_chore(row.id), clock_.now());
    if (queued.has_error()) co_return queued.error();
  }
  co_return Result<void>{};
}

// The next round is certain before anything of this one can fail.
Task<Result<void>> Reconcile::round() {
  auto next = plain_chore(chore::reconcile);
  auto queued = co_await jobs_.enqueue(std::move(next), clock_.now() + every_round);
  if (queued.has_error()) co_return queued;
  auto done = co_await enqueue_open();
  co_return done;
}

Task<Result<void>> Reconcile::sweep() {
  auto next = plain_chore(chore::sweep);
  auto queued = co_await jobs_.enqueue(std::move(next), clock_.now() + every_sweep);
  if (queued.has_error()) co_return queued;
  const auto rules = rules_.rules();
  std::vector<Chore> looks;
  for (const auto& account : rules->accounts) {
    if (access::environment_of(*rules, account) == nullptr) continue;
    for (const auto& region : account.regions) looks.push_back(region_chore(account.id, region));
  }
  const auto count = static_cast<Duration::rep>(std::max<std::size_t>(looks.size(), 1));
  const auto step =
      std::min(longest_step, std::chrono::duration_cast<Duration>(every_sweep) / count);
  auto at = clock_.now();
  for (auto& look : looks) {
    queued = co_await jobs_.enqueue(std::move(look), at);
    if (queued.has_error()) co_return queued;
    at += step;
  }
  co_return Result<void>{};
}

// One account that cannot be read is that chore's error alone.
Task<Result<void>> Reconcile::look_in(AccountId account, Region region) {
  auto names = co_await client_.pipelines(account, region);
  if (names.has_error()) co_return names.error();
  for (const auto& name : names.value()) {
    auto queued = co_await jobs_.enqueue(look_chore({account, region, name}), clock_.now());
    if (queued.has_error()) co_return queued;
  }
  co_return Result<void>{};
}

Task<Result<void>> Reconcile::look_at(PipelineRef ref) {
  const auto rules = rules_.rules();
  const auto* account = access::find_account(*rules, ref.account);
  if (account == nullptr || access::environment_of(*rules, *account) == nullptr)
    co_return Result<void>{};
  auto executions = co_await client_.executions(ref, looked_back);
  if (executions.has_error() && executions.error().code == Errc::not_found)
    co_return Result<void>{};
  if (executions.has_error()) co_return executions.error();
  for (const auto& facts : executions.value()) {
    if (!may_concern_us(facts, clock_.now())) continue;
    auto queued = co_await jobs_.enqueue(refresh_chore(facts.ref), clock_.now());
    if (queued.has_error()) co_return queued;
  }
  co_return Result<void>{};
}

}  // namespace ringi::pipeline
