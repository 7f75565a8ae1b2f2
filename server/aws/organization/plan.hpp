#pragma once

#include "handlers/types/time.hpp"

#include <set>
#include <string>
#include <vector>

namespace ringi::aws {

// What [organization] says of the asking.
struct OrganizationPlan {
  bool discover = false;
  std::set<std::string> tags;        // the keys that are read
  std::vector<std::string> exclude;  // accounts, and organizational units with all below them
  Duration refresh = std::chrono::minutes{15};
  friend bool operator==(const OrganizationPlan&, const OrganizationPlan&) = default;
};

}  // namespace ringi::aws
