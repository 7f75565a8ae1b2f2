#include "handlers/pipeline/notice.hpp"

#include "handlers/pipeline/chores.hpp"
#include "handlers/pipeline/parse.hpp"

#include <nlohmann/json.hpp>

namespace ringi::pipeline {
namespace {

using nlohmann::json;

// EventBridge and CodeStar differ in the spelling of one key; both name account, region and
// execution.
std::optional<Chore> hint_of_event(const json& event) {
  const auto& detail = child_at(event, "detail");
  const auto account = AccountId::parse(text_at(event, "account"));
  const auto region = Region::parse(text_at(event, "region"));
  const auto pipeline = PipelineName::parse(text_at(detail, "pipeline"));
  const auto execution = ExecutionId::parse(text_at(detail, "execution-id"));
  if (text_at(event, "source") != "aws.codepipeline" || !account || !region || !pipeline)
    return std::nullopt;
  const PipelineRef ref{*account, *region, *pipeline};
  return execution ? refresh_chore({ref, *execution}) : look_chore(ref);
}

// The approval action's own message names neither account nor execution: the topic does the first.
std::optional<Chore> hint_of_approval(const json& message, const Notification& notification) {
  const auto pipeline = PipelineName::parse(text_at(child_at(message, "approval"), "pipelineName"));
  auto region = Region::parse(text_at(message, "region"));
  if (!notification.region.empty()) region = notification.region;
  if (!pipeline || !region || notification.account.empty()) return std::nullopt;
  return look_chore({notification.account, *region, *pipeline});
}

}  // namespace

std::optional<Chore> hint_of(const Notification& notification) {
  const auto message = json::parse(notification.message, nullptr, false);
  if (!message.is_object()) return std::nullopt;
  if (message.contains("approval")) return hint_of_approval(message, notification);
  if (message.contains("detail-type") || message.contains("detailType"))
    return hint_of_event(message);
  return std::nullopt;
}

Task<Result<void>> Notice::run(Notification notification) {
  auto hint = hint_of(notification);
  if (!hint) co_return Result<void>{};
  auto queued = co_await jobs_.enqueue(*std::move(hint), clock_.now());
  co_return queued;
}

}  // namespace ringi::pipeline
