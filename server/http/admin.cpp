#include "server/http/admin.hpp"

namespace ringi::http {
namespace {

constexpr const char* plain_text = "text/plain; charset=utf-8";
constexpr const char* prometheus_text = "text/plain; version=0.0.4; charset=utf-8";

Task<Response> livez(Request) {
  co_return Response{.content_type = plain_text, .body = "ok\n"};
}

Task<Response> readyz(Ready ready) {
  const bool yes = co_await ready();
  if (yes) co_return Response{.content_type = plain_text, .body = "ok\n"};
  co_return error_response(503, "not_ready");
}

Task<Response> metrics_text(const observe::Metrics* metrics) {
  co_return Response{.content_type = prometheus_text, .body = metrics->text()};
}

Route get(std::string path, Endpoint endpoint) {
  return Route{
      .method = "GET", .path = std::move(path), .body_limit = 0, .endpoint = std::move(endpoint)};
}

}  // namespace

std::vector<Route> health_routes(Ready ready) {
  return {get("/livez", livez),
          get("/readyz", [ready = std::move(ready)](Request) { return readyz(ready); })};
}

std::vector<Route> admin_routes(Ready ready, const observe::Metrics& metrics) {
  auto routes = health_routes(std::move(ready));
  routes.push_back(
      get("/metrics", [metrics = &metrics](Request) { return metrics_text(metrics); }));
  return routes;
}

}  // namespace ringi::http
