#pragma once

#include "server/config/config.hpp"
#include "server/config/files.hpp"

#include <optional>
#include <string>

namespace ringi::config {

struct Loaded {
  std::optional<Config> config;  // only without problems
  Config as_read;                // what could be understood of it, problems or not
  Problems problems;             // every one, in the order of the files
};

// In the order of the files, the main file first.
void sort(Problems& problems, const std::string& main_file);

// Reads the main file and what it includes. Never throws for what a file holds.
Loaded load(const std::string& path, Files& files);

}  // namespace ringi::config
