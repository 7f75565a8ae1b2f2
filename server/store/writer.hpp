#pragma once

#include "handlers/ports/clock.hpp"
#include "handlers/types/task.hpp"
#include "server/observe/log.hpp"
#include "server/store/connection.hpp"
#include "server/store/serve_lock.hpp"
#include "server/store/transaction.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace ringi::observe {
class Metrics;
}

namespace ringi::store {

// What the store is built from. All of it must outlive the store; clock, appender and metrics are
// used from the writer thread too.
struct Needs {
  boost::asio::any_io_executor executor;  // the I/O thread's: where callers resume and hooks run
  const ports::Clock& clock;
  const ledger::Appender* appender = nullptr;
  observe::Metrics* metrics = nullptr;
  observe::Log log;
};

struct Limits {
  Duration patience = std::chrono::milliseconds{2500};  // contract section 3
  std::size_t queue = 1024;                             // writes that wait; one more is refused
  std::size_t batch = 256;                              // writes in one commit
  Duration lock_look = std::chrono::seconds{5};         // between two looks at the serve lock
  // Another's lock for so long is another server's: that of a cut link of our own is free earlier,
  // see session_setup.
  Duration ousted_after = std::chrono::seconds{40};
};

// Group commit: one thread runs all that waits in one transaction, each write in its own savepoint.
class Writer {
 public:
  // `lock` may be null: the command line takes none.
  Writer(Connection connection, Needs needs, Limits limits, ServeLock* lock);
  ~Writer();  // finishes what was begun; what waits is refused

  // Returns after the commit, on the I/O thread, where it must be called too. Errc::unavailable:
  // not stored, or not known to be; `late` runs if it may yet be. `work` must own what it uses: it
  // can outlive the caller.
  Task<Result<void>> submit(Transaction::Work work, std::function<void()> late);
  // The same without waiting for it; refused silently when the queue is full.
  void post(Transaction::Work work);

  // Runs on the I/O thread after a commit in which a write announced work.
  void on_work(std::function<void()> hook) { *on_work_ = std::move(hook); }

  // Runs on the I/O thread, again and again, while another server has this store.
  void on_ousted(std::function<void()> hook) { *on_ousted_ = std::move(hook); }

  // True from a commit that failed until one that did not; the workers' leases try each second.
  // From any thread.
  bool failing() const { return failing_; }

 private:
  struct Write;
  struct Leave;
  using Batch = std::vector<std::shared_ptr<Write>>;

  bool enqueue(std::shared_ptr<Write> write);
  void run();
  Batch take();  // waits; empty: the store closes
  bool commit(const Batch& batch);
  Result<void> hold_lock();
  void lock_refused(const Error& why, std::chrono::steady_clock::time_point now);
  bool give_up(const Batch& batch, const Error& why, bool doubtful);
  void run_all(const Batch& batch, Transaction& transaction);
  void fail(const Batch& batch, const Error& why, bool doubtful);
  void deliver(Batch batch, bool work);

  Connection connection_;
  Needs needs_;
  Limits limits_;
  ServeLock* lock_;
  // The writer thread's own, these three.
  std::chrono::steady_clock::time_point lock_due_;
  std::optional<std::chrono::steady_clock::time_point> lock_lost_;  // another has it since then
  int lock_held_for_ = 0;  // the connection that it was last held for
  // Shared with what is posted to the I/O thread, which may run after the writer's end.
  using Hook = std::shared_ptr<std::function<void()>>;
  Hook on_work_ = std::make_shared<std::function<void()>>();
  Hook on_ousted_ = std::make_shared<std::function<void()>>();

  std::atomic<bool> failing_ = false;
  std::mutex mutex_;  // guards the next two
  std::deque<std::shared_ptr<Write>> queue_;
  bool closing_ = false;
  std::condition_variable waiting_;
  std::thread thread_;
};

}  // namespace ringi::store
