#pragma once

#include "handlers/types/error.hpp"

#include <exception>
#include <string>

namespace ringi::store {

// What a person reads whenever the store is at fault.
Error unavailable(std::string for_log);

// The session takes no writes any more, though the link holds: its server became a standby. Another
// connection may lead to the one that does.
bool ends_session(const std::exception& failure);

// A driver's exception as an Error: Errc::unavailable where a repeat may help, else Errc::internal.
// The text is the driver's code alone: its messages quote parameters, which may be secrets.
Error fault(const std::exception& failure);

}  // namespace ringi::store
