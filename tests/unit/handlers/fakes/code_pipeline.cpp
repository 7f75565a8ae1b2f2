#include "tests/unit/handlers/fakes/code_pipeline.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>

namespace ringi::fakes {

using json = nlohmann::json;

std::string FakeCodePipeline::uuid(int n) {
  auto digits = std::to_string(n);
  return "9f3c41d2-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

Error FakeCodePipeline::fault(Errc code, std::string name) {
  return error(code, ForLog{name}, ForPerson{"AWS refused."}, name);
}

FakeCodePipeline::Run& FakeCodePipeline::begin(const std::string& trigger) {
  const int n = static_cast<int>(runs.size()) + 1;
  runs.push_back({uuid(n), uuid(n + 1000), "InProgress", "InProgress", "", "", trigger});
  return runs.back();
}

FakeCodePipeline::Run* FakeCodePipeline::find(const std::string& id) {
  const auto at = std::ranges::find(runs, id, &Run::id);
  return at == runs.end() ? nullptr : &*at;
}

Task<Result<json>> FakeCodePipeline::call(ports::AwsTarget target, ports::AwsCall call,
                                          json input) {
  if (while_it_answers) while_it_answers();
  if (call.operation == "ListPipelines" && target.account.str() == slow) {
    const auto until = asked[call.operation] + others;
    for (int turns = 0; asked[call.operation] < until; ++turns) {
      if (turns == 1000) co_return fault(Errc::timeout, "NobodyElseWasAsked");
      co_await boost::asio::post(boost::asio::use_awaitable);
    }
  }
  ++asked[call.operation];
  sessions.emplace(target.actions, target.acting ? target.acting->str() : "");
  if (!target.actions.contains(call.service + ":" + call.operation))
    co_return fault(Errc::denied, "AccessDeniedException");
  auto& planned = failures[call.operation];
  if (!planned.empty()) {
    auto failure = planned.front();
    planned.erase(planned.begin());
    co_return failure;
  }
  co_return answer(target, call.operation, input);
}

Result<json> FakeCodePipeline::answer(const ports::AwsTarget& target, const std::string& operation,
                                      const json& input) {
  if (operation == "StartPipelineExecution") return start(target, input);
  if (operation == "PutApprovalResult") return put(target, input);
  if (operation == "ListPipelines") return ok({{"pipelines", json::array({{{"name", "web"}}})}});
  if (operation == "ListPipelineExecutions") return ok(history(input));
  if (operation == "GetPipelineState") return ok(state());
  if (operation == "GetPipeline") return ok(definition());
  auto* run = find(input.contains("filter") ? input["filter"].value("pipelineExecutionId", "")
                                            : input.value("pipelineExecutionId", ""));
  if (run == nullptr) return fault(Errc::not_found, "PipelineExecutionNotFoundException");
  return ok(operation == "ListActionExecutions" ? actions(*run) : execution(*run));
}

Result<json> FakeCodePipeline::start(const ports::AwsTarget& target, const json& input) {
  if (fate) fate->step();
  acting.push_back(target.acting ? target.acting->str() : "");
  const auto token = input.at("clientRequestToken").get<std::string>();
  if (!by_request_token.contains(token))
    by_request_token[token] = begin("arn:aws:sts::222233334444:assumed-role/other/x").id;
  if (fate) fate->step();
  return ok({{"pipelineExecutionId", by_request_token[token]}});
}

Result<json> FakeCodePipeline::put(const ports::AwsTarget& target, const json& input) {
  if (fate) fate->step();
  acting.push_back(target.acting ? target.acting->str() : "");
  summaries.push_back(input["result"]["summary"]);
  const auto at = std::ranges::find(runs, input.at("token").get<std::string>(), &Run::token);
  if (at == runs.end() || at->approval != "InProgress")
    return fault(Errc::conflict, "InvalidApprovalTokenException");
  decide(*at, input["result"]["status"] == "Approved", input["result"]["summary"],
         "arn:aws:sts::222233334444:assumed-role/ringi/U1");
  ++decisions;
  if (fate) fate->step();
  if (std::exchange(lose_answers, false)) return fault(Errc::unknown_outcome, "");
  return ok({{"approvedAt", 1.0}, {"__request_id", "req-1"}});
}

void FakeCodePipeline::decide(Run& run, bool approved, const std::string& summary,
                              const std::string& by) {
  run.approval = approved ? "Succeeded" : "Failed";
  run.status = approved ? "Succeeded" : "Failed";
  run.summary = summary;
  run.decided_by = by;
}

json FakeCodePipeline::definition() const {
  json approval = {{"name", "Manual"}, {"actionTypeId", {{"category", "Approval"}}}};
  if (timeout_minutes) approval["timeoutInMinutes"] = *timeout_minutes;
  return {{"pipeline",
           {{"version", version},
            {"stages", json::array({{{"name", "Source"}, {"actions", json::array()}},
                                    {{"name", "Approve"},
                                     {"actions", json::array({std::move(approval)})}}})}}}};
}

json FakeCodePipeline::execution(const Run& run) const {
  return {
      {"pipelineExecution",
       {{"pipelineExecutionId", run.id},
        {"status", run.status},
        {"executionMode", "SUPERSEDED"},
        {"pipelineVersion", version},
        {"trigger", {{"triggerType", "StartPipelineExecution"}, {"triggerDetail", run.trigger}}},
        {"artifactRevisions",
         json::array({{{"name", "Source"},
                       {"revisionId", "a1b2c3d4e5"},
                       {"revisionSummary", "Fix cart <!channel> rounding"}}})}}}};
}

json FakeCodePipeline::action(const std::string& stage, const std::string& name,
                              const std::string& category, const std::string& status,
                              const Run& run) {
  return {
      {"pipelineExecutionId", run.id},
      {"stageName", stage},
      {"actionName", name},
      {"status", status},
      {"startTime", "2026-11-22T12:00:00Z"},
      {"lastUpdateTime", "2026-11-22T12:00:08Z"},
      {"updatedBy", category == "Approval" ? run.decided_by : ""},
      {"input",
       {{"actionTypeId", {{"category", category}, {"provider", "Manual"}}},
        {"configuration",
         {{"CustomData", "*check* <!here>"}, {"ExternalEntityLink", "https://example.com/a"}}}}},
      {"output",
       {{"executionResult", {{"externalExecutionId", category == "Approval" ? run.token : "x"}}}}}};
}

json FakeCodePipeline::actions(const Run& run) {
  auto list = json::array();
  if (run.approval == "Succeeded")
    list.push_back(action("Deploy", "Deploy", "Deploy", "Succeeded", run));
  list.push_back(action("Approve", "Manual", "Approval", run.approval, run));
  list.push_back(action("Source", "Source", "Source", "Succeeded", run));
  return {{"actionExecutionDetails", list}};
}

json FakeCodePipeline::state() const {
  auto stages = json::array();
  const Run none;
  const auto& run = runs.empty() ? none : runs.back();
  for (const char* name : {"Source", "Approve", "Deploy"}) {
    json stage = {{"stageName", name},
                  {"latestExecution", {{"pipelineExecutionId", run.id}}},
                  {"actionStates", json::array()}};
    if (std::string{name} == "Approve" && !runs.empty()) {
      json latest = {
          {"status", run.approval}, {"summary", run.summary}, {"lastUpdatedBy", run.decided_by}};
      if (run.approval == "InProgress") latest["token"] = run.token;
      stage["actionStates"].push_back({{"actionName", "Manual"}, {"latestExecution", latest}});
    }
    stages.push_back(stage);
  }
  return {{"stageStates", stages}};
}

json FakeCodePipeline::history(const json& input) const {
  const auto from = std::stoul(input.value("nextToken", "0"));
  const auto size = std::min(page, input.value("maxResults", std::size_t{100}));
  const auto until = std::min(runs.size(), from + size);
  auto list = json::array();
  for (auto i = from; i < until; ++i) {
    const auto run = std::next(runs.rbegin(), static_cast<std::ptrdiff_t>(i));
    list.push_back({{"pipelineExecutionId", run->id},
                    {"status", run->status},
                    {"startTime", "2026-11-22T12:00:00Z"},
                    {"lastUpdateTime", "2026-11-22T12:00:08Z"},
                    {"sourceRevisions", json::array({{{"actionName", "Source"},
                                                      {"revisionId", "a1b2c3d4e5"},
                                                      {"revisionSummary", "Fix cart"}}})}});
  }
  json output = {{"pipelineExecutionSummaries", list}};
  if (until < runs.size()) output["nextToken"] = std::to_string(until);
  return output;
}

}  // namespace ringi::fakes
