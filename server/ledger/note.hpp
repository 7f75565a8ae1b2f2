#pragma once

#include "server/ledger/key.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::ledger {

// Signed notes: c2sp.org/signed-note. The text means nothing until open_note() has said so.
struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  std::string bytes;
};

struct Note {
  std::string text;  // with its final newline
  std::vector<NoteSignature> signatures;
};

// At most 1 MiB and 100 signatures (the specification asks for a limit, and for 16 at least).
Result<Note> parse_note(std::string_view note);

// The text, if `key` signed it. Other keys' signatures (witnesses) are passed over, as the
// specification demands; one of `key` that does not hold refuses the whole note.
Result<std::string> open_note(std::string_view note, const VerifierKey& key);

// REQUIRES: `text` ends in a newline.
std::string sign_note(std::string_view text, const SigningKey& key);

}  // namespace ringi::ledger
