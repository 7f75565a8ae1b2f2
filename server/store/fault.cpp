#include "server/store/fault.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace ringi::store {
namespace {

// Whether it is tried again is for whoever runs the job to say.
constexpr const char* away = "ringi's store does not answer just now.";
constexpr const char* broken = "ringi's store failed.";

// BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN: the machine's state, not our
// SQL.
constexpr std::array sqlite_transient{5, 6, 7, 8, 9, 10, 13, 14};

constexpr std::string_view sqlstate_read_only = "25006";

// Connection, serialization and deadlock, resources, operator intervention (statement_timeout too).
constexpr std::array<std::string_view, 5> sqlstate_transient{"08", "40", "53", "57",
                                                             sqlstate_read_only};

Error of_sqlite(int result) {
  const int primary = result & 0xff;
  const auto text = "SQLite result " + std::to_string(result);
  if (std::ranges::find(sqlite_transient, primary) != sqlite_transient.end())
    return unavailable(text);
  return error(Errc::internal, ForLog{text}, ForPerson{broken});
}

Error of_postgresql(const soci::postgresql_soci_error& failure) {
  const auto state = failure.sqlstate();
  const auto text = "PostgreSQL SQLSTATE " + state;
  const bool lost = failure.get_error_category() == soci::soci_error::connection_error ||
                    std::string_view{state}.find_first_not_of(" \0") == std::string_view::npos;
  const bool transient = std::ranges::any_of(
      sqlstate_transient, [&](std::string_view prefix) { return state.starts_with(prefix); });
  if (lost || transient) return unavailable(text);
  return error(Errc::internal, ForLog{text}, ForPerson{broken});
}

}  // namespace

Error unavailable(std::string for_log) {
  return error(Errc::unavailable, ForLog{std::move(for_log)}, ForPerson{away});
}

bool ends_session(const std::exception& failure) {
  const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&failure);
  return postgresql != nullptr && postgresql->sqlstate() == sqlstate_read_only;
}

Error fault(const std::exception& failure) {
  if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&failure))
    return of_sqlite(sqlite->result());
  if (const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&failure))
    return of_postgresql(*postgresql);
  if (dynamic_cast<const soci::soci_error*>(&failure) != nullptr)
    return unavailable("the database driver lost its connection");
  return error(Errc::internal, ForLog{"a write to the store threw"}, ForPerson{broken});
}

}  // namespace ringi::store
