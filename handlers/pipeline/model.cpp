#include "handlers/pipeline/model.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

const ActionState* state_of(const Reading& reading, const ActionRun& run) {
  const auto found = std::ranges::find_if(reading.state.actions, [&](const ActionState& state) {
    return state.stage == run.stage && state.action == run.action &&
           state.execution == reading.facts.ref.execution.str();
  });
  return found == reading.state.actions.end() ? nullptr : &*found;
}

// 8-4-4-4-12 hexadecimal digits: what PutApprovalResult takes.
bool is_token(const std::string& text) {
  return ExecutionId::parse(text).has_value();
}

}  // namespace

bool is_final(Status status) {
  return status == Status::stopped || status == Status::succeeded || status == Status::superseded ||
         status == Status::failed || status == Status::cancelled;
}

const char* end_name(Status status) {
  switch (status) {
    case Status::succeeded:
      return "succeeded";
    case Status::failed:
      return "failed";
    case Status::superseded:
      return "superseded";
    default:
      return "stopped";
  }
}

bool is_approval(const ActionRun& run) {
  return run.category == "Approval";
}

std::string waiting_token(const Reading& reading, const ActionRun& run) {
  if (!is_approval(run) || run.status != Status::in_progress || is_final(reading.facts.status))
    return {};
  const auto* state = state_of(reading, run);
  if (state != nullptr && state->status == Status::in_progress && is_token(state->token))
    return state->token;
  return reading.facts.mode == "PARALLEL" && is_token(run.external_id) ? run.external_id
                                                                       : std::string{};
}

const ActionRun* latest_run(const Reading& reading, const std::string& stage,
                            const std::string& action) {
  const auto found = std::find_if(
      reading.runs.rbegin(), reading.runs.rend(),
      [&](const ActionRun& run) { return run.stage == stage && run.action == action; });
  return found == reading.runs.rend() ? nullptr : &*found;
}

std::string decision_summary(const Reading& reading, const ActionRun& run) {
  const auto* state = state_of(reading, run);
  return state != nullptr && !state->summary.empty() ? state->summary : run.summary;
}

std::string decision_principal(const Reading& reading, const ActionRun& run) {
  const auto* state = state_of(reading, run);
  return state != nullptr && !state->updated_by.empty() ? state->updated_by : run.updated_by;
}

}  // namespace ringi::pipeline
