#pragma once

#include "server/ledger/checkpoint.hpp"
#include "server/ledger/source.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ringi::ledger {

// The first thing that does not hold. Where only a checkpoint tells, it is one of first..last.
struct Fault {
  std::uint64_t first = 0, last = 0;
  std::string why;
};

struct Verdict {
  Head head;  // of the entries that were read
  std::optional<Fault> fault;
};

// Recomputes the whole ledger: the order, every leaf, every stored checkpoint and its signature,
// and that the newest covers all. `outside` is a checkpoint kept elsewhere, already opened with
// `key`: only that can show that a cut tail, or a past rewritten with the key in hand, is not the
// truth. An Error means that the store could not be read.
Result<Verdict> verify(LedgerSource& source, const VerifierKey& key,
                       const std::optional<Checkpoint>& outside);

}  // namespace ringi::ledger
