#pragma once

#include "handlers/types/time.hpp"
#include "server/config/config.hpp"
#include "server/config/files.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace ringi::cli {

// 0 ok, 1 the thing checked is not ok, 2 wrong usage or configuration.
inline constexpr int ok = 0, not_ok = 1, wrong_usage = 2;

// What a subcommand finds around it; a test brings its own.
struct Surroundings {
  config::Files& files;
  config::Variables variables;
  Time now;
};

// Whether there is a configuration to read; where not, that was told.
bool is_there(const std::string& file, config::Files& files, std::ostream& err);

// nullopt after every problem was printed: the command ends with wrong_usage.
std::optional<config::Config> load_or_tell(const std::string& file,
                                           const Surroundings& surroundings, std::ostream& err);

}  // namespace ringi::cli
