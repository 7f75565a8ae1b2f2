#pragma once

#include "server/http/types.hpp"
#include "server/observe/metrics.hpp"

#include <functional>
#include <vector>

namespace ringi::http {

// True while requests can be taken: not draining, and the store answers.
using Ready = std::function<Task<bool>()>;

// /livez (200 while the I/O thread turns) and /readyz (503 while not ready).
std::vector<Route> health_routes(Ready ready);

// The same and /metrics. `metrics` must outlive the listener.
std::vector<Route> admin_routes(Ready ready, const observe::Metrics& metrics);

}  // namespace ringi::http
