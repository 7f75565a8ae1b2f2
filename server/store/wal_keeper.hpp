#pragma once

#include "server/store/connection.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace ringi::store {

// Moves SQLite's write-ahead log into the database beside the writer, on a connection and a thread
// of its own: done in a commit, as SQLite would, it delays every request that waits for that
// commit. The writer still does it for a log that outgrows this (wal_autocheckpoint,
// https://sqlite.org/wal.html).
class WalKeeper {
 public:
  explicit WalKeeper(StoreUrl url);
  ~WalKeeper();  // waits for what is begun

 private:
  void run();
  bool worth_it();
  void checkpoint() noexcept;

  Connection connection_;
  std::string log_file_;
  std::int64_t seen_ = 0;  // when the log had changed last, in nanoseconds; the thread's own
  std::mutex mutex_;       // guards closing_
  bool closing_ = false;
  std::condition_variable closed_;
  std::thread thread_;
};

}  // namespace ringi::store
