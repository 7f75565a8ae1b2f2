#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ringi::access {

// TARGET of the commands: ACCOUNT/PIPELINE[@REGION], or PIPELINE[@REGION] alone.
struct Target {
  std::string account;  // a name or 12 digits as written, not looked up; "" where none was given
  PipelineName pipeline;
  std::optional<Region> region;
};

// Pipeline names may hold '@': what follows the last one is a region only if it is a region's name.
Result<Target> parse_target(std::string_view text);

// A region that AWS could have ("ap-northeast-1"), not just a word of that shape ("team-api-2").
bool is_region_name(std::string_view text);

}  // namespace ringi::access
