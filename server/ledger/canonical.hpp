#pragma once

#include "handlers/types/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace ringi::ledger {

// RFC 8785 (JCS). Errc::invalid for what it cannot hold exactly: floating-point numbers (the ledger
// has none), integers beyond 2^53 - 1, and text that is not UTF-8.
Result<std::string> canonical(const nlohmann::json& value);

// By UTF-16 code units, as RFC 8785 section 3.2.3 sorts names. REQUIRES: both are UTF-8.
bool utf16_less(std::string_view left, std::string_view right);

// Every malformed sequence becomes U+FFFD: what a person typed must not keep its entry out.
std::string well_formed(std::string_view text);

}  // namespace ringi::ledger
