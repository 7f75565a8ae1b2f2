#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"
#include "server/ledger/appender.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ringi::store {

class Store;

// An entry as it is stored: what `audit verify` recomputes.
struct StoredEntry {
  std::int64_t seq = 0;
  Time time;
  std::string kind, execution, account, actor, once;
  std::string json;  // canonical JSON
  std::string leaf;  // hex RFC 6962 leaf hash
};

struct StoredCheckpoint {
  std::int64_t size = 0;
  std::string note;  // signed
  Time time;
  bool published = false;
};

// The whole ledger, for the audit subcommands (synchronous) and for publishing (awaitable).
class LedgerReader {
 public:
  explicit LedgerReader(Store& store) : store_(store) {}

  // In the order of seq, until `each` says false. Memory stays bounded however long the ledger is.
  Result<void> for_each(const std::function<bool(const StoredEntry&)>& each);
  Result<std::vector<std::string>> leaves();  // hex, in order: what a proof of inclusion needs
  Result<ledger::Tail> tail();                // on what the next entry will be built
  Result<std::optional<StoredCheckpoint>> newest_checkpoint();
  Result<std::optional<StoredCheckpoint>> checkpoint_of(std::int64_t size);

  // The newest that is not published; nullopt when the newest of all is.
  Task<Result<std::optional<StoredCheckpoint>>> unpublished();
  // This one and every older: a checkpoint covers what came before it.
  Task<Result<void>> mark_published(std::int64_t size);

 private:
  Store& store_;
};

}  // namespace ringi::store
