#include "server/ledger/note.hpp"

#include "server/crypto/base64.hpp"
#include "server/ledger/canonical.hpp"

#include <algorithm>
#include <optional>

namespace ringi::ledger {
namespace {

constexpr std::size_t max_note = 1024 * 1024;
constexpr std::size_t max_signatures = 100;
constexpr std::string_view dash = "\u2014 ";

Error malformed(const std::string& why) {
  return error(Errc::invalid, "not a signed note: " + why);
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

// "— name base64(key id || signature)", without its newline.
std::optional<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(dash)) return std::nullopt;
  line.remove_prefix(dash.size());
  const auto space = line.find(' ');
  if (space == line.npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  const auto bytes = crypto::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) return std::nullopt;
  NoteSignature signature{std::string{line.substr(0, space)}, 0, bytes->substr(4)};
  for (const char c : std::string_view{*bytes}.substr(0, 4)) {
    signature.key_id = (signature.key_id << 8) | static_cast<unsigned char>(c);
  }
  return signature;
}

}  // namespace

Result<Note> parse_note(std::string_view note) {
  if (note.size() > max_note) return malformed("larger than 1 MiB");
  if (has_control_character(note)) return malformed("it holds control characters");
  if (well_formed(note) != note) return malformed("it is not UTF-8");
  // The last empty line parts the text from the signatures.
  const auto blank = note.rfind("\n\n");
  if (blank == note.npos) return malformed("no empty line before the signatures");
  Note parsed{std::string{note.substr(0, blank + 1)}, {}};
  std::string_view rest = note.substr(blank + 2);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == rest.npos) return malformed("the last line does not end");
    auto signature = parse_signature(rest.substr(0, end));
    if (!signature) return malformed("a signature line is malformed");
    if (parsed.signatures.size() == max_signatures) return malformed("too many signatures");
    parsed.signatures.push_back(std::move(*signature));
    rest.remove_prefix(end + 1);
  }
  if (parsed.signatures.empty()) return malformed("it has no signature");
  return parsed;
}

Result<std::string> open_note(std::string_view note, const VerifierKey& key) {
  auto parsed = parse_note(note);
  if (parsed.has_error()) return parsed.error();
  bool signed_by_key = false;
  for (const NoteSignature& signature : parsed->signatures) {
    if (signature.name != key.name() || signature.key_id != key.id()) continue;
    if (!key.verifies(parsed->text, signature.bytes)) {
      return error(Errc::denied, "the signature of " + key.name() + " does not hold");
    }
    signed_by_key = true;
  }
  if (!signed_by_key) return error(Errc::denied, "not signed by " + key.text());
  return std::move(parsed->text);
}

std::string sign_note(std::string_view text, const SigningKey& key) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>((key.verifier().id() >> shift) & 0xff);
  }
  bytes += key.sign(text);
  std::string note{text};
  note += '\n';
  note += dash;
  note += key.verifier().name() + ' ' + crypto::to_base64(bytes) + '\n';
  return note;
}

}  // namespace ringi::ledger
