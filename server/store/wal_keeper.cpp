#include "server/store/wal_keeper.hpp"

#include "server/store/statement.hpp"

#include <chrono>
#include <sys/stat.h>

namespace ringi::store {
namespace {

constexpr std::chrono::milliseconds look{200};
constexpr off_t small = 4 << 20;  // as much as SQLite itself lets grow before it begins

}  // namespace

WalKeeper::WalKeeper(StoreUrl url)
    : connection_(url, Access::write), log_file_(url.path + "-wal"), thread_([this] { run(); }) {}

WalKeeper::~WalKeeper() {
  {
    const std::lock_guard hold{mutex_};
    closing_ = true;
  }
  closed_.notify_one();
  thread_.join();
}

void WalKeeper::run() {
  std::unique_lock hold{mutex_};
  while (!closed_.wait_for(hold, look, [this] { return closing_; })) {
    hold.unlock();
    if (worth_it()) checkpoint();
    hold.lock();
  }
}

// The file keeps its size after it was emptied: whether it was written to says its time.
bool WalKeeper::worth_it() {
  struct stat log {};
  if (::stat(log_file_.c_str(), &log) != 0 || log.st_size < small) return false;
  const std::int64_t changed =
      std::int64_t{log.st_mtim.tv_sec} * 1'000'000'000 + log.st_mtim.tv_nsec;
  return std::exchange(seen_, changed) != changed;
}

// PASSIVE never waits for the writer and never makes it wait. What it cannot do now stays in the
// log, and the next look comes soon.
void WalKeeper::checkpoint() noexcept try {
  select<std::tuple<int, int, int>>(connection_.ready(), "PRAGMA wal_checkpoint(PASSIVE)");
} catch (const std::exception&) {
  connection_.drop();
}

}  // namespace ringi::store
