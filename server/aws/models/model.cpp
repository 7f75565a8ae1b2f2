#include "server/aws/models/model.hpp"

#include <algorithm>

namespace ringi::aws {

const Member* Shape::find(std::string_view member) const {
  const auto found = std::ranges::find(members, member, &Member::name);
  return found == members.end() ? nullptr : &*found;
}

const Member* Shape::payload() const {
  const auto found = std::ranges::find(members, true, &Member::payload);
  return found == members.end() ? nullptr : &*found;
}

const Operation* Model::find(std::string_view operation) const {
  const auto found = std::ranges::lower_bound(operations, operation, {}, &Operation::name);
  return found == operations.end() || found->name != operation ? nullptr : &*found;
}

}  // namespace ringi::aws
