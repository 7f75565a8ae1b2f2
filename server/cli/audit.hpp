#pragma once

#include "handlers/ports/clock.hpp"
#include "server/ledger/key.hpp"
#include "server/ledger/source.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace CLI {
class App;
}

namespace ringi::cli {

struct OpenLedger {
  std::unique_ptr<ledger::LedgerSource> source;
  ledger::VerifierKey key;  // the public half of [ledger] key
};

struct AuditParts {
  // Called once a subcommand that needs the store was parsed: loads the config, opens the store;
  // nullopt after it said why not.
  std::function<std::optional<OpenLedger>()> open;
  const ports::Clock& clock;
  int& exit_code;
};

// `ringi audit list|verify|prove|verify-proof|key`. What `parts` refers to must outlive
// app.parse().
void add_audit(CLI::App& app, AuditParts parts);

}  // namespace ringi::cli
