#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "server/http/limits.hpp"
#include "server/http/tls.hpp"
#include "server/http/types.hpp"
#include "server/observe/log.hpp"
#include "server/observe/metrics.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ringi::http {

struct ListenerOptions {
  std::string name;     // label of its metrics: "public", "admin", "health"
  std::string address;  // "0.0.0.0:8443", "[::]:8443" (IPv4 too); port 0 takes a free one
  std::optional<TlsFiles> tls = {};  // absent: plain HTTP
  std::vector<std::string> trusted_proxies = {};
  Limits limits = {};
  std::function<Time()> now;
};

// Accepts connections and has their requests answered. Used from the thread of its executor only.
class Listener {
 public:
  // REQUIRES: drain() has returned, or run() was never awaited.
  virtual ~Listener() = default;

  // Until drain() or cancellation; connections are accepted by the system from make_listener() on.
  virtual Task<> run() = 0;

  // For connections from now on; those that stand keep the certificate they saw. An error changes
  // nothing.
  virtual Result<void> reload_certificate(const TlsFiles& files) = 0;

  // Stops accepting, closes what is idle, lets what is in flight finish, and cuts off what has not
  // after `limit`. Safe to await twice.
  virtual Task<> drain(Duration limit) = 0;

  virtual std::uint16_t port() const = 0;
};

// Binds at once, so that a port in use or a bad certificate is known before anything runs.
Result<std::unique_ptr<Listener>> make_listener(boost::asio::any_io_executor executor,
                                                ListenerOptions options, std::vector<Route> routes,
                                                observe::Log log, observe::Metrics& metrics);

}  // namespace ringi::http
