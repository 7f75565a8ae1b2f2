#pragma once

#include "handlers/ports/clock.hpp"
#include "server/store/intake.hpp"

#include <set>

namespace ringi::store {

class Store;

// Deliveries and their jobs. Used from the I/O thread.
class IntakeRows final : public Intake {
 public:
  IntakeRows(Store& store, ports::Ids& ids) : store_(store), ids_(ids) {}

  Task<Result<Accepted>> accept(Incoming incoming) override;

  // Answered 503 although it may have been stored. The row says so too, a commit later: this is for
  // the worker that is faster than that commit.
  bool doubted(const OpaqueId& job) const { return doubted_.contains(job); }

 private:
  void doubt(const OpaqueId& job);

  Store& store_;
  ports::Ids& ids_;
  std::set<OpaqueId> doubted_;  // one for each such answer since the start
};

}  // namespace ringi::store
