#pragma once

#include "server/net/transport.hpp"
#include "server/observe/log.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace ringi::observe {
class Metrics;
}

namespace ringi::net {

struct TransportOptions {
  std::string user_agent = "ringi";  // "ringi/<version>"
  std::string ca_bundle = {};        // PEM file; "": the system's
  std::string https_proxy =
      {};                     // HTTPS_PROXY; never used for this machine and credential endpoints
  std::string no_proxy = {};  // NO_PROXY, as libcurl reads it
  std::size_t max_calls = 1024;  // waiting and running; one more is Errc::unavailable
  long max_connections = 256;
};

// One thread that drives libcurl's multi interface. Metrics: ringi_calls_total{host,outcome},
// ringi_call_seconds{host}. The destructor ends what still runs and joins the thread.
// REQUIRES: curl_global_init() was called; the callers' executors outlive the transport.
std::unique_ptr<Transport> make_transport(TransportOptions options, observe::Log log,
                                          observe::Metrics& metrics);

}  // namespace ringi::net
