#include "server/ledger/receipt.hpp"

#include "server/crypto/base64.hpp"
#include "server/ledger/decimal.hpp"

#include <nlohmann/json.hpp>

#include <optional>

namespace ringi::ledger {
namespace {

using nlohmann::json;

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra = "extra ";
constexpr std::string_view index_word = "index ";
constexpr std::size_t max_receipt = 2 * 1024 * 1024;
constexpr std::size_t max_path = 64;  // levels of a tree whose size is 64 bits wide

Error malformed(const std::string& why) {
  return error(Errc::invalid, "not a receipt (c2sp.org/tlog-proof@v1): " + why);
}

// Takes one line off, which may be empty; nullopt at the end of the text.
std::optional<std::string_view> next_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == text.npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool bears_number(const std::string& entry, std::uint64_t seq) {
  const json parsed = json::parse(entry, nullptr, false);
  const auto at = parsed.is_object() ? parsed.find("seq") : parsed.end();
  return at != parsed.end() && at->is_number_unsigned() && at->get<std::uint64_t>() == seq;
}

struct Wanted {
  std::vector<Hash> leaves;
  std::string entry;
};

Result<Wanted> read(LedgerSource& source, std::int64_t seq, std::uint64_t size) {
  Wanted wanted;
  const auto done = source.entries([&](const Row& row) {
    wanted.leaves.push_back(leaf_hash(row.json));
    if (row.seq == seq) wanted.entry = row.json;
    return wanted.leaves.size() < size;
  });
  if (done.has_error()) return done.error();
  return wanted;
}

}  // namespace

std::string receipt_text(const Receipt& receipt) {
  std::string text{first_line};
  text += '\n';
  text += std::string{extra} + crypto::to_base64(receipt.entry) + '\n';
  text += std::string{index_word} + std::to_string(receipt.index) + '\n';
  for (const Hash& hash : receipt.proof) text += crypto::to_base64(hash) + '\n';
  return text + '\n' + receipt.note;
}

Result<Receipt> parse_receipt(std::string_view text) {
  if (text.size() > max_receipt) return malformed("larger than 2 MiB");
  if (next_line(text) != first_line) return malformed("its first line is another");
  auto line = next_line(text);
  if (!line || !line->starts_with(extra))
    return malformed("it does not hold the entry (\"extra\")");
  const auto entry = crypto::from_base64(line->substr(extra.size()));
  if (!entry) return malformed("the entry is not base64");
  line = next_line(text);
  if (!line || !line->starts_with(index_word)) return malformed("it has no index");
  const auto index = parse_decimal(line->substr(index_word.size()));
  if (!index) return malformed("its index is not a number");
  Receipt receipt{*entry, *index, {}, {}};
  for (line = next_line(text); line && !line->empty(); line = next_line(text)) {
    const auto hash = crypto::hash_from_base64(*line);
    if (!hash) return malformed("a line of its path is not a SHA-256 hash");
    if (receipt.proof.size() == max_path)
      return malformed("its path is longer than any tree is deep");
    receipt.proof.push_back(*hash);
  }
  if (!line) return malformed("it ends before the checkpoint");
  receipt.note = text;
  return receipt;
}

Result<Checkpoint> check_receipt(const Receipt& receipt, const VerifierKey& key) {
  auto checkpoint = open_checkpoint(receipt.note, key);
  if (checkpoint.has_error()) return checkpoint;
  if (!includes(checkpoint->head.root, checkpoint->head.size, receipt.index,
                leaf_hash(receipt.entry), receipt.proof)) {
    return error(Errc::denied, "the checkpoint does not cover this entry at this place");
  }
  if (!bears_number(receipt.entry, receipt.index + 1)) {
    return error(Errc::denied, "the entry bears another number than its place");
  }
  return checkpoint;
}

Result<Receipt> prove(LedgerSource& source, std::int64_t seq, const VerifierKey& key) {
  const auto newest = source.newest_checkpoint();
  if (newest.has_error()) return newest.error();
  if (!*newest) return error(Errc::not_found, "the ledger has no checkpoint yet");
  const auto checkpoint = open_checkpoint(**newest, key);
  if (checkpoint.has_error()) return checkpoint.error();
  const std::uint64_t size = checkpoint->head.size;
  if (seq < 1 || std::cmp_greater(seq, size)) {
    return error(Errc::not_found, "no entry " + std::to_string(seq) +
                                      ": the newest checkpoint covers 1 to " +
                                      std::to_string(size));
  }
  auto wanted = read(source, seq, size);
  if (wanted.has_error()) return wanted.error();
  if (root_of(wanted->leaves) != checkpoint->head.root) {
    return error(Errc::conflict,
                 "the entries are not those of the checkpoint; see: ringi audit verify");
  }
  const auto index = static_cast<std::size_t>(seq - 1);
  return Receipt{std::move(wanted->entry), index, inclusion_proof(wanted->leaves, index), **newest};
}

}  // namespace ringi::ledger
