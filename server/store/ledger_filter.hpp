#pragma once

#include "handlers/types/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::store {

// A WHERE clause with its parameters in order; empty: everything.
struct LedgerFilter {
  std::string where;
  std::vector<std::string> parameters;
};

LedgerFilter ledger_filter(const std::vector<std::string>& words, Time now);

}  // namespace ringi::store
