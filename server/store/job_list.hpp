#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/requests.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

#include <string>
#include <vector>

namespace ringi::store {

class Store;

// One row of `ringi jobs list`: nothing of what the job holds.
struct JobRow {
  OpaqueId id;
  std::string job_class, kind, key, state;
  Time received, run_at;
  int attempts = 0;
  std::string error;
};

// What an operator does about jobs, on the command line.
class JobList {
 public:
  explicit JobList(Store& store) : store_(store) {}

  // Dead letters first, then what waits or runs, oldest first; at most `limit`.
  Result<std::vector<JobRow>> list(int limit);
  // A dead letter waits again, with all its attempts. Errc::not_found: no such dead letter.
  Task<Result<void>> retry(OpaqueId id);
  // A job that does not run is deleted, with its entry `job.dropped`; `by` is who did it.
  Task<Result<void>> drop(OpaqueId id, std::string by, std::string reason);

 private:
  Store& store_;
};

}  // namespace ringi::store
