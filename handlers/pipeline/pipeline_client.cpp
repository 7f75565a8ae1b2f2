#include "handlers/pipeline/pipeline_client.hpp"

#include "handlers/pipeline/parse.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ringi::pipeline {
namespace {

using nlohmann::json;

constexpr int most_pages = 20;  // of 100: more than any pipeline's actions in one execution

// All reads of an account share one session, so it may do all of them. IAM's actions are named as
// CodePipeline's operations.
ports::AwsTarget reading(const AccountId& account, const Region& region) {
  return {account,
          region,
          {"codepipeline:GetPipeline", "codepipeline:GetPipelineExecution",
           "codepipeline:GetPipelineState", "codepipeline:ListActionExecutions",
           "codepipeline:ListPipelineExecutions", "codepipeline:ListPipelines"},
          {}};
}

// By a session that may do this one write alone: the person's id is on nothing else.
ports::AwsTarget acting_on(const PipelineRef& ref, const char* action, SlackUser acting) {
  return {ref.account, ref.region, {action}, std::move(acting)};
}

ports::AwsCall codepipeline(const char* operation) {
  return {.service = "codepipeline", .operation = operation};
}

// S3 sources take a version id, container sources a digest; everything else is a commit.
const char* revision_type(const std::string& value) {
  return value.starts_with("sha256:") ? "IMAGE_DIGEST" : "COMMIT_ID";
}

json start_input(const StartOrder& order) {
  json input = {{"name", order.pipeline.pipeline.str()},
                {"clientRequestToken", order.request_token}};
  for (const auto& [name, value] : order.variables)
    input["variables"].push_back({{"name", name}, {"value", value}});
  for (const auto& [action, value] : order.revisions) {
    input["sourceRevisions"].push_back(
        {{"actionName", action}, {"revisionType", revision_type(value)}, {"revisionValue", value}});
  }
  return input;
}

json execution_input(const ExecutionRef& ref) {
  return {{"pipelineName", ref.pipeline.pipeline.str()},
          {"pipelineExecutionId", ref.execution.str()}};
}

Error odd_answer(const char* operation) {
  return error(Errc::unavailable, ForLog{std::string{operation} + ": answer not understood"},
               ForPerson{"AWS gave an answer that ringi does not understand."}, "UnreadableAnswer");
}

}  // namespace

Task<Result<ExecutionId>> PipelineClient::start(StartOrder order, SlackUser acting) {
  auto target = acting_on(order.pipeline, "codepipeline:StartPipelineExecution", std::move(acting));
  auto call = codepipeline("StartPipelineExecution");
  auto input = start_input(order);
  auto output = co_await aws_.call(std::move(target), std::move(call), std::move(input));
  if (output.has_error()) co_return output.error();
  auto id = ExecutionId::parse(text_at(output.value(), "pipelineExecutionId"));
  if (!id) co_return odd_answer("StartPipelineExecution");
  co_return *std::move(id);
}

Task<Result<std::string>> PipelineClient::decide(ApprovalResult result, SlackUser acting) {
  auto target = acting_on(result.pipeline, "codepipeline:PutApprovalResult", std::move(acting));
  auto call = codepipeline("PutApprovalResult");
  call.retry = false;
  json input = {
      {"pipelineName", result.pipeline.pipeline.str()},
      {"stageName", result.stage},
      {"actionName", result.action},
      {"token", result.token},
      {"result",
       {{"status", result.approved ? "Approved" : "Rejected"}, {"summary", result.summary}}}};
  auto output = co_await aws_.call(std::move(target), std::move(call), std::move(input));
  if (output.has_error()) co_return output.error();
  co_return text_at(output.value(), "__request_id");
}

Task<Result<ExecutionFacts>> PipelineClient::execution(ExecutionRef ref) {
  auto target = reading(ref.pipeline.account, ref.pipeline.region);
  auto call = codepipeline("GetPipelineExecution");
  auto input = execution_input(ref);
  auto output = co_await aws_.call(std::move(target), std::move(call), std::move(input));
  if (output.has_error()) co_return output.error();
  auto facts = parse_execution(output.value(), ref.pipeline);
  if (facts.status == Status::unknown) co_return odd_answer("GetPipelineExecution");
  facts.ref = ref;
  co_return facts;
}

Task<Result<std::vector<ActionRun>>> PipelineClient::runs(ExecutionRef ref) {
  std::vector<ActionRun> all;
  std::string next;
  for (int page = 0; page < most_pages; ++page) {
    auto target = reading(ref.pipeline.account, ref.pipeline.region);
    auto call = codepipeline("ListActionExecutions");
    json input = {{"pipelineName", ref.pipeline.pipeline.str()},
                  {"filter", {{"pipelineExecutionId", ref.execution.str()}}},
                  {"maxResults", 100}};
    if (!next.empty()) input["nextToken"] = next;
    auto output = co_await aws_.call(std::move(target), std::move(call), std::move(input));
    if (output.has_error()) co_return output.error();
    for (auto& run : parse_runs(output.value())) all.push_back(std::move(run));
    next = text_at(output.value(), "nextToken");
    if (next.empty()) break;
  }
  std::reverse(all.begin(), all.end());  // AWS lists the newest first
  std::ranges::stable_sort(all, {},
                           [](const ActionRun& run) { return run.started.value_or(Time{}); });
  co_return all;
}

Task<Result<PipelineState>> PipelineClient::state(PipelineRef ref) {
  auto target = reading(ref.account, ref.region);
  auto call = codepipeline("GetPipelineState");
  json input = {{"name", ref.pipeline.str()}};
  auto output = co_await aws_.call(std::move(target), std::move(call), std::move(input));
  if (output.has_error()) co_return output.error();
  co_return parse_state(output.value());
}

Task<Result<std::vector<ApprovalTimeout>>> PipelineClient::approval_timeouts(PipelineRef ref,
                                                                             int version) {
  auto target = reading(ref.account, ref.region);
  auto call = codepipeline("GetPipeline");
  call.deadline = std::chrono::seconds{3};  // a card waits for it
  json input = {{"name", ref.pipeline.str()}};
  if (version > 0) input["version"] = version;
  auto output = co_await aws_.call(std::move(target), std::move(call), std::move(input));
  if (output.has_error()) co_return output.error();
  co_return parse_timeouts(output.value());
}

Task<Result<Reading>> PipelineClient::read(ExecutionRef ref) {
  auto facts = co_await execution(ref);
  if (facts.has_error()) co_return facts.error();
  auto actions = co_await runs(ref);
  if (actions.has_error()) co_return actions.error();
  auto now = co_await state(ref.pipeline);
  if (now.has_error()) co_return now.error();
  co_return Reading{std::move(facts).value(), std::move(actions).value(), std::move(now).value()};
}

Task<Result<std::vector<ExecutionFacts>>> PipelineClient::executions(PipelineRef ref, int newest) {
  std::vector<ExecutionFacts> all;
  std::string next;
  for (int page = 0; page < most_pages && std::ssize(all) < newest; ++page) {
    auto target = reading(ref.account, ref.region);
    auto call = codepipeline("ListPipelineExecutions");
    json input = {{"pipelineName", ref.pipeline.str()}, {"maxResults", newest - std::ssize(all)}};
    if (!next.empty()) input["nextToken"] = next;
    auto output = co_await aws_.call(std::move(target), std::move(call), std::move(input));
    if (output.has_error()) co_return output.error();
    for (auto& facts : parse_executions(output.value(), ref)) all.push_back(std::move(facts));
    next = text_at(output.value(), "nextToken");
    if (next.empty()) break;  // AWS may give fewer than were asked for, and still have more
  }
  co_return all;
}

Task<Result<std::vector<PipelineName>>> PipelineClient::pipelines(AccountId account,
                                                                  Region region) {
  std::vector<PipelineName> all;
  std::string next;
  for (int page = 0; page < most_pages; ++page) {
    auto target = reading(account, region);
    auto call = codepipeline("ListPipelines");
    json input = json::object();
    if (!next.empty()) input["nextToken"] = next;
    auto output = co_await aws_.call(std::move(target), std::move(call), std::move(input));
    if (output.has_error()) co_return output.error();
    for (auto& name : parse_pipelines(output.value())) all.push_back(std::move(name));
    next = text_at(output.value(), "nextToken");
    if (next.empty()) break;
  }
  co_return all;
}

}  // namespace ringi::pipeline
