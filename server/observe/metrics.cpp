#include "server/observe/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace ringi::observe {

namespace {

// From a commit that shared its fsync (1 ms) to a call that nearly met its deadline (10 s).
const prometheus::Histogram::BucketBoundaries bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                     0.25,  0.5,    1,     2.5,  5,     10};

}  // namespace

// Registering a family or a label set that exists returns the one that is there.
Metrics::Metrics()
    : registry_(
          std::make_shared<prometheus::Registry>(prometheus::Registry::InsertBehavior::Merge)) {}

Metrics::~Metrics() = default;

void Metrics::count(std::string_view name, const Labels& labels, double by) {
  auto& family = prometheus::BuildCounter().Name(std::string{name}).Register(*registry_);
  family.Add(labels).Increment(by);
}

void Metrics::gauge(std::string_view name, double value, const Labels& labels) {
  auto& family = prometheus::BuildGauge().Name(std::string{name}).Register(*registry_);
  family.Add(labels).Set(value);
}

void Metrics::observe(std::string_view name, double seconds, const Labels& labels) {
  auto& family = prometheus::BuildHistogram().Name(std::string{name}).Register(*registry_);
  family.Add(labels, bounds).Observe(seconds);
}

std::string Metrics::text() const {
  return prometheus::TextSerializer{}.Serialize(registry_->Collect());
}

}  // namespace ringi::observe
