#pragma once

#include "handlers/ports/clock.hpp"
#include "handlers/ports/ledger.hpp"
#include "server/ledger/appender.hpp"
#include "server/store/dialect.hpp"

#include <functional>
#include <optional>

namespace ringi::store {

// On what the next entry of the ledger is built.
ledger::Tail stored_tail(Session& sql);

// One group commit, seen by each write in it. Lives on the writer thread.
class Transaction {
 public:
  using Work = std::function<Result<void>(Transaction&)>;

  // `appender` may be null where the ledger's key is not at hand: append is then Errc::invalid.
  Transaction(Session& sql, const Dialect& dialect, const ports::Clock& clock,
              const ledger::Appender* appender);

  Session& sql() { return sql_; }
  const Dialect& dialect() const { return dialect_; }
  Time now() const { return clock_.now(); }

  // The next entry of the ledger, in this commit. Known by its `once`: the seq of the one that is
  // there.
  Result<ports::Seq> append(const ports::Entry& entry);

  // There is something for the workers after the commit.
  void announce_work() { state_.work = true; }

  // For the writer: runs one write so that its failure undoes this write and no other. Throws when
  // the transaction itself is lost.
  Result<void> in_savepoint(const Work& work);
  // For the writer, before COMMIT: the tail, and one signed checkpoint if the ledger grew.
  void seal();
  bool work_announced() const { return state_.work; }

 private:
  struct State {
    std::optional<ledger::Tail> tail;  // nullopt: not read, so not moved
    bool work = false;
  };

  ledger::Tail& tail();
  std::optional<ports::Seq> known(const std::string& once);

  Session& sql_;
  const Dialect& dialect_;
  const ports::Clock& clock_;
  const ledger::Appender* appender_;
  State state_;
  std::int64_t size_before_ = 0;
};

}  // namespace ringi::store
