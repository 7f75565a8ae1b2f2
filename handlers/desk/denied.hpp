#pragma once

#include "handlers/access/decide.hpp"
#include "handlers/ports/ledger.hpp"

#include <string>

namespace ringi::desk {

// A refused attempt is an entry too: who wanted to do what belongs to no account.
ports::Entry denied(const Delivery& delivery, Caller caller, Via via, std::string wanted,
                    const access::Decision& decision);

}  // namespace ringi::desk
