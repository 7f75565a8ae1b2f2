#pragma once

#include "handlers/types/result.hpp"
#include "server/ledger/appender.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ringi::ledger {

struct AppenderOptions {
  std::string origin;                         // [ledger] origin: the log's and the key's name
  std::string private_key_pem;                // [ledger] key, resolved; used here and not kept
  std::vector<std::string> redact_variables;  // globs
  // "sha256:…" of the configuration in force, for each entry's "config". Called on the writer
  // thread: must be thread-safe. Empty: entries have no "config".
  std::function<std::string()> config_hash = {};
};

// Errc::invalid, naming the key of the configuration at fault, never the secret itself.
Result<std::unique_ptr<Appender>> make_appender(AppenderOptions options);

}  // namespace ringi::ledger
