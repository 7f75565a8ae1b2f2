#include "server/ledger/audit.hpp"

#include "server/ledger/note.hpp"
#include "server/ledger/receipt.hpp"
#include "server/ledger/table.hpp"
#include "server/ledger/verify.hpp"

#include <nlohmann/json.hpp>

namespace ringi::ledger {
namespace {

using nlohmann::json;

constexpr int ok = 0;
constexpr int not_ok = 1;
constexpr int wrong_usage = 2;

int failed(std::ostream& err, const std::string& what) {
  err << "ringi: " << printable(what) << '\n';
  return not_ok;
}

int misused(std::ostream& err, const std::string& what) {
  failed(err, what);
  return wrong_usage;
}

// What was copied out of a message or saved by an editor: line ends and the end of the text differ.
std::string as_note(const std::string& text) {
  std::string note;
  for (const char c : text) {
    if (c != '\r') note += c;
  }
  const auto first = note.find_first_not_of('\n');
  const auto last = note.find_last_not_of('\n');
  return first == note.npos ? std::string{} : note.substr(first, last - first + 1) + '\n';
}

std::string range_of(const Fault& fault) {
  const std::string first = std::to_string(fault.first);
  return fault.first == fault.last
             ? "entry " + first + " does not hold"
             : "entries " + first + " to " + std::to_string(fault.last) + " do not hold";
}

// A PEM file names nobody: the key is then taken to be that of the log which the receipt names.
Result<VerifierKey> verifier_of(const std::string& key, const Receipt& receipt) {
  if (key.find("-----BEGIN") == key.npos) {
    return VerifierKey::parse(key.substr(0, key.find_last_not_of(" \r\n") + 1));
  }
  const auto note = parse_note(receipt.note);
  if (note.has_error()) return note.error();
  const auto checkpoint = parse_checkpoint(note->text);
  if (checkpoint.has_error()) return checkpoint.error();
  return VerifierKey::from_pem(checkpoint->origin, key);
}

}  // namespace

int audit_list(const AuditListOptions& options, LedgerSource& source, std::ostream& out,
               std::ostream& err) {
  std::vector<std::vector<std::string>> rows{table_head()};
  const auto read = source.entries([&](const Row& row) {
    const json entry = json::parse(row.json, nullptr, false);
    if (!matches(options.filter, entry)) return true;
    if (options.json) {
      out << row.json << '\n';
    } else {
      rows.push_back(table_row(entry));
    }
    return true;
  });
  if (read.has_error()) return failed(err, read.error().log.text);
  if (!options.json) write_table(out, rows);
  return ok;
}

int audit_verify(const std::optional<std::string>& checkpoint, LedgerSource& source,
                 const VerifierKey& key, std::ostream& out, std::ostream& err) {
  std::optional<Checkpoint> outside;
  if (checkpoint) {
    const auto opened = open_checkpoint(as_note(*checkpoint), key);
    if (opened.has_error()) {
      const std::string what = "the checkpoint from outside: " + opened.error().log.text;
      return opened.error().code == Errc::invalid ? misused(err, what) : failed(err, what);
    }
    outside = *opened;
  }
  const auto verdict = verify(source, key, outside);
  if (verdict.has_error()) return failed(err, verdict.error().log.text);
  if (verdict->fault) return failed(err, range_of(*verdict->fault) + ": " + verdict->fault->why);
  out << "ok: " << verdict->head.size << " entries, root " << crypto::to_hex(verdict->head.root)
      << '\n';
  if (outside) {
    out << "witnessed: nothing up to entry " << outside->head.size << " was changed or cut off\n";
  } else {
    out << "no outside witness: give a published checkpoint with --checkpoint FILE\n";
  }
  return ok;
}

int audit_prove(std::int64_t seq, LedgerSource& source, const VerifierKey& key, std::ostream& out,
                std::ostream& err) {
  const auto receipt = prove(source, seq, key);
  if (receipt.has_error()) return failed(err, receipt.error().log.text);
  out << receipt_text(*receipt);
  return ok;
}

int audit_verify_proof(const std::string& receipt, const std::string& key, std::ostream& out,
                       std::ostream& err) {
  const auto parsed = parse_receipt(receipt);
  if (parsed.has_error()) return misused(err, parsed.error().log.text);
  const auto verifier = verifier_of(key, *parsed);
  if (verifier.has_error()) return misused(err, "--key: " + verifier.error().log.text);
  const auto checkpoint = check_receipt(*parsed, *verifier);
  if (checkpoint.has_error()) return failed(err, checkpoint.error().log.text);
  out << "ok: entry " << parsed->index + 1 << " of " << checkpoint->head.size << " in "
      << checkpoint->origin << '\n'
      << parsed->entry << '\n';
  return ok;
}

}  // namespace ringi::ledger
