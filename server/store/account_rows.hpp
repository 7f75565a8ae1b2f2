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

  // A hundred to a commit; what a failure left out is written next time.
  Task<Result<void>> keep(std::vector<AccountWrite> writes);
  // The row that waits with this move, replaced; false: none does, and nothing was written.
  Task<Result<bool>> settle(OpaqueId move, AccountWrite write);

 private:
  Store& store_;
  ports::Ids& ids_;
};

}  // namespace ringi::store
