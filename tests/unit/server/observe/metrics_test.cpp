#include "server/observe/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringi::observe {
namespace {

TEST(Metrics, are_written_as_prometheus_reads_them) {
  Metrics metrics;
  metrics.count("ringi_requests_total", {{"path", "/slack/commands"}});
  metrics.count("ringi_requests_total", {{"path", "/slack/commands"}});
  metrics.gauge("ringi_connections", 3);
  metrics.observe("ringi_request_seconds", 0.004);
  const auto text = metrics.text();
  EXPECT_THAT(text, testing::HasSubstr("ringi_requests_total{path=\"/slack/commands\"} 2"));
  EXPECT_THAT(text, testing::HasSubstr("ringi_connections 3"));
  EXPECT_THAT(text, testing::HasSubstr("ringi_request_seconds_bucket{le=\"0.005\"} 1"));
}

}  // namespace
}  // namespace ringi::observe
