#pragma once

#include "server/store/connection.hpp"

namespace ringi::store {

// One `ringi serve` for each store, by a lock that the system frees when the process dies: flock on
// "<path>.lock" beside a SQLite file, a session's advisory lock in PostgreSQL.
class ServeLock {
 public:
  explicit ServeLock(const StoreUrl& url);
  ~ServeLock();
  ServeLock(const ServeLock&) = delete;
  ServeLock& operator=(const ServeLock&) = delete;

  // Takes it, or takes it again after PostgreSQL's session was lost. Errc::conflict: another has
  // it.
  Result<void> hold();

 private:
  Result<void> hold_file();
  Result<void> hold_session();

  Connection connection_;  // of its own: nothing else may end this session
  int file_ = -1;
};

}  // namespace ringi::store
