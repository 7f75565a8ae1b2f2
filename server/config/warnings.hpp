#pragma once

#include "server/config/config.hpp"
#include "server/config/files.hpp"

namespace ringi::config {

// What is allowed and probably not meant: conditions that no account meets, accounts that nobody
// can reach, statements that another one shadows, secrets that every user of the machine can read.
Problems warnings_of(const Config& config, Files& files);

}  // namespace ringi::config
