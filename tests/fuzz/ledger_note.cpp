// room: server/ledger
#include "server/ledger/key.hpp"
#include "server/ledger/note.hpp"
#include "server/ledger/receipt.hpp"
#include "server/ledger/redact.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace ringi::ledger;

// golang.org/x/mod/sumdb/note's own test key.
const VerifierKey& key() {
  static const VerifierKey known =
      VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
          .value();
  return known;
}

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// Notes, checkpoints, receipts, keys and texts to redact: no crash, and what is accepted is one
// spelling.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  (void)open_checkpoint(text, key());
  (void)parse_checkpoint(text);
  if (const auto note = parse_note(text))
    demand(text.starts_with(note->text) && !note->signatures.empty());
  if (const auto receipt = parse_receipt(text)) {
    demand(receipt_text(*receipt) == text);
    (void)check_receipt(*receipt, key());
  }
  if (const auto parsed = VerifierKey::parse(text)) demand(parsed->text() == text);
  static const Redactor redactor{{"*TOKEN*"}};
  (void)redactor.text(text);
  return 0;
}
