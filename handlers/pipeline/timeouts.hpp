#pragma once

#include "handlers/pipeline/pipeline_client.hpp"
#include "handlers/ports/clock.hpp"

#include <map>

namespace ringi::pipeline {

// How long the approvals of a pipeline wait before AWS fails them: read once for each version of
// the pipeline. One I/O thread uses it.
class Timeouts {
 public:
  Timeouts(PipelineClient& client, ports::Clock& clock) : client_(client), clock_(clock) {}

  // Empty where AWS does not say: nothing waits for it, and nothing is made up.
  Task<std::vector<ApprovalTimeout>> of(PipelineRef ref, int version);

 private:
  struct Copy {
    int version = 0;
    std::vector<ApprovalTimeout> timeouts;
    std::optional<Time> refused;  // may be allowed later
  };
  PipelineClient& client_;
  ports::Clock& clock_;
  std::map<PipelineRef, Copy> copies_;
};

}  // namespace ringi::pipeline
