#pragma once

#include "handlers/types/id.hpp"

#include <string_view>

namespace ringi {

struct Partition {
  std::string_view name;        // as in ARNs: "aws", "aws-cn"
  std::string_view dns_suffix;  // "amazonaws.com"
  std::string_view dual_stack_suffix;
};

// By the region's name alone: a region that is new tomorrow has a partition too.
const Partition& partition_of(const Region& region);

// Whether a partition bears that name.
bool is_partition(std::string_view name);

// A region that AWS had when this version was made: what only looks like one leads to no host.
bool is_known_region(const Region& region);

}  // namespace ringi
