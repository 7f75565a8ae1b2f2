#pragma once

#include "server/ledger/checkpoint.hpp"
#include "server/ledger/source.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ringi::ledger {

// c2sp.org/tlog-proof: that one entry is in the ledger, for a machine without database and network.
// The entry itself travels as the proof's extra data, which proves nothing until it is hashed.
struct Receipt {
  std::string entry;        // canonical JSON
  std::uint64_t index = 0;  // zero-based: seq - 1
  Proof proof;
  std::string note;  // the signed checkpoint
};

std::string receipt_text(const Receipt& receipt);
// The shape only; at most 2 MiB.
Result<Receipt> parse_receipt(std::string_view text);

// The signature, the inclusion, and that the entry bears the number that its place gives it.
Result<Checkpoint> check_receipt(const Receipt& receipt, const VerifierKey& key);

// Against the newest checkpoint. Errc::not_found: no such entry; Errc::conflict: the ledger does
// not hold, or no checkpoint covers the entry.
Result<Receipt> prove(LedgerSource& source, std::int64_t seq, const VerifierKey& key);

}  // namespace ringi::ledger
