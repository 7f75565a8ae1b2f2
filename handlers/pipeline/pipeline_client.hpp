#pragma once

#include "handlers/pipeline/model.hpp"
#include "handlers/ports/aws.hpp"

#include <utility>
#include <vector>

namespace ringi::pipeline {

struct StartOrder {
  PipelineRef pipeline;
  std::vector<std::pair<std::string, std::string>> variables;
  std::vector<std::pair<std::string, std::string>> revisions;  // source action -> revision
  std::string request_token;                                   // AWS starts once for each
};

struct ApprovalResult {
  PipelineRef pipeline;
  std::string stage, action, token, summary;
  bool approved = false;
};

// CodePipeline's operations as ringi uses them.
class PipelineClient {
 public:
  explicit PipelineClient(ports::Aws& aws) : aws_(aws) {}

  Task<Result<ExecutionId>> start(StartOrder order, SlackUser acting);
  // One try: a lost answer is unknown_outcome. The value is AWS's request id.
  Task<Result<std::string>> decide(ApprovalResult result, SlackUser acting);

  Task<Result<Reading>> read(ExecutionRef ref);
  Task<Result<ExecutionFacts>> execution(ExecutionRef ref);
  Task<Result<PipelineState>> state(PipelineRef ref);
  // Of one version of the pipeline; 0: of the newest.
  Task<Result<std::vector<ApprovalTimeout>>> approval_timeouts(PipelineRef ref, int version);
  Task<Result<std::vector<ExecutionFacts>>> executions(PipelineRef ref, int newest);
  Task<Result<std::vector<PipelineName>>> pipelines(AccountId account, Region region);

 private:
  Task<Result<std::vector<ActionRun>>> runs(ExecutionRef ref);
  ports::Aws& aws_;
};

}  // namespace ringi::pipeline
