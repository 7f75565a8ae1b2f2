#pragma once

#include <string>
#include <vector>

namespace ringi::config {

// One file as it was read.
struct Source {
  std::string file, text;
};

// "sha256:<hex>" over the files in the order they were read, each with its length: what the
// ledger's entries name as the configuration in force.
std::string digest_of(const std::vector<Source>& sources);

}  // namespace ringi::config
