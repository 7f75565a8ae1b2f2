#pragma once

#include "handlers/types/id.hpp"

#include <compare>
#include <string>

namespace ringi {

// One pipeline in one account and region: what TARGET names.
struct PipelineRef {
  AccountId account;
  Region region;
  PipelineName pipeline;
  auto operator<=>(const PipelineRef&) const = default;
};

struct ExecutionRef {
  PipelineRef pipeline;
  ExecutionId execution;
  auto operator<=>(const ExecutionRef&) const = default;
};

// "222233334444/web@ap-northeast-1"
std::string to_string(const PipelineRef& ref);

}  // namespace ringi
