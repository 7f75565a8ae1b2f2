#pragma once

#include "handlers/access/moves.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/ledger.hpp"

#include <optional>
#include <vector>

namespace ringi::store {

class Store;

// One account's new row with what belongs into the same commit.
struct AccountWrite {
  std::optional<access::KnownAccount> before;  // on what it was drafted; nullopt: there was none
  access::KnownAccount row;
  std::optional<ports::Entry> entry;
  std::vector<Chore> chores;  // due at once
};

// The accounts as they were last in force.
class AccountRows {
 public:
  AccountRows(Store& store, ports::Ids& ids) : store_(store), ids_(ids) {}

  Task<Result<std::vector<access::KnownAccount>>> all();
  // On the calling thread, for the command line.
  Result<std::vector<access::KnownAccount>> all_now();

  Task<Result<std::optional<access::KnownAccount>>> waiting(OpaqueId move);

  // All in one commit, or nothing: Errc::conflict where a row is not as it was drafted on.
  Task<Result<void>> keep(std::vector<AccountWrite> writes);
  // Environment and wall of the row that waits with this move; its `before` does not count. false:
  // none waits, and nothing was written.
  Task<Result<bool>> settle(OpaqueId move, AccountWrite write);

 private:
  Store& store_;
  ports::Ids& ids_;
};

}  // namespace ringi::store
