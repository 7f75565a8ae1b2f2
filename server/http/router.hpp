#pragma once

#include "server/http/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ringi::http {

// Which route answers. Paths are compared byte for byte: no decoding, no trailing-slash magic.
class Router {
 public:
  explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

  struct Match {
    const Route* route = nullptr;  // nullptr: 404, or 405 where `allow` names methods
    std::string allow;             // "GET, POST"
  };
  Match find(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;  // a handful: a linear search is faster than a hash
};

}  // namespace ringi::http
