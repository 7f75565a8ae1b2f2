#pragma once

#include "handlers/pipeline/pipeline_client.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/deployments.hpp"
#include "handlers/ports/jobs.hpp"
#include "handlers/ports/rules.hpp"

namespace ringi::pipeline {

// Finds what no message told: open approvals and running cards every 3 minutes, everything else
// hourly.
class Reconcile {
 public:
  Reconcile(PipelineClient& client, ports::Deployments& deployments, ports::Jobs& jobs,
            ports::CurrentRules& rules, ports::Clock& clock)
      : client_(client), deployments_(deployments), jobs_(jobs), rules_(rules), clock_(clock) {}

  Task<Result<void>> begin();  // at the start of the server
  Task<Result<void>> round();  // chore::reconcile
  Task<Result<void>> sweep();  // chore::sweep: spreads the regions of all accounts over the hour
  Task<Result<void>> look_in(AccountId account, Region region);  // chore::region
  Task<Result<void>> look_at(PipelineRef ref);                   // chore::look

 private:
  Task<Result<void>> enqueue_open();
  PipelineClient& client_;
  ports::Deployments& deployments_;
  ports::Jobs& jobs_;
  ports::CurrentRules& rules_;
  ports::Clock& clock_;
};

}  // namespace ringi::pipeline
