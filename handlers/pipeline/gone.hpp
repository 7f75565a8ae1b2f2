#pragma once

#include "handlers/pipeline/board.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/deployments.hpp"
#include "handlers/ports/jobs.hpp"

#include <memory>

namespace ringi::pipeline {

// What becomes of an execution that ringi follows and can no longer look at.
class Gone {
 public:
  Gone(ports::Deployments& deployments, Board& board, ports::Jobs& jobs, ports::Clock& clock)
      : deployments_(deployments), board_(board), jobs_(jobs), clock_(clock) {}

  // AWS says `why`: it does not know the execution, or its pipeline. Right after a start that is
  // AWS catching up with itself, so it ends only what stays unknown for a while.
  // The caller keeps rules and site until it is done.
  Task<Result<void>> not_found(const access::Rules& rules, const Site& site, ExecutionRef ref,
                               Error why);
  // Its account is no longer in the configuration: the card loses its buttons until it is again.
  Task<Result<void>> no_account(std::shared_ptr<const access::Rules> rules, ExecutionRef ref);

 private:
  Task<Result<void>> end(const access::Rules& rules, const Site& site, ports::Execution row,
                         Error why);
  Task<Result<std::vector<ports::Approval>>> close_open(const Site& site,
                                                        const ports::Execution& row,
                                                        const Error& why);

  ports::Deployments& deployments_;
  Board& board_;
  ports::Jobs& jobs_;
  ports::Clock& clock_;
};

}  // namespace ringi::pipeline
