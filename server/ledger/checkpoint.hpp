#pragma once

#include "server/ledger/key.hpp"
#include "server/ledger/merkle.hpp"

#include <string>
#include <string_view>

namespace ringi::ledger {

// c2sp.org/tlog-checkpoint: a signed note about the head of one log.
struct Checkpoint {
  std::string origin;
  Head head;
};

// The note's text: origin, size and base64 root, a line each.
std::string checkpoint_text(const Checkpoint& checkpoint);
// Extension lines are passed over. No signature is checked.
Result<Checkpoint> parse_checkpoint(std::string_view text);

std::string sign_checkpoint(const Head& head, const SigningKey& key);
// Signed by `key`, and of the log that bears the key's name.
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);

}  // namespace ringi::ledger
