#include "server/ledger/verify.hpp"

#include "server/ledger/tail.hpp"

#include <nlohmann/json.hpp>

namespace ringi::ledger {
namespace {

using nlohmann::json;

std::string member(const json& entry, const std::string& pointer) {
  const json::json_pointer at{pointer};
  if (!entry.contains(at)) return {};
  const json& value = entry.at(at);
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// What a row says of itself; nullopt where all of it holds.
std::optional<std::string> fault_in(const Row& row) {
  if (crypto::to_hex(leaf_hash(row.json)) != row.hash)
    return "its bytes are not those that were hashed";
  const json entry = json::parse(row.json, nullptr, false);
  if (!entry.is_object()) return "it is not a JSON object";
  const std::string seq = member(entry, "/seq");
  if (seq != std::to_string(row.seq)) return "in its place stands entry " + seq;
  for (const auto& [pointer, text] : row.columns) {
    if (member(entry, pointer) != text) return "the store's column for " + pointer + " was changed";
  }
  return std::nullopt;
}

class Walk {
 public:
  Walk(LedgerSource& source, const VerifierKey& key, const std::optional<Checkpoint>& outside)
      : source_(source), key_(key), outside_(outside) {}

  Result<Verdict> run() {
    const auto read = source_.entries([this](const Row& row) { return step(row); });
    if (read.has_error()) return read.error();
    if (unreadable_) return *unreadable_;
    if (!fault_) {
      const auto ended = check_end();
      if (ended.has_error()) return ended.error();
    }
    return Verdict{{edge_.size(), edge_.root()}, fault_};
  }

 private:
  bool step(const Row& row) {
    const std::uint64_t expected = edge_.size() + 1;
    if (!std::cmp_equal(row.seq, expected)) {
      const bool gap = std::cmp_greater(row.seq, expected);
      return stop({expected, expected, gap ? "it is missing" : "the entries are out of order"});
    }
    if (const auto why = fault_in(row)) return stop({expected, expected, *why});
    edge_.append(leaf_hash(row.json));
    if (outside_ && outside_->head.size == edge_.size() && outside_->head.root != edge_.root()) {
      return stop({1, edge_.size(), "the checkpoint from outside was signed over other entries"});
    }
    return check_stored(row.seq);
  }

  // The stored checkpoint of this size, if there is one: each covers the entries since the last.
  bool check_stored(std::int64_t size) {
    const auto note = source_.checkpoint_of(size);
    if (note.has_error()) {
      unreadable_ = note.error();
      return false;
    }
    if (!*note) return true;
    const auto checkpoint = open_checkpoint(**note, key_);
    if (checkpoint.has_error()) {
      return stop({covered_ + 1, edge_.size(), "their checkpoint: " + checkpoint.error().log.text});
    }
    if (checkpoint->head != Head{edge_.size(), edge_.root()}) {
      return stop({covered_ + 1, edge_.size(), "their checkpoint was signed over other entries"});
    }
    covered_ = edge_.size();
    return true;
  }

  Result<void> check_end() {
    const std::uint64_t next = edge_.size() + 1;
    if (outside_ && outside_->head.size > edge_.size()) {
      stop({next, outside_->head.size, "cut off: the checkpoint from outside covers them"});
      return {};
    }
    const auto newest = source_.newest_checkpoint();
    if (newest.has_error()) return newest.error();
    const auto tail = source_.tail();
    if (tail.has_error()) return tail.error();
    if (*newest) check_newest(**newest);
    if (fault_) return {};
    if (covered_ < edge_.size()) {
      stop({covered_ + 1, edge_.size(), "no signed checkpoint covers them"});
    } else if (!std::cmp_equal(tail->size, edge_.size())) {
      stop({next, next, "the store's tail stands at " + std::to_string(tail->size)});
    } else if (tail->frontier != tail_of(edge_).frontier) {
      stop({next, next, "the store's tail holds other hashes: nothing can be built on it"});
    }
    return {};
  }

  void check_newest(const std::string& note) {
    const auto checkpoint = open_checkpoint(note, key_);
    const std::uint64_t next = edge_.size() + 1;
    if (checkpoint.has_error()) {
      stop({next, next, "the newest checkpoint: " + checkpoint.error().log.text});
    } else if (checkpoint->head.size > edge_.size()) {
      stop({next, checkpoint->head.size, "cut off: the newest checkpoint covers them"});
    }
  }

  bool stop(Fault fault) {
    fault_ = std::move(fault);
    return false;
  }

  LedgerSource& source_;
  const VerifierKey& key_;
  const std::optional<Checkpoint>& outside_;
  Edge edge_;
  std::uint64_t covered_ = 0;  // by the last stored checkpoint that held
  std::optional<Fault> fault_;
  std::optional<Error> unreadable_;
};

}  // namespace

Result<Verdict> verify(LedgerSource& source, const VerifierKey& key,
                       const std::optional<Checkpoint>& outside) {
  return Walk{source, key, outside}.run();
}

}  // namespace ringi::ledger
