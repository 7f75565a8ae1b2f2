#pragma once

#include "handlers/ports/ledger.hpp"

namespace ringi::store {

class Store;

// The ledger as the handlers see it. Filter words of recent(): a duration ("since:24h", "24h",
// "7d"), a kind or its beginning ("approval.decided", "approval"), a user's or an account's id;
// others match as text anywhere in the entry. All must hold.
class LedgerRows final : public ports::Ledger {
 public:
  explicit LedgerRows(Store& store) : store_(store) {}

  Task<Result<ports::Seq>> append(ports::Entry entry) override;
  Task<Result<std::optional<ports::Seq>>> known(std::string once) override;
  Task<Result<std::vector<std::string>>> recent(std::vector<std::string> filter,
                                                int limit) override;
  Task<Result<std::vector<std::string>>> about(ExecutionRef execution) override;

 private:
  Store& store_;
};

}  // namespace ringi::store
