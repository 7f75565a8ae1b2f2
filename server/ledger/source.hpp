#pragma once

#include "handlers/types/result.hpp"
#include "server/ledger/appender.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ringi::ledger {

// One entry as it is stored.
struct Row {
  std::int64_t seq = 0;
  std::string json;
  std::string hash;  // hex
  // What the store keeps beside the JSON in order to search it: a JSON pointer into the entry and
  // the column's text ("/target/account", "222233334444"); "" where the entry has no such member.
  std::vector<std::pair<std::string, std::string>> columns = {};
};

// The stored ledger, for auditing. Synchronous: only the command line reads it this way.
class LedgerSource {
 public:
  virtual ~LedgerSource() = default;
  // In the order of seq, until `visit` says false.
  virtual Result<void> entries(const std::function<bool(const Row&)>& visit) = 0;
  // On what the store will build the next entry.
  virtual Result<Tail> tail() = 0;
  // Signed notes, as stored.
  virtual Result<std::optional<std::string>> newest_checkpoint() = 0;
  virtual Result<std::optional<std::string>> checkpoint_of(std::int64_t size) = 0;
};

}  // namespace ringi::ledger
