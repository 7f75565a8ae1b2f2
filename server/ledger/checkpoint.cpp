#include "server/ledger/checkpoint.hpp"

#include "server/crypto/base64.hpp"
#include "server/ledger/decimal.hpp"
#include "server/ledger/note.hpp"

#include <optional>

namespace ringi::ledger {
namespace {

Error malformed(const std::string& why) {
  return error(Errc::invalid, "not a checkpoint: " + why);
}

// Takes one line off; nullopt where there is none, or an empty one.
std::optional<std::string_view> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == text.npos || end == 0) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string checkpoint_text(const Checkpoint& checkpoint) {
  return checkpoint.origin + '\n' + std::to_string(checkpoint.head.size) + '\n' +
         crypto::to_base64(checkpoint.head.root) + '\n';
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const auto origin = next_line(text);
  const auto size_line = next_line(text);
  const auto root_line = next_line(text);
  if (!origin || !size_line || !root_line)
    return malformed("it needs an origin, a size and a root");
  const auto size = parse_decimal(*size_line);
  if (!size) return malformed("its size is not a number");
  const auto root = crypto::hash_from_base64(*root_line);
  if (!root) return malformed("its root is not a SHA-256 hash");
  while (!text.empty()) {
    if (!next_line(text)) return malformed("it holds an empty line");
  }
  return Checkpoint{std::string{*origin}, {*size, *root}};
}

std::string sign_checkpoint(const Head& head, const SigningKey& key) {
  return sign_note(checkpoint_text({key.verifier().name(), head}), key);
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
  const auto text = open_note(note, key);
  if (text.has_error()) return text.error();
  auto checkpoint = parse_checkpoint(*text);
  if (checkpoint && checkpoint->origin != key.name()) {
    return error(Errc::denied, "a checkpoint of another log: " + checkpoint->origin);
  }
  return checkpoint;
}

}  // namespace ringi::ledger
