#pragma once

#include "handlers/ports/ledger.hpp"
#include "handlers/types/time.hpp"
#include "server/ledger/redact.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace ringi::ledger {

// The JSON of one entry, with the names that docs/ledger.md promises. What is empty is left out;
// reasons and details are redacted; all text is UTF-8. `config`: "sha256:…" of what is in force.
nlohmann::json entry_json(ports::Seq seq, Time time, const ports::Entry& entry,
                          const std::string& config, const Redactor& redactor);

}  // namespace ringi::ledger
