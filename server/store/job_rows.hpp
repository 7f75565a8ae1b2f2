#pragma once

#include "handlers/ports/clock.hpp"
#include "handlers/ports/jobs.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::store {

class Store;
class Transaction;

// Each class has its own bound, so that a flood of alerts never delays a click.
enum class JobClass { people, events, chores };
constexpr std::array job_classes{JobClass::people, JobClass::events, JobClass::chores};
std::string_view name_of(JobClass job_class);
JobClass class_of(const Request& request);

// A job that is ours until its lease ends. The generation is the proof: every write of the job asks
// it.
struct Lease {
  OpaqueId id;
  std::int64_t generation = 0;
};

struct LeasedJob {
  Lease lease;
  JobClass job_class = JobClass::people;
  Result<Delivery> delivery;  // an error: what is stored cannot be read
};

// For a write that belongs into the same commit. `delay` counts from the database's now.
void insert_job(Transaction& transaction, const OpaqueId& id, Time received, const Request& request,
                Duration delay);

// The jobs table, as handlers and workers see it. Leases count on the database's clock.
class JobRows final : public ports::Jobs {
 public:
  JobRows(Store& store, ports::Ids& ids);

  Task<Result<void>> enqueue(Chore chore, Time at) override;
  Task<Result<Counts>> counts() override;

  using Wanted = std::array<int, job_classes.size()>;  // at most so many of each class
  // Due jobs, oldest first; also those whose lease has ended. Each is one attempt more.
  Task<Result<std::vector<LeasedJob>>> lease(Wanted wanted, Duration length);
  // At the start, while the serve lock says that nobody else runs: what a dead process held is due
  // now.
  Task<Result<void>> adopt_all();
  Task<Result<void>> renew(std::vector<Lease> leases, Duration length);

  // What becomes of a leased job; false, and nothing at all, when the lease is no longer ours.
  Task<Result<bool>> complete(Lease lease);
  Task<Result<bool>> retry(Lease lease, Duration delay, std::string why);
  Task<Result<bool>> bury(Lease lease, std::string why);
  Task<Result<bool>> release(Lease lease);  // not carried out: as if it had never been leased
  // Under which the job runs, after all writes before this one; nullopt: it does not.
  Task<Result<std::optional<std::int64_t>>> generation(OpaqueId id);

 private:
  Store& store_;
  ports::Ids& ids_;
  Time latest_;  // the database's now of the last lease that was committed
};

}  // namespace ringi::store
