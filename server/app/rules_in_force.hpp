#pragma once

#include "handlers/access/rules.hpp"
#include "handlers/ports/rules.hpp"

#include <mutex>
#include <string>

namespace ringi::app {

// The rules in force. Swapped on the I/O thread; hash() is asked by the store's writer thread too.
class RulesInForce final : public ports::CurrentRules {
 public:
  std::shared_ptr<const access::Rules> rules() const override;
  std::string hash() const;
  void replace(access::Rules rules);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const access::Rules> rules_ = std::make_shared<const access::Rules>();
};

}  // namespace ringi::app
