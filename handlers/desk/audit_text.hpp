#pragma once

#include "handlers/message/text.hpp"

#include <string>

namespace ringi::desk {

// One line for a ledger entry (canonical JSON text, contract section 6).
message::Text audit_line(const std::string& entry);

}  // namespace ringi::desk
