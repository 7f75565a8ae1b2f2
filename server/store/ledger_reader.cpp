#include "server/store/ledger_reader.hpp"

#include "server/store/statement.hpp"
#include "server/store/store.hpp"
#include "server/store/transaction.hpp"

namespace ringi::store {
namespace {

constexpr std::int64_t entries_at_once = 1000;

using EntryRow = std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string,
                            std::string, std::string, std::string, std::string>;
using CheckpointRow = std::tuple<std::int64_t, std::string, std::int64_t, int>;

StoredEntry entry_of(const EntryRow& row) {
  const auto& [seq, time, kind, execution, account, actor, once, json, leaf] = row;
  return {seq, from_unix_micros(time), kind, execution, account, actor, once, json, leaf};
}

std::vector<EntryRow> entries_after(Session& sql, std::int64_t seq) {
  return select<EntryRow>(
      sql,
      "SELECT seq, time, kind, execution, account, actor, COALESCE(once, ''), json, leaf"
      " FROM ledger_entries WHERE seq > :seq ORDER BY seq LIMIT :count",
      seq, entries_at_once);
}

template <class... Values>
Result<std::optional<StoredCheckpoint>> first_checkpoint(Session& sql, const std::string& which,
                                                         const Values&... values) {
  const auto rows = select<CheckpointRow>(
      sql, "SELECT size, note, time, published FROM checkpoints " + which, values...);
  if (rows.empty()) return std::optional<StoredCheckpoint>{};
  const auto& [size, note, time, published] = rows.front();
  return std::optional{StoredCheckpoint{size, note, from_unix_micros(time), published != 0}};
}

Result<std::optional<StoredCheckpoint>> newest(Session& sql) {
  return first_checkpoint(sql, "ORDER BY size DESC LIMIT 1");
}

}  // namespace

Result<void> LedgerReader::for_each(const std::function<bool(const StoredEntry&)>& each) {
  std::int64_t last = 0;
  while (true) {
    const auto rows = store_.read_now(
        [last](Session& sql) -> Result<std::vector<EntryRow>> { return entries_after(sql, last); });
    if (rows.has_error()) return rows.error();
    for (const auto& row : *rows)
      if (!each(entry_of(row))) return {};
    if (rows->empty()) return {};
    last = std::get<0>(rows->back());
  }
}

Result<std::vector<std::string>> LedgerReader::leaves() {
  std::vector<std::string> leaves;
  const auto done = for_each([&](const StoredEntry& entry) {
    leaves.push_back(entry.leaf);
    return true;
  });
  if (done.has_error()) return done.error();
  return leaves;
}

Result<ledger::Tail> LedgerReader::tail() {
  return store_.read_now([](Session& sql) -> Result<ledger::Tail> { return stored_tail(sql); });
}

Result<std::optional<StoredCheckpoint>> LedgerReader::newest_checkpoint() {
  return store_.read_now(newest);
}

Result<std::optional<StoredCheckpoint>> LedgerReader::checkpoint_of(std::int64_t size) {
  return store_.read_now(
      [size](Session& sql) { return first_checkpoint(sql, "WHERE size = :size", size); });
}

Task<Result<std::optional<StoredCheckpoint>>> LedgerReader::unpublished() {
  Result<std::optional<StoredCheckpoint>> checkpoint = co_await store_.read(newest);
  if (checkpoint.has_value() && *checkpoint && (*checkpoint)->published) checkpoint->reset();
  co_return checkpoint;
}

Task<Result<void>> LedgerReader::mark_published(std::int64_t size) {
  const auto work = [size](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(),
            "UPDATE checkpoints SET published = 1 WHERE size <= :size AND published = 0", size);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

}  // namespace ringi::store
