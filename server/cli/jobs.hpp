#pragma once

#include "server/cli/configuration.hpp"

#include <iosfwd>
#include <string>

namespace ringi::cli {

struct JobsOptions {
  std::string config;
  std::string id, reason;
};

// `ringi jobs list|retry|drop`: what waits, what failed for good and why.
int run_jobs_list(const JobsOptions& options, const Surroundings& surroundings, std::ostream& out,
                  std::ostream& err);
int run_jobs_retry(const JobsOptions& options, const Surroundings& surroundings, std::ostream& out,
                   std::ostream& err);
int run_jobs_drop(const JobsOptions& options, const Surroundings& surroundings, std::ostream& out,
                  std::ostream& err);

}  // namespace ringi::cli
