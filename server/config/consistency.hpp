#pragma once

#include "server/config/config.hpp"

namespace ringi::config {

// What no section can see alone: names that mean each other, realms, what stands twice. Fills in
// each environment's realm and whether it is production.
void make_consistent(Config& config, Problems& problems);

}  // namespace ringi::config
