#pragma once

#include "handlers/types/requests.hpp"
#include "handlers/types/resource.hpp"

#include <optional>

namespace ringi::pipeline {

// Work that ringi gives itself about pipelines. The payload's "v" is the version of its shape.
namespace chore {
inline constexpr const char* refresh = "execution.refresh";
inline constexpr const char* look = "pipeline.look";
inline constexpr const char* apply = "approval.apply";
inline constexpr const char* reconcile = "reconcile";
inline constexpr const char* sweep = "reconcile.sweep";
inline constexpr const char* region = "region.look";
}  // namespace chore

Chore refresh_chore(const ExecutionRef& ref);
Chore look_chore(const PipelineRef& ref);
Chore region_chore(const AccountId& account, const Region& region);
// `told`: whoever decided knows already that AWS could not be reached.
Chore apply_chore(const OpaqueId& approval, Via via = {}, bool told = false);
Chore plain_chore(const char* kind);  // needs no payload

std::optional<ExecutionRef> execution_of(const Chore& chore);
std::optional<PipelineRef> pipeline_of(const Chore& chore);
std::optional<std::pair<AccountId, Region>> region_of(const Chore& chore);
std::optional<OpaqueId> approval_of(const Chore& chore);
bool was_told(const Chore& chore);

}  // namespace ringi::pipeline
