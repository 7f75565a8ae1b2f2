#pragma once

#include "server/ledger/signing_appender.hpp"
#include "server/ledger/source.hpp"
#include "tests/unit/server/ledger/keys.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace ringi::ledger::test {

// A ledger in memory, made by the real appender, whose every stored byte a test may alter.
struct StoredLedger final : LedgerSource {
  std::vector<Row> rows;
  std::map<std::int64_t, std::string> checkpoints;
  Tail end;  // on what the store would build the next entry

  // `commits`: how many entries each commit has.
  explicit StoredLedger(const std::vector<int>& commits) {
    const auto appender = make_appender({.origin = origin, .private_key_pem = private_pem}).value();
    const Time start = parse_rfc3339("2026-11-22T03:04:05Z").value();
    Tail edge;
    for (const int entries : commits) {
      for (int i = 0; i < entries; ++i) {
        const Leaf leaf = appender->leaf(edge.size + 1, start, entry(edge.size + 1));
        rows.push_back({leaf.seq, leaf.json, leaf.hash, columns(edge.size + 1)});
        edge = appender->extend(std::move(edge), leaf);
      }
      checkpoints[edge.size] = appender->checkpoint(edge, start);
    }
    end = edge;
  }

  static ports::Entry entry(std::int64_t seq) {
    ports::Entry entry;
    entry.kind = "approval.decided";
    entry.reason = "reason " + std::to_string(seq);
    entry.once = "decided:" + std::to_string(seq);
    entry.actor = Caller{*SlackTeam::parse("T0001"), *SlackUser::parse("U0123"), "hanako"};
    return entry;
  }

  static std::vector<std::pair<std::string, std::string>> columns(std::int64_t seq) {
    return {{"/kind", "approval.decided"},
            {"/actor/user", "U0123"},
            {"/target/account", ""},
            {"/once", "decided:" + std::to_string(seq)}};
  }

  Result<void> entries(const std::function<bool(const Row&)>& visit) override {
    for (const Row& row : rows) {
      if (!visit(row)) break;
    }
    return {};
  }
  Result<Tail> tail() override { return end; }
  Result<std::optional<std::string>> newest_checkpoint() override {
    if (checkpoints.empty()) return std::optional<std::string>{};
    return std::optional{checkpoints.rbegin()->second};
  }
  Result<std::optional<std::string>> checkpoint_of(std::int64_t size) override {
    const auto found = checkpoints.find(size);
    if (found == checkpoints.end()) return std::optional<std::string>{};
    return std::optional{found->second};
  }
};

}  // namespace ringi::ledger::test
