#include "handlers/pipeline/chores.hpp"

#include "handlers/pipeline/parse.hpp"

#include <nlohmann/json.hpp>

namespace ringi::pipeline {
namespace {

using nlohmann::json;

json pipeline_json(const PipelineRef& ref) {
  return {{"v", 1},
          {"account", ref.account.str()},
          {"region", ref.region.str()},
          {"pipeline", ref.pipeline.str()}};
}

json payload_of(const Chore& chore) {
  auto payload = json::parse(chore.payload, nullptr, false);
  return payload.is_object() ? payload : json::object();
}

}  // namespace

Chore refresh_chore(const ExecutionRef& ref) {
  auto payload = pipeline_json(ref.pipeline);
  payload["execution"] = ref.execution.str();
  return {chore::refresh, to_string(ref.pipeline) + "/" + ref.execution.str(), payload.dump()};
}

Chore look_chore(const PipelineRef& ref) {
  return {chore::look, to_string(ref), pipeline_json(ref).dump()};
}

Chore region_chore(const AccountId& account, const Region& region) {
  const json payload = {{"v", 1}, {"account", account.str()}, {"region", region.str()}};
  return {chore::region, account.str() + "@" + region.str(), payload.dump()};
}

Chore apply_chore(const OpaqueId& approval, Via via, bool told) {
  const json payload = {{"v", 1}, {"approval", approval.str()}, {"told", told}};
  return {chore::apply, approval.str(), payload.dump(), std::move(via)};
}

Chore plain_chore(const char* kind) {
  return {kind, kind, R"({"v":1})"};
}

std::optional<PipelineRef> pipeline_of(const Chore& chore) {
  const auto payload = payload_of(chore);
  auto account = AccountId::parse(text_at(payload, "account"));
  auto region = Region::parse(text_at(payload, "region"));
  auto name = PipelineName::parse(text_at(payload, "pipeline"));
  if (!account || !region || !name) return std::nullopt;
  return PipelineRef{*account, *region, *name};
}

std::optional<ExecutionRef> execution_of(const Chore& chore) {
  auto pipeline = pipeline_of(chore);
  auto execution = ExecutionId::parse(text_at(payload_of(chore), "execution"));
  if (!pipeline || !execution) return std::nullopt;
  return ExecutionRef{*pipeline, *execution};
}

std::optional<std::pair<AccountId, Region>> region_of(const Chore& chore) {
  const auto payload = payload_of(chore);
  auto account = AccountId::parse(text_at(payload, "account"));
  auto region = Region::parse(text_at(payload, "region"));
  if (!account || !region) return std::nullopt;
  return std::pair{*account, *region};
}

std::optional<OpaqueId> approval_of(const Chore& chore) {
  return OpaqueId::parse(text_at(payload_of(chore), "approval"));
}

bool was_told(const Chore& chore) {
  return child_at(payload_of(chore), "told") == true;
}

}  // namespace ringi::pipeline
