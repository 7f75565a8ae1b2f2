#pragma once

#include "handlers/permission/gate.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ringi::desk {

// To which pipelines of an account an answer extends, as globs of the rules' own.
struct Reach {
  bool any = false;
  std::vector<std::string> only;    // empty: all of them
  std::vector<std::string> except;  // of those
};

// What one person may do where, as the rules tell it: AWS is not asked which pipelines there are.
class Rights {
 public:
  explicit Rights(permission::Gate& gate) : gate_(gate) {}

  using RulesPtr = std::shared_ptr<const access::Rules>;
  // REQUIRES: the question names an account of `rules` and no pipeline.
  Task<Result<Reach>> in(RulesPtr rules, SlackUser user, access::Question question);
  // In any account; asked in `here`, or where the account's cards stand where `here` is empty.
  Task<Result<bool>> anywhere(RulesPtr rules, SlackUser user, access::Action action,
                              SlackChannel here);

 private:
  permission::Gate& gate_;
};

}  // namespace ringi::desk
