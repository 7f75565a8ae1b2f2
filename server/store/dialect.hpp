#pragma once

#include "server/store/store_url.hpp"

#include <string>
#include <vector>

namespace soci {
class backend_factory;
}  // namespace soci

namespace ringi::store {

class Session;

// Everything in which the two databases differ: clock, locks, and how a session and a write begin.
struct Dialect {
  const soci::backend_factory* backend;
  std::string now;           // SQL: the database's clock in microseconds
  std::string skip_locked;   // ends the SELECT that picks jobs to lease
  std::string by_key;        // ends the CREATE TABLE of rows kept in their key's order
  std::string table_exists;  // SELECT COUNT(*) ... of the table :name
  std::vector<std::string> session_setup;  // once per connection
  std::vector<std::string> read_only;      // after it, where nothing may be written
  std::vector<std::string> begin_write;    // one writer at a time from here to COMMIT
};

const Dialect& dialect_of(Database database);

// PostgreSQL: takes the lock that stands for "one ringi serve"; the server frees it with the
// session.
bool take_serve_lock(Session& sql);

}  // namespace ringi::store
