#pragma once

#include "handlers/types/time.hpp"

#include <cstddef>

namespace ringi::http {

// What one client may cost. Every one of them is enforced for each listener on its own.
struct Limits {
  std::size_t head_bytes = 16u << 10;  // 431 beyond
  // Beyond each of the two the one that has been idle longest gives way; where none is idle the new
  // one is closed at once, and counted.
  std::size_t connections = 1000;
  std::size_t connections_per_peer = 64;  // not for trusted proxies
  std::size_t working = 512;              // requests whose endpoint runs; 503 beyond
  std::size_t working_aws = 256;  // the same for routes from AWS, so that neither fills the other's
  Duration handshake = std::chrono::seconds{10};
  Duration head = std::chrono::seconds{10};   // from the first byte to the last; 408 beyond
  Duration body = std::chrono::seconds{10};   // in all; 408 beyond, 503 where SNS would give up
  Duration write = std::chrono::seconds{10};  // one response
  Duration idle = std::chrono::seconds{75};   // between two requests: above a load balancer's 60
};

}  // namespace ringi::http
