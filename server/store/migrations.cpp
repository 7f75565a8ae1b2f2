#include "server/store/migrations.hpp"

#include "server/store/dialect.hpp"
#include "server/store/statement.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace ringi::store {
namespace {

// Version 1. Hashes are hex TEXT, times BIGINT microseconds since 1970, flags 0 or 1. No BLOB:
// SOCI's are large objects in PostgreSQL. "{by key}" stands for Dialect::by_key.
constexpr std::array version_1{
    "CREATE TABLE deliveries (id TEXT PRIMARY KEY, received BIGINT NOT NULL,"
    " content_type TEXT NOT NULL, answer TEXT NOT NULL) {by key}",
    "CREATE TABLE delivery_keys (key TEXT PRIMARY KEY,"
    " delivery TEXT NOT NULL) {by key}",

    "CREATE TABLE jobs (id TEXT PRIMARY KEY, class TEXT NOT NULL, kind TEXT NOT NULL, chore_key "
    "TEXT,"
    " state TEXT NOT NULL, received BIGINT NOT NULL, run_at BIGINT NOT NULL, attempts INTEGER NOT "
    "NULL,"
    " generation BIGINT NOT NULL, lease_until BIGINT NOT NULL, ask_first INTEGER NOT NULL,"
    " error TEXT NOT NULL, payload TEXT NOT NULL)",
    "CREATE UNIQUE INDEX jobs_waiting_chore ON jobs (kind, chore_key)"
    " WHERE state = 'waiting' AND chore_key IS NOT NULL",
    "CREATE INDEX jobs_due ON jobs (state, class, run_at, id)",

    "CREATE TABLE ledger_entries (seq BIGINT PRIMARY KEY, time BIGINT NOT NULL, kind TEXT NOT NULL,"
    " execution TEXT NOT NULL, account TEXT NOT NULL, actor TEXT NOT NULL, once TEXT UNIQUE,"
    " json TEXT NOT NULL, leaf TEXT NOT NULL)",
    "CREATE INDEX ledger_entries_execution ON ledger_entries (execution)",
    "CREATE INDEX ledger_entries_kind ON ledger_entries (kind, seq)",
    "CREATE TABLE ledger_tail (id INTEGER PRIMARY KEY, size BIGINT NOT NULL, frontier TEXT NOT "
    "NULL)",
    "INSERT INTO ledger_tail (id, size, frontier) VALUES (1, 0, '')",
    "CREATE TABLE checkpoints (size BIGINT PRIMARY KEY, note TEXT NOT NULL, time BIGINT NOT NULL,"
    " published INTEGER NOT NULL)",

    // missing_since: since when AWS does not find it; 0: it is found.
    "CREATE TABLE executions (account TEXT NOT NULL, region TEXT NOT NULL, pipeline TEXT NOT NULL,"
    " execution TEXT NOT NULL, started_by TEXT NOT NULL, first_entry BIGINT NOT NULL,"
    " has_card INTEGER NOT NULL, finished INTEGER NOT NULL, seen BIGINT NOT NULL,"
    " missing_since BIGINT NOT NULL, PRIMARY KEY (account, region, pipeline, execution))",
    "CREATE INDEX executions_unfinished ON executions (finished)",
    "CREATE TABLE approvals (id TEXT PRIMARY KEY, token_key TEXT NOT NULL UNIQUE,"
    " account TEXT NOT NULL, region TEXT NOT NULL, pipeline TEXT NOT NULL, execution TEXT NOT NULL,"
    " stage TEXT NOT NULL, action TEXT NOT NULL, token TEXT NOT NULL, state TEXT NOT NULL,"
    " verdict TEXT NOT NULL, by_team TEXT NOT NULL, by_user TEXT NOT NULL, by_name TEXT NOT NULL,"
    " reason TEXT NOT NULL, summary TEXT NOT NULL, requested BIGINT NOT NULL, decided BIGINT NOT "
    "NULL,"
    " found BIGINT NOT NULL, decided_at BIGINT NOT NULL)",
    "CREATE INDEX approvals_execution ON approvals (execution)",
    "CREATE INDEX approvals_state ON approvals (state)",
    "CREATE TABLE confirmations (id TEXT PRIMARY KEY, slack_user TEXT NOT NULL, words TEXT NOT "
    "NULL,"
    " expires BIGINT NOT NULL, taken_by TEXT NOT NULL)",

    "CREATE TABLE copies (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,"
    " as_of BIGINT NOT NULL, PRIMARY KEY (kind, key))",
    "CREATE TABLE messages (key TEXT PRIMARY KEY, channel TEXT NOT NULL, home TEXT NOT NULL,"
    " parent TEXT NOT NULL,"
    " priority INTEGER NOT NULL, wanted BIGINT NOT NULL, shown BIGINT NOT NULL, body TEXT NOT NULL,"
    " ts TEXT NOT NULL, queued BIGINT NOT NULL, changed BIGINT NOT NULL, failures INTEGER NOT NULL,"
    " unanswered INTEGER NOT NULL, why TEXT NOT NULL)",
    "CREATE INDEX messages_due ON messages (priority, queued) WHERE shown < wanted",
};

// Version 2: the accounts as they were last in force, and the moves that wait for an operator.
constexpr std::array version_2{
    "CREATE TABLE accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL, team TEXT NOT NULL,"
    " environment TEXT NOT NULL, channel TEXT NOT NULL, wall TEXT NOT NULL, realm TEXT NOT "
    "NULL,"
    " production INTEGER NOT NULL, listed INTEGER NOT NULL, gone INTEGER NOT NULL, move TEXT NOT "
    "NULL, move_to TEXT NOT "
    "NULL)",
};

struct Migration {
  int version;
  int oldest;  // programs built for this schema version or a later one still work with it
  std::span<const char* const> statements;
};

// Expand first: a step only adds what the programs of `oldest` do not mind; a later one contracts.
const std::array migrations{Migration{1, 1, version_1}, Migration{2, 1, version_2}};
const int ours = migrations.back().version;

struct Version {
  int version = 0, oldest = 0;
};

Version version_of(Session& sql, const Dialect& dialect) {
  const std::string table{"schema_version"};
  const auto found = select<std::tuple<int>>(sql, dialect.table_exists, table);
  if (std::get<0>(found.at(0)) == 0) return {};
  const auto rows =
      select<std::tuple<int, int>>(sql, "SELECT version, oldest FROM schema_version WHERE id = 1");
  if (rows.empty()) return {};
  return {std::get<0>(rows[0]), std::get<1>(rows[0])};
}

Result<void> usable(Version found) {
  if (found.oldest <= ours) return {};
  return error(Errc::invalid, "the store's schema is version " + std::to_string(found.version) +
                                  ", this ringi knows " + std::to_string(ours) +
                                  ": use a newer ringi");
}

std::string in_dialect(std::string statement, const Dialect& dialect) {
  constexpr std::string_view mark = "{by key}";
  const auto at = statement.find(mark);
  return at == statement.npos ? statement : statement.replace(at, mark.size(), dialect.by_key);
}

void apply(Session& sql, const Dialect& dialect, const Migration& step) {
  for (const char* statement : step.statements) sql << in_dialect(statement, dialect);
  execute(sql,
          "INSERT INTO schema_version (id, version, oldest) VALUES (1, :version, :oldest)"
          " ON CONFLICT (id) DO UPDATE SET version = excluded.version, oldest = excluded.oldest",
          step.version, step.oldest);
}

}  // namespace

Result<void> migrate(Session& sql, const Dialect& dialect) {
  for (const auto& statement : dialect.begin_write) sql << statement;
  const auto found = version_of(sql, dialect);
  auto allowed = usable(found);
  if (allowed.has_value()) {
    if (found.version == 0)
      sql << "CREATE TABLE IF NOT EXISTS schema_version (id INTEGER PRIMARY KEY,"
             " version INTEGER NOT NULL, oldest INTEGER NOT NULL)";
    for (const auto& step : migrations)
      if (step.version > found.version) apply(sql, dialect, step);
  }
  sql << "COMMIT";
  return allowed;
}

Result<void> check_schema(Session& sql, const Dialect& dialect) {
  const auto found = version_of(sql, dialect);
  if (found.version < ours)
    return error(Errc::invalid,
                 "the store's schema is older than this ringi, or not there at all: "
                 "`ringi serve` brings it up to date");
  return usable(found);
}

}  // namespace ringi::store
