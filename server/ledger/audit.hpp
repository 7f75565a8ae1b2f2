#pragma once

#include "server/ledger/key.hpp"
#include "server/ledger/listing.hpp"
#include "server/ledger/source.hpp"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace ringi::ledger {

// What `ringi audit …` does, on streams. Each returns the program's exit code: 0 ok, 1 the thing
// checked is not ok, 2 wrong usage; what is wrong goes to `err` as "ringi: …".

struct AuditListOptions {
  Filter filter;
  bool json = false;  // the stored text, one entry a line
};
int audit_list(const AuditListOptions& options, LedgerSource& source, std::ostream& out,
               std::ostream& err);

// `checkpoint`: the text of a signed checkpoint kept elsewhere.
int audit_verify(const std::optional<std::string>& checkpoint, LedgerSource& source,
                 const VerifierKey& key, std::ostream& out, std::ostream& err);

int audit_prove(std::int64_t seq, LedgerSource& source, const VerifierKey& key, std::ostream& out,
                std::ostream& err);

// `key`: a public key in PEM, or "name+hash+base64". Needs no ledger.
int audit_verify_proof(const std::string& receipt, const std::string& key, std::ostream& out,
                       std::ostream& err);

}  // namespace ringi::ledger
