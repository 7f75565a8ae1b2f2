#include "server/store/writer.hpp"

#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"
#include "server/store/fault.hpp"
#include "server/store/statement.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <atomic>

namespace ringi::store {

namespace asio = boost::asio;

struct Writer::Write {
  enum class Stage { waiting, begun, withdrawn };

  bool move_on(Stage to) {
    auto expected = Stage::waiting;
    return stage.compare_exchange_strong(expected, to);
  }

  Transaction::Work work;
  std::atomic<Stage> stage = Stage::waiting;
  // Set by the writer before it posts to the I/O thread.
  Result<void> result;
  bool doubtful = false;  // the COMMIT failed: the database alone knows
  // The I/O thread's own.
  bool done = false;
  asio::steady_timer* caller = nullptr;  // wakes who waits; null: nobody does, or no longer
};

// However the caller leaves, by result, deadline, cancellation or at the very start: nothing that
// points into its frame stays behind, and a write that is not begun never will be.
struct Writer::Leave {
  Write& write;
  ~Leave() {
    write.caller = nullptr;
    write.move_on(Write::Stage::withdrawn);
  }
};

Writer::Writer(Connection connection, Needs needs, Limits limits, ServeLock* lock)
    : connection_(std::move(connection)), needs_(std::move(needs)), limits_(limits), lock_(lock) {
  thread_ = std::thread{[this] { run(); }};
}

Writer::~Writer() {
  {
    const std::lock_guard hold{mutex_};
    closing_ = true;
  }
  waiting_.notify_one();
  thread_.join();
}

Task<Result<void>> Writer::submit(Transaction::Work work, std::function<void()> late) {
  const auto write = std::make_shared<Write>();
  write->work = std::move(work);
  asio::steady_timer patience{needs_.executor, limits_.patience};
  write->caller = &patience;
  const Leave leave{*write};
  if (!enqueue(write)) co_return unavailable("the store's queue is full");

  boost::system::error_code woken;
  co_await patience.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (write->done) {
    if (write->doubtful && late) late();
    co_return write->result;
  }
  if (woken) throw boost::system::system_error{woken};  // we were cancelled
  if (write->move_on(Write::Stage::withdrawn))
    co_return unavailable("a write waited too long for its turn and was withdrawn");
  if (late) late();
  co_return unavailable("a write was begun and not finished in time");
}

void Writer::post(Transaction::Work work) {
  auto write = std::make_shared<Write>();
  write->work = std::move(work);
  enqueue(std::move(write));
}

bool Writer::enqueue(std::shared_ptr<Write> write) {
  {
    const std::lock_guard hold{mutex_};
    if (closing_ || queue_.size() >= limits_.queue) return false;
    queue_.push_back(std::move(write));
  }
  waiting_.notify_one();
  return true;
}

Writer::Batch Writer::take() {
  std::unique_lock hold{mutex_};
  Batch batch;
  while (batch.empty()) {
    waiting_.wait(hold, [this] { return closing_ || !queue_.empty(); });
    if (closing_) {
      batch.assign(queue_.begin(), queue_.end());
      fail(batch, unavailable("the store is closing"), false);
      deliver(std::move(batch), false);
      return {};
    }
    while (!queue_.empty() && batch.size() < limits_.batch) {
      auto write = std::move(queue_.front());
      queue_.pop_front();
      if (write->move_on(Write::Stage::begun)) batch.push_back(std::move(write));
    }
  }
  return batch;
}

void Writer::run() {
  for (auto batch = take(); !batch.empty(); batch = take()) {
    const auto start = std::chrono::steady_clock::now();
    const bool work = commit(batch);
    if (needs_.metrics != nullptr) {
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      needs_.metrics->observe("ringi_commit_seconds", took.count());
      needs_.metrics->observe("ringi_commit_batch", static_cast<double>(batch.size()));
    }
    deliver(std::move(batch), work);
  }
}

// Returns whether there is new work for the workers.
bool Writer::commit(const Batch& batch) {
  bool committing = false;
  try {
    auto& sql = connection_.ready();
    if (const auto held = hold_lock(); held.has_error())
      return give_up(batch, held.error(), committing);
    for (const auto& statement : connection_.dialect().begin_write) execute(sql, statement);
    Transaction transaction{sql, connection_.dialect(), needs_.clock, needs_.appender};
    run_all(batch, transaction);
    transaction.seal();
    committing = true;
    execute(sql, "COMMIT");
    failing_ = false;
    return transaction.work_announced();
  } catch (const std::exception& failure) {
    return give_up(batch, fault(failure), committing);
  }
}

bool Writer::give_up(const Batch& batch, const Error& why, bool doubtful) {
  // Dropping the connection rolls back whatever stands open, in every state that it may be in.
  connection_.drop();
  failing_ = true;
  if (needs_.log) needs_.log->error("store commit failed cause=\"{}\"", why.log.text);
  fail(batch, unavailable(why.log.text), doubtful);
  return false;
}

// The lock has a session of its own in PostgreSQL, which can die without this one; what ended this
// one has most likely ended that one too.
Result<void> Writer::hold_lock() {
  const auto now = std::chrono::steady_clock::now();
  const bool same = lock_held_for_ == connection_.opened();
  if (lock_ == nullptr || (same && now < lock_due_)) return {};
  auto held = lock_->hold();
  if (held.has_error()) {
    lock_refused(held.error(), now);
    return held;
  }
  lock_lost_.reset();
  lock_due_ = now + limits_.lock_look;
  lock_held_for_ = connection_.opened();
  return {};
}

void Writer::lock_refused(const Error& why, std::chrono::steady_clock::time_point now) {
  if (why.code != Errc::conflict) {
    lock_lost_.reset();
    return;
  }
  if (!lock_lost_) lock_lost_ = now;
  if (now - *lock_lost_ < limits_.ousted_after) return;
  asio::post(needs_.executor, [hook = on_ousted_] {
    if (*hook) (*hook)();
  });
}

void Writer::run_all(const Batch& batch, Transaction& transaction) {
  for (const auto& write : batch) write->result = transaction.in_savepoint(write->work);
}

void Writer::fail(const Batch& batch, const Error& why, bool doubtful) {
  for (const auto& write : batch) {
    write->result = why;
    write->doubtful = doubtful;
  }
}

void Writer::deliver(Batch batch, bool work) {
  asio::post(needs_.executor, [batch = std::move(batch), work, hook = on_work_] {
    for (const auto& write : batch) {
      write->done = true;
      if (write->caller != nullptr) write->caller->cancel();
    }
    if (work && *hook) (*hook)();
  });
}

}  // namespace ringi::store
