#pragma once

#include "server/cli/configuration.hpp"

#include <iosfwd>
#include <string>

namespace ringi::cli {

struct CheckOptions {
  std::string config;
  bool offline = false;
  bool json = false;
};

// `ringi check --offline [--json]`: every problem of the configuration, its secrets and files at
// once.
int run_check(const CheckOptions& options, const Surroundings& surroundings, std::ostream& out,
              std::ostream& err);

}  // namespace ringi::cli
