#pragma once

#include "handlers/ports/ledger.hpp"
#include "server/observe/log.hpp"
#include "server/runtime/tasks.hpp"
#include "server/runtime/timers.hpp"
#include "server/store/job_rows.hpp"

#include <functional>
#include <map>

namespace ringi::observe {
class Metrics;
}

namespace ringi::store {

// What the worker needs of the others; all of it must outlive the worker.
struct WorkerNeeds {
  Store& store;
  JobRows& jobs;
  ports::Ledger& ledger;
  const ports::Clock& clock;
  observe::Metrics& metrics;
  observe::Log log;
  // Carries a request out: the catalog's dispatcher.
  std::function<Task<Result<void>>(Delivery)> handle;
  // Tells the person that a request became too old to carry out.
  std::function<Task<>(Delivery)> expired;
  // Tells the person that an attempt took too long; it has failed, whether or not it comes again.
  std::function<Task<>(Delivery)> cut_off;
  // Told of every dead letter, once; may be empty.
  std::function<void(const Delivery&, const Error&)> buried = {};
  // IntakeRows::doubted.
  std::function<bool(const OpaqueId&)> doubted;
  std::function<double()> random;  // [0, 1), for the jitter of retries
};

struct WorkerLimits {
  JobRows::Wanted at_once{16, 8, 8};  // people, events, chores
  int attempts = 8;                   // then a dead letter
  Duration lease = std::chrono::seconds{30};
  Duration look = std::chrono::seconds{1};          // for what became due by time alone
  Duration settle_again = std::chrono::seconds{1};  // what the store did not take
  Duration backoff = std::chrono::seconds{2};       // doubled with each attempt
  Duration longest_backoff = std::chrono::minutes{5};
  Duration report = std::chrono::seconds{10};      // between two counts for ringi_jobs
  Duration oldest = std::chrono::minutes{15};      // of commands, clicks and forms
  Duration deadline = std::chrono::minutes{3};     // of one attempt: above Slack's longest 429
  Duration last_words = std::chrono::seconds{30};  // of cut_off
};

// How long a job waits before attempt `attempt` + 1. `random` in [0, 1) takes up to half of it
// away.
Duration retry_delay(const WorkerLimits& limits, int attempt, double random);

// Leases due jobs and carries them out, so many of each class at once. On the I/O thread.
class Worker {
 public:
  explicit Worker(WorkerNeeds needs, WorkerLimits limits = {});

  Task<> run();  // until stop() or its own cancellation
  // Leases nothing more, gives what runs `patience` to end, cancels the rest and gives its leases
  // back.
  Task<> stop(Duration patience);
  void wake() { bell_.ring(); }

 private:
  Task<> lease_due();
  void start(std::vector<LeasedJob> jobs);
  Task<> renew_leases();
  Task<> report_counts();
  Task<> carry_out(LeasedJob job);
  Task<Result<void>> attempt(Delivery delivery);
  Task<Result<void>> guarded(Delivery delivery);
  Task<> tell_cut_off(Delivery delivery);
  Task<Result<void>> refuse_expired(Delivery delivery);
  Task<> settle(OpaqueId id, Delivery delivery, Result<void> outcome);
  enum class Ending { completed, released, again, buried };
  static Ending ending_of(const Delivery& delivery, const Result<void>& outcome);
  Task<Result<void>> write_down(OpaqueId id, Ending ending, int attempt, Result<void> outcome);
  Task<Result<bool>> write_ending(Lease lease, Ending ending, int attempt, Result<void> outcome);
  bool too_old(const Delivery& delivery) const;
  void finished(const OpaqueId& id);

  WorkerNeeds needs_;
  WorkerLimits limits_;
  runtime::Bell bell_;
  runtime::TaskGroup tasks_;
  struct Running {
    std::int64_t generation;
    JobClass job_class;
  };
  std::map<OpaqueId, Running> running_;
  runtime::Bell idle_;  // for stop(): a job or the leasing ended
  bool leasing_ = false;
  bool stopping_ = false;
};

}  // namespace ringi::store
