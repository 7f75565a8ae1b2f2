#pragma once

#include "server/aws/client/environment.hpp"
#include "server/cli/configuration.hpp"

#include <iosfwd>
#include <string>

namespace ringi::cli {

struct CheckOptions {
  std::string config;
  bool offline = false;
  bool json = false;
  aws::Environment environment = {};  // where AWS credentials may be set up
};

// `ringi check --offline [--json]`: every problem of the configuration, its secrets and files at
// once; which source of AWS credentials wins on this machine, and why not another.
int run_check(const CheckOptions& options, const Surroundings& surroundings, std::ostream& out,
              std::ostream& err);

}  // namespace ringi::cli
