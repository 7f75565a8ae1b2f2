#include "handlers/pipeline/parse.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace ringi::pipeline {
namespace {

using nlohmann::json;

Status parse_status(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, Status>, 9> names{
      {{"InProgress", Status::in_progress},
       {"Stopping", Status::stopping},
       {"Stopped", Status::stopped},
       {"Succeeded", Status::succeeded},
       {"Superseded", Status::superseded},
       {"Failed", Status::failed},
       {"Cancelled", Status::cancelled},
       {"Canceled", Status::cancelled},
       {"Abandoned", Status::abandoned}}};
  const auto* found = std::ranges::find(names, text, &std::pair<std::string_view, Status>::first);
  return found == names.end() ? Status::unknown : found->second;
}

std::optional<Time> time_at(const json& object, const char* key) {
  return parse_rfc3339(text_at(object, key));
}

int whole_at(const json& object, const char* key) {
  const auto& value = child_at(object, key);
  constexpr int most = 1'000'000;  // a pipeline's version, a timeout's minutes
  if (!value.is_number_integer() || value < 0 || value > most) return 0;
  return value.get<int>();
}

// A resolved value stands before the one that still has variables in it.
std::string configured(const json& input, const char* key) {
  const auto resolved = text_at(child_at(input, "resolvedConfiguration"), key);
  return resolved.empty() ? text_at(child_at(input, "configuration"), key) : resolved;
}

ActionRun parse_run(const json& detail) {
  const auto& input = child_at(detail, "input");
  const auto& type = child_at(input, "actionTypeId");
  const auto& result = child_at(child_at(detail, "output"), "executionResult");
  const auto& failure = child_at(result, "errorDetails");
  ActionRun run;
  run.stage = text_at(detail, "stageName");
  run.action = text_at(detail, "actionName");
  run.category = text_at(type, "category");
  run.provider = text_at(type, "provider");
  run.status = parse_status(text_at(detail, "status"));
  run.started = time_at(detail, "startTime");
  run.updated = time_at(detail, "lastUpdateTime");
  run.updated_by = text_at(detail, "updatedBy");
  run.external_id = text_at(result, "externalExecutionId");
  run.summary = text_at(result, "externalExecutionSummary");
  run.url = text_at(result, "externalExecutionUrl");
  run.error_code = text_at(failure, "code");
  run.error_message = text_at(failure, "message");
  run.custom_data = configured(input, "CustomData");
  run.external_link = configured(input, "ExternalEntityLink");
  return run;
}

std::vector<SourceRevision> parse_revisions(const json& list, const char* name_key) {
  std::vector<SourceRevision> revisions;
  for (const auto& one : list) {
    const auto url = text_at(one, "revisionUrl");
    revisions.push_back(
        {text_at(one, name_key), text_at(one, "revisionId"), text_at(one, "revisionSummary"), url});
  }
  return revisions;
}

ExecutionFacts parse_facts(const json& object, const PipelineRef& pipeline) {
  ExecutionFacts facts;
  const auto id = ExecutionId::parse(text_at(object, "pipelineExecutionId"));
  facts.ref = {pipeline, id.value_or(ExecutionId{})};
  facts.status = parse_status(text_at(object, "status"));
  facts.status_summary = text_at(object, "statusSummary");
  facts.mode = text_at(object, "executionMode");
  facts.version = whole_at(object, "pipelineVersion");
  const auto& trigger = child_at(object, "trigger");
  facts.trigger_type = text_at(trigger, "triggerType");
  facts.trigger_detail = text_at(trigger, "triggerDetail");
  facts.started = time_at(object, "startTime");
  facts.updated = time_at(object, "lastUpdateTime");
  return facts;
}

void add_stage(const json& stage, PipelineState& state) {
  const auto name = text_at(stage, "stageName");
  const auto execution = text_at(child_at(stage, "latestExecution"), "pipelineExecutionId");
  state.stages.push_back(name);
  for (const auto& action : child_at(stage, "actionStates")) {
    const auto& latest = child_at(action, "latestExecution");
    state.actions.push_back({name, text_at(action, "actionName"), execution,
                             parse_status(text_at(latest, "status")), text_at(latest, "token"),
                             text_at(latest, "summary"), text_at(latest, "lastUpdatedBy")});
  }
}

}  // namespace

const json& child_at(const json& object, const char* key) {
  static const json none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}

std::string text_at(const json& object, const char* key) {
  const auto& value = child_at(object, key);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

ExecutionFacts parse_execution(const json& output, const PipelineRef& pipeline) {
  const auto& object = child_at(output, "pipelineExecution");
  auto facts = parse_facts(object, pipeline);
  facts.revisions = parse_revisions(child_at(object, "artifactRevisions"), "name");
  return facts;
}

std::vector<ExecutionFacts> parse_executions(const json& output, const PipelineRef& pipeline) {
  std::vector<ExecutionFacts> all;
  for (const auto& one : child_at(output, "pipelineExecutionSummaries")) {
    auto facts = parse_facts(one, pipeline);
    facts.revisions = parse_revisions(child_at(one, "sourceRevisions"), "actionName");
    if (!facts.ref.execution.empty()) all.push_back(std::move(facts));
  }
  return all;
}

std::vector<ActionRun> parse_runs(const json& output) {
  std::vector<ActionRun> runs;
  for (const auto& detail : child_at(output, "actionExecutionDetails"))
    runs.push_back(parse_run(detail));
  return runs;
}

PipelineState parse_state(const json& output) {
  PipelineState state;
  for (const auto& stage : child_at(output, "stageStates")) add_stage(stage, state);
  return state;
}

std::vector<ApprovalTimeout> parse_timeouts(const json& output) {
  constexpr Duration aws_default = std::chrono::days{7};
  std::vector<ApprovalTimeout> timeouts;
  for (const auto& stage : child_at(child_at(output, "pipeline"), "stages")) {
    for (const auto& action : child_at(stage, "actions")) {
      if (text_at(child_at(action, "actionTypeId"), "category") != "Approval") continue;
      const std::chrono::minutes own{whole_at(action, "timeoutInMinutes")};
      timeouts.push_back({text_at(stage, "name"), text_at(action, "name"),
                          own.count() == 0 ? aws_default : Duration{own}});
    }
  }
  return timeouts;
}

std::vector<PipelineName> parse_pipelines(const json& output) {
  std::vector<PipelineName> names;
  for (const auto& one : child_at(output, "pipelines")) {
    if (auto name = PipelineName::parse(text_at(one, "name"))) names.push_back(*std::move(name));
  }
  return names;
}

}  // namespace ringi::pipeline
