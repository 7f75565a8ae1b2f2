#pragma once

#include "handlers/types/resource.hpp"
#include "handlers/types/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ringi::pipeline {

// What AWS CodePipeline says, as values. Every text in here is foreign: whoever edits a pipeline or
// writes a commit message writes it.
enum class Status {
  in_progress,
  stopping,
  stopped,
  succeeded,
  superseded,
  failed,
  cancelled,
  abandoned,
  unknown
};

bool is_final(Status status);         // of an execution
const char* end_name(Status status);  // of a final one, as the ledger says it

struct SourceRevision {
  std::string name;  // the artifact's, or the action's in a list of executions
  std::string id, summary, url;
};

struct ExecutionFacts {
  ExecutionRef ref;
  Status status = Status::unknown;
  std::string status_summary;
  std::string mode;  // SUPERSEDED, QUEUED, PARALLEL
  int version = 0;   // of the pipeline; 0: AWS does not say
  std::string trigger_type, trigger_detail;
  std::vector<SourceRevision> revisions;
  std::optional<Time> started, updated;  // in a list of executions only
};

struct ActionRun {
  std::string stage, action, category, provider;
  Status status = Status::unknown;
  std::optional<Time> started, updated;
  std::string updated_by;   // ARN
  std::string external_id;  // of an approval in PARALLEL mode: the token
  std::string summary, url, error_code, error_message;
  std::string custom_data, external_link;
};

// One action of GetPipelineState: the latest run of the stage, whichever execution that belongs to.
struct ActionState {
  std::string stage, action;
  std::string execution;  // of the stage
  Status status = Status::unknown;
  std::string token, summary, updated_by;
};

struct PipelineState {
  std::vector<std::string> stages;  // in the pipeline's order
  std::vector<ActionState> actions;
};

// What a card is drawn from: one reading of AWS.
struct Reading {
  ExecutionFacts facts;
  std::vector<ActionRun> runs;  // oldest first; a retried action has several
  PipelineState state;
};

// After so long AWS fails an approval that nobody decided.
struct ApprovalTimeout {
  std::string stage, action;
  Duration after;
};

bool is_approval(const ActionRun& run);

// The token that this run waits with; "" when it waits for nobody. GetPipelineState knows it, in
// PARALLEL mode only the action execution does (docs: approvals).
std::string waiting_token(const Reading& reading, const ActionRun& run);

// The newest run of the action, or nullptr.
const ActionRun* latest_run(const Reading& reading, const std::string& stage,
                            const std::string& action);

// What was written with the decision of this run, wherever AWS shows it.
std::string decision_summary(const Reading& reading, const ActionRun& run);
std::string decision_principal(const Reading& reading, const ActionRun& run);

}  // namespace ringi::pipeline
