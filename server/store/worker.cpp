#include "server/store/worker.hpp"

#include "handlers/message/unicode.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"
#include "server/store/request_json.hpp"
#include "server/store/store.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cmath>

namespace ringi::store {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_error = 500;

const Caller* caller_of(const Request& request) {
  if (const auto* command = std::get_if<Command>(&request)) return &command->caller;
  if (const auto* click = std::get_if<Click>(&request)) return &click->caller;
  if (const auto* form = std::get_if<Submission>(&request)) return &form->caller;
  return nullptr;
}

// Valid UTF-8 without NUL, whatever a service said: PostgreSQL takes nothing else.
std::string text_of(const Error& error) {
  return message::one_line(std::string{name_of(error.code)} + ": " + error.log.text, longest_error);
}

}  // namespace

Duration retry_delay(const WorkerLimits& limits, int attempt, double random) {
  const auto doubled = std::ldexp(static_cast<double>(limits.backoff.count()), attempt - 1);
  const auto longest = static_cast<double>(limits.longest_backoff.count());
  return Duration{static_cast<Duration::rep>(std::min(doubled, longest) * (1.0 - random / 2.0))};
}

Worker::Worker(WorkerNeeds needs, WorkerLimits limits)
    : needs_(std::move(needs)),
      limits_(limits),
      bell_(needs_.store.executor()),
      tasks_(needs_.store.executor(),
             [log = needs_.log](const std::string& name, std::exception_ptr) {
               if (log) log->error("job task failed name={}", name);
             }),
      idle_(needs_.store.executor()) {
  needs_.store.writer().on_work([this] { wake(); });
}

Task<> Worker::run() {
  tasks_.spawn("renew leases", renew_leases());
  tasks_.spawn("report counts", report_counts());
  leasing_ = true;
  Result<void> adopted = co_await needs_.jobs.adopt_all();
  if (adopted.has_error() && needs_.log)
    needs_.log->warn("old leases will lapse by themselves cause=\"{}\"", adopted.error().log.text);
  while (!stopping_) {
    co_await lease_due();
    if (!stopping_) co_await bell_.wait(limits_.look);
  }
  leasing_ = false;
  idle_.ring();
}

Task<> Worker::stop(Duration patience) {
  stopping_ = true;
  bell_.ring();
  while (leasing_) co_await idle_.wait(patience);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!running_.empty() && std::chrono::steady_clock::now() < deadline) {
    const auto left = deadline - std::chrono::steady_clock::now();
    co_await idle_.wait(std::chrono::ceil<Duration>(left));
  }
  tasks_.cancel();
  co_await tasks_.wait();
}

Task<> Worker::lease_due() {
  auto free = limits_.at_once;
  for (const auto& [id, job] : running_) --free.at(static_cast<std::size_t>(job.job_class));
  Result<std::vector<LeasedJob>> jobs = co_await needs_.jobs.lease(free, limits_.lease);
  if (jobs.has_error()) {
    if (needs_.log) needs_.log->warn("no jobs leased cause=\"{}\"", jobs.error().log.text);
    co_return;
  }
  if (!stopping_) {
    start(std::move(*jobs));
    co_return;
  }
  for (const auto& job : *jobs) co_await needs_.jobs.release(job.lease);
}

void Worker::start(std::vector<LeasedJob> jobs) {
  for (auto& job : jobs) {
    const auto id = job.lease.id;
    const Running entry{job.lease.generation, job.job_class};
    const auto [at, fresh] = running_.insert_or_assign(id, entry);
    // A lease that lapsed while the store was away comes back to the one who still works on it.
    if (fresh) tasks_.spawn("job " + id.str(), carry_out(std::move(job)));
  }
}

Task<> Worker::renew_leases() {
  while (true) {
    co_await runtime::sleep_for(limits_.lease / 3);
    std::vector<Lease> leases;
    for (const auto& [id, job] : running_) leases.push_back({id, job.generation});
    if (leases.empty()) continue;
    Result<void> renewed = co_await needs_.jobs.renew(std::move(leases), limits_.lease);
    if (renewed.has_error() && needs_.log)
      needs_.log->warn("leases not renewed cause=\"{}\"", renewed.error().log.text);
  }
}

Task<> Worker::report_counts() {
  while (true) {
    Result<ports::Jobs::Counts> counts = co_await needs_.jobs.counts();
    if (counts.has_value()) {
      needs_.metrics.gauge("ringi_jobs", counts->waiting, {{"state", "waiting"}});
      needs_.metrics.gauge("ringi_jobs", counts->running, {{"state", "running"}});
      needs_.metrics.gauge("ringi_jobs", counts->dead, {{"state", "dead"}});
    }
    co_await runtime::sleep_for(limits_.report);
  }
}

Task<> Worker::carry_out(LeasedJob job) {
  const auto id = job.lease.id;
  // Cancelled or not, what became of the job is written down.
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto start = std::chrono::steady_clock::now();
  Delivery delivery;
  Result<void> outcome;
  if (job.delivery.has_error()) {
    outcome = job.delivery.error();
  } else {
    delivery = std::move(*job.delivery);
    delivery.last_attempt = delivery.attempt >= limits_.attempts;
    delivery.ask_first = delivery.ask_first || needs_.doubted(id);
    outcome = co_await attempt(delivery);
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const std::string how{outcome.has_error() ? name_of(outcome.error().code) : "done"};
  needs_.metrics.observe("ringi_job_seconds", took.count(),
                         {{"kind", kind_of(delivery.request)}, {"outcome", how}});
  co_await settle(id, std::move(delivery), std::move(outcome));
  finished(id);
}

// A handler that hangs must not hold its place for ever: it is cut off and tried again.
Task<Result<void>> Worker::attempt(Delivery delivery) {
  using namespace asio::experimental::awaitable_operators;
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    co_return error(Errc::cancelled, "stopped before it ran");
  auto first = co_await (guarded(delivery) || runtime::sleep_for(limits_.deadline));
  if (auto* outcome = std::get_if<0>(&first)) co_return std::move(*outcome);
  co_await (tell_cut_off(std::move(delivery)) || runtime::sleep_for(limits_.last_words));
  co_return error(Errc::timeout, "the handler was not done in time");
}

// Never throws: what is raced against a timer must end by a value.
Task<Result<void>> Worker::guarded(Delivery delivery) {
  try {
    Result<void> outcome;
    if (too_old(delivery)) {
      outcome = co_await refuse_expired(std::move(delivery));
    } else {
      outcome = co_await needs_.handle(std::move(delivery));
    }
    co_return outcome;
  } catch (const boost::system::system_error& failure) {
    if (failure.code() == asio::error::operation_aborted)
      co_return error(Errc::cancelled, "stopped while it ran");
    co_return error(Errc::internal, "the handler threw: " + failure.code().message());
  } catch (const std::exception&) {
    // Its text may quote anything; the handler logs what it knows.
    co_return error(Errc::internal, "the handler threw");
  }
}

Task<> Worker::tell_cut_off(Delivery delivery) {
  try {
    co_await needs_.cut_off(std::move(delivery));
  } catch (const std::exception&) {
    if (needs_.log) needs_.log->warn("nobody was told that an attempt took too long");
  }
}

// First recorded, then told, then done: a crash in between says it once more rather than never.
Task<Result<void>> Worker::refuse_expired(Delivery delivery) {
  ports::Entry entry{.kind = "request.expired",
                     .request = delivery.id.str(),
                     .details = {{"request", kind_of(delivery.request)}},
                     .once = "request.expired:" + delivery.id.str()};
  if (const auto* caller = caller_of(delivery.request)) entry.actor = *caller;
  Result<ports::Seq> seq = co_await needs_.ledger.append(std::move(entry));
  if (seq.has_error()) co_return seq.error();
  co_await needs_.expired(std::move(delivery));
  co_return Result<void>{};
}

// What became of a job is written until the store takes it: carried out anew, it would do what the
// person was told is not done. A stop waits for one try.
Task<> Worker::settle(OpaqueId id, Delivery delivery, Result<void> outcome) {
  const auto ending = ending_of(delivery, outcome);
  if (outcome.has_error() && ending != Ending::released && needs_.log)
    needs_.log->warn("job failed job={} attempt={} again={} cause=\"{}\"", id.str(),
                     delivery.attempt, ending == Ending::again, outcome.error().log.text);
  Result<void> settled = co_await write_down(id, ending, delivery.attempt, outcome);
  if (settled.has_error() && needs_.log)
    needs_.log->error("what became of a job is not written yet job={} cause=\"{}\"", id.str(),
                      settled.error().log.text);
  while (settled.has_error() && !stopping_) {
    co_await runtime::sleep_for(limits_.settle_again);
    settled = co_await write_down(id, ending, delivery.attempt, outcome);
  }
  if (settled.has_value() && ending == Ending::buried && needs_.buried)
    needs_.buried(delivery, outcome.error());
}

Worker::Ending Worker::ending_of(const Delivery& delivery, const Result<void>& outcome) {
  if (outcome.has_value()) return Ending::completed;
  const auto code = outcome.error().code;
  if (code == Errc::cancelled) return Ending::released;
  // Told, and not to be done later by anybody's retry.
  if (code == Errc::ask_again) return Ending::completed;
  return is_transient(code) && !delivery.last_attempt ? Ending::again : Ending::buried;
}

// A lease that has lapsed came back to us, since nobody else leases beside the serve lock: known to
// us, or its answer was lost and the row alone says it.
Task<Result<void>> Worker::write_down(OpaqueId id, Ending ending, int attempt,
                                      Result<void> outcome) {
  Lease lease{id, running_.at(id).generation};
  Result<bool> ours = co_await write_ending(lease, ending, attempt, outcome);
  if (ours.has_error()) co_return ours.error();
  if (*ours) co_return Result<void>{};
  Result<std::optional<std::int64_t>> generation = co_await needs_.jobs.generation(id);
  if (generation.has_error()) co_return generation.error();
  if (!*generation) co_return Result<void>{};  // written before, by a try whose answer was lost
  lease.generation = **generation;
  ours = co_await write_ending(lease, ending, attempt, outcome);
  if (ours.has_error()) co_return ours.error();
  if (!*ours) co_return error(Errc::conflict, "its lease changed meanwhile");
  co_return Result<void>{};
}

Task<Result<bool>> Worker::write_ending(Lease lease, Ending ending, int attempt,
                                        Result<void> outcome) {
  switch (ending) {
    case Ending::completed:
      return needs_.jobs.complete(std::move(lease));
    case Ending::released:
      return needs_.jobs.release(std::move(lease));
    case Ending::again:
      return needs_.jobs.retry(std::move(lease), retry_delay(limits_, attempt, needs_.random()),
                               text_of(outcome.error()));
    case Ending::buried:
      break;
  }
  return needs_.jobs.bury(std::move(lease), text_of(outcome.error()));
}

bool Worker::too_old(const Delivery& delivery) const {
  return class_of(delivery.request) == JobClass::people &&
         needs_.clock.now() - delivery.received > limits_.oldest;
}

// A free place may be what the next job waits for.
void Worker::finished(const OpaqueId& id) {
  running_.erase(id);
  bell_.ring();
  idle_.ring();
}

}  // namespace ringi::store
