#pragma once

#include "handlers/pipeline/model.hpp"

#include <nlohmann/json_fwd.hpp>

namespace ringi::pipeline {

// CodePipeline's JSON (API 2015-07-09) as values. What is missing or of another type is left empty.
ExecutionFacts parse_execution(const nlohmann::json& output, const PipelineRef& pipeline);
std::vector<ExecutionFacts> parse_executions(const nlohmann::json& output,
                                             const PipelineRef& pipeline);
std::vector<ActionRun> parse_runs(const nlohmann::json& output);
PipelineState parse_state(const nlohmann::json& output);
std::vector<ApprovalTimeout> parse_timeouts(const nlohmann::json& output);
std::vector<PipelineName> parse_pipelines(const nlohmann::json& output);

std::string text_at(const nlohmann::json& object, const char* key);
const nlohmann::json& child_at(const nlohmann::json& object, const char* key);  // null where absent

}  // namespace ringi::pipeline
