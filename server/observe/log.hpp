#pragma once

#include <spdlog/fwd.h>

#include <memory>
#include <string>

namespace ringi::observe {

// Created once in the composition root and handed to the few classes that log. A line on stderr is:
// time, level, message, with facts as key=value. Never a body, never a secret.
using Log = std::shared_ptr<spdlog::logger>;

Log make_log(const std::string& level);

}  // namespace ringi::observe
