#include "server/aws/client/environment.hpp"

namespace ringi::aws {

std::string_view variable(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view{} : std::string_view{found->second};
}

}  // namespace ringi::aws
