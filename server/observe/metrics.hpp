#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace prometheus {
class Registry;
}

namespace ringi::observe {

// Counters, gauges and latencies, written out by /metrics. Thread-safe. Names follow Prometheus:
// "ringi_requests_total", seconds for times.
class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  Metrics();
  ~Metrics();
  void count(std::string_view name, const Labels& labels = {}, double by = 1);
  void gauge(std::string_view name, double value, const Labels& labels = {});
  void observe(std::string_view name, double seconds, const Labels& labels = {});
  std::string text() const;  // Prometheus exposition format 0.0.4

 private:
  std::shared_ptr<prometheus::Registry> registry_;
};

}  // namespace ringi::observe
