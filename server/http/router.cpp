#include "server/http/router.hpp"

namespace ringi::http {

Router::Match Router::find(std::string_view method, std::string_view path) const {
  Match match;
  for (const auto& route : routes_) {
    if (route.path != path) continue;
    if (route.method == method) return Match{&route, {}};
    match.allow += (match.allow.empty() ? "" : ", ") + route.method;
  }
  return match;
}

}  // namespace ringi::http
