#include "server/app/rules_in_force.hpp"

namespace ringi::app {

std::shared_ptr<const access::Rules> RulesInForce::rules() const {
  const std::lock_guard lock{mutex_};
  return rules_;
}

std::string RulesInForce::hash() const {
  return rules()->hash;
}

void RulesInForce::replace(access::Rules rules) {
  auto next = std::make_shared<const access::Rules>(std::move(rules));
  const std::lock_guard lock{mutex_};
  rules_.swap(next);
}

}  // namespace ringi::app
