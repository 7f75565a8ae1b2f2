#pragma once

#include "handlers/types/time.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ringi::ledger {

// Which entries `ringi audit list` shows; an empty member matches all.
struct Filter {
  std::optional<Time> since;
  std::string kind;    // "approval.decided", or "approval" for all of its kinds
  std::string actor;   // a Slack user's id or name, or a principal
  std::string target;  // glob over "account_name/pipeline" and "account/pipeline"
};

bool matches(const Filter& filter, const nlohmann::json& entry);

std::vector<std::string> table_head();
// time, seq, kind, phase, who, target, decision and reason; fit for a terminal.
std::vector<std::string> table_row(const nlohmann::json& entry);

}  // namespace ringi::ledger
