#include "server/store/dialect.hpp"

#include "server/store/statement.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace ringi::store {
namespace {

constexpr const char* keep_commits =
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'";

// Milliseconds: the resolution of SQLite's own clock.
const Dialect sqlite{
    .backend = &soci::sqlite3,
    .now = "(CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000)",
    .skip_locked = "",
    .by_key = "WITHOUT ROWID",  // else each such row stands in two trees
    .table_exists = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = :name",
    // To wait for locks comes first: after a crash another connection may be recovering the WAL.
    .session_setup = {"PRAGMA busy_timeout = 2000", "PRAGMA journal_mode = WAL",
                      "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 32000",
                      "PRAGMA cache_size = -16000", "PRAGMA foreign_keys = ON"},
    .read_only = {"PRAGMA query_only = ON"},
    .begin_write = {"BEGIN IMMEDIATE"},
};

// The keys of the advisory locks: one pair for each schema, so that two may share a database.
#define RINGI_LOCK_KEYS(name) "hashtext('" name "'), hashtext(current_schema())"

const Dialect postgresql{
    .backend = &soci::postgresql,
    .now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
    .skip_locked = " FOR UPDATE SKIP LOCKED",
    .by_key = "",
    .table_exists =
        "SELECT COUNT(*) FROM information_schema.tables"
        " WHERE table_schema = current_schema() AND table_name = :name",
    .session_setup = {"SET client_min_messages = warning", "SET statement_timeout = 5000",
                      "SET idle_in_transaction_session_timeout = 30000",
                      "SET default_transaction_isolation = 'read committed'",
                      // A server that hears no more of us ends the session, and frees its locks,
                      // within half a minute; its own patience may be hours.
                      "SET tcp_keepalives_idle = 10", "SET tcp_keepalives_interval = 5",
                      "SET tcp_keepalives_count = 3", "SET tcp_user_timeout = 25000",
                      // 200 means stored: a server whose default is to lose commits is overruled.
                      keep_commits},
    .read_only = {"SET default_transaction_read_only = on"},
    .begin_write = {"BEGIN", "SELECT pg_advisory_xact_lock(" RINGI_LOCK_KEYS("ringi-write") ")"},
};

}  // namespace

const Dialect& dialect_of(Database database) {
  return database == Database::sqlite ? sqlite : postgresql;
}

bool take_serve_lock(Session& sql) {
  constexpr const char* lock_not_available = "55P03";
  try {
    // PostgreSQL needs a moment to notice that the process which held it has died.
    sql << "SET lock_timeout = 1500";
    sql << "SELECT pg_advisory_lock(" RINGI_LOCK_KEYS("ringi-serve") ")";
    return true;
  } catch (const soci::postgresql_soci_error& failure) {
    if (failure.sqlstate() == lock_not_available) return false;
    throw;
  }
}

}  // namespace ringi::store
