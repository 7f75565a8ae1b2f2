#include "server/store/transaction.hpp"

#include "server/store/fault.hpp"
#include "server/store/statement.hpp"

#include <sstream>

namespace ringi::store {
namespace {

std::string joined(const std::vector<std::string>& hashes) {
  std::string text;
  for (const auto& hash : hashes) text += (text.empty() ? "" : " ") + hash;
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::istringstream words{text};
  std::vector<std::string> hashes;
  for (std::string hash; words >> hash;) hashes.push_back(hash);
  return hashes;
}

}  // namespace

ledger::Tail stored_tail(Session& sql) {
  const auto rows = select<std::tuple<std::int64_t, std::string>>(
      sql, "SELECT size, frontier FROM ledger_tail WHERE id = 1");
  const auto& [size, frontier] = rows.at(0);
  return {size, split(frontier)};
}

Transaction::Transaction(Session& sql, const Dialect& dialect, const ports::Clock& clock,
                         const ledger::Appender* appender)
    : sql_(sql), dialect_(dialect), clock_(clock), appender_(appender) {}

Result<ports::Seq> Transaction::append(const ports::Entry& entry) {
  if (appender_ == nullptr)
    return error(Errc::invalid, "the ledger's key is needed to write an entry");
  if (const auto seq = known(entry.once)) return *seq;

  // As exact as the entry itself says it: what is stored beyond that could be changed unseen.
  const Time time = std::chrono::floor<std::chrono::milliseconds>(now());
  const auto seq = tail().size + 1;
  const auto leaf = appender_->leaf(seq, time, entry);
  const auto execution = entry.target ? entry.target->execution.str() : std::string{};
  const auto account = entry.target ? entry.target->account.str() : std::string{};
  const auto actor = entry.actor ? entry.actor->user.str() : std::string{};
  execute(
      sql_,
      "INSERT INTO ledger_entries (seq, time, kind, execution, account, actor, once, json, leaf)"
      " VALUES (:seq, :time, :kind, :execution, :account, :actor, NULLIF(:once, ''), :json, :leaf)",
      leaf.seq, unix_micros(time), entry.kind, execution, account, actor, entry.once, leaf.json,
      leaf.hash);
  state_.tail = appender_->extend(std::move(tail()), leaf);
  return seq;
}

Result<void> Transaction::in_savepoint(const Work& work) {
  const auto before = state_;
  execute(sql_, "SAVEPOINT one_write");
  Result<void> result;
  try {
    result = work(*this);
  } catch (const std::exception& failure) {
    if (ends_session(failure)) throw;
    result = fault(failure);
  }
  if (result.has_error()) {
    execute(sql_, "ROLLBACK TO SAVEPOINT one_write");
    state_ = before;
  }
  execute(sql_, "RELEASE SAVEPOINT one_write");
  return result;
}

void Transaction::seal() {
  if (!state_.tail || state_.tail->size == size_before_) return;
  const auto& end = *state_.tail;
  const auto time = now();
  execute(sql_, "UPDATE ledger_tail SET size = :size, frontier = :frontier WHERE id = 1", end.size,
          joined(end.frontier));
  execute(sql_,
          "INSERT INTO checkpoints (size, note, time, published) VALUES (:size, :note, :time, 0)",
          end.size, appender_->checkpoint(end, time), unix_micros(time));
}

ledger::Tail& Transaction::tail() {
  if (!state_.tail) {
    state_.tail = stored_tail(sql_);
    size_before_ = state_.tail->size;
  }
  return *state_.tail;
}

std::optional<ports::Seq> Transaction::known(const std::string& once) {
  if (once.empty()) return std::nullopt;
  const auto rows = select<std::tuple<std::int64_t>>(
      sql_, "SELECT seq FROM ledger_entries WHERE once = :once", once);
  if (rows.empty()) return std::nullopt;
  return std::get<0>(rows[0]);
}

}  // namespace ringi::store
