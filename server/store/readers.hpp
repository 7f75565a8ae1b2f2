#pragma once

#include "handlers/types/task.hpp"
#include "server/store/connection.hpp"

#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace ringi::store {

// Connections that only read, and the few threads that use them. Thread-safe.
class Readers {
 public:
  using Look = std::function<Result<void>(Session&)>;

  Readers(StoreUrl url, std::size_t threads, std::size_t queue);
  ~Readers();  // waits for what is begun

  // On the calling thread.
  Result<void> run(const Look& look);
  // On the pool; resumes on the caller's executor. Errc::unavailable when too many wait.
  Task<Result<void>> run_on_pool(Look look);

 private:
  std::unique_ptr<Connection> borrow();
  void give_back(std::unique_ptr<Connection> connection);

  StoreUrl url_;
  std::mutex mutex_;  // guards idle_
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t queue_;
  std::size_t waiting_ = 0;  // the I/O thread's own
  boost::asio::thread_pool pool_;
};

}  // namespace ringi::store
