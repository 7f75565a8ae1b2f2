#pragma once

#include <string>

namespace ringi::app {

struct ServeOptions {
  std::string config;
  std::string log_level = "info";
};

// `ringi serve`: runs until SIGTERM or SIGINT; the exit code.
int serve(const ServeOptions& options);

}  // namespace ringi::app
