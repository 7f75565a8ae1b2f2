#pragma once

#include <memory>

namespace ringi::access {
struct Rules;
}

namespace ringi::ports {

// The configuration in force; a reload swaps it between two requests. Hold the pointer for one
// decision.
class CurrentRules {
 public:
  virtual ~CurrentRules() = default;
  virtual std::shared_ptr<const access::Rules> rules() const = 0;
};

}  // namespace ringi::ports
