#pragma once

#include "server/store/readers.hpp"
#include "server/store/wal_keeper.hpp"
#include "server/store/writer.hpp"

#include <optional>
#include <type_traits>

namespace ringi::store {

enum class OpenMode {
  serve,      // creates, migrates, and refuses a second one
  existing,   // the command line: reads and writes beside a server; never migrates
  read_only,  // the same without writing
};

// The one door to the database. Writes are shared commits on one thread, reads run on a small pool.
// Used from the I/O thread, except read_now.
class Store {
 public:
  Store(const StoreUrl& url, Needs needs, Limits limits, std::unique_ptr<ServeLock> lock);

  // `work(Transaction&)` returns a Result; an error undoes this write alone. It must own what it
  // uses. See Writer::submit for deadlines and for `late`.
  template <class F>
  Task<std::invoke_result_t<F&, Transaction&>> write(F work, std::function<void()> late = {}) {
    using R = std::invoke_result_t<F&, Transaction&>;
    const auto outcome = std::make_shared<std::optional<R>>();
    Transaction::Work run = [outcome, work = std::move(work)](Transaction& transaction) mutable {
      outcome->emplace(work(transaction));
      return without_value(**outcome);
    };
    const Result<void> done = co_await writer_.submit(std::move(run), std::move(late));
    if (done.has_error()) co_return done.error();
    co_return std::move(**outcome);
  }

  // `look(Session&)` returns a Result; what it refers to must outlive the await.
  template <class F>
  Task<std::invoke_result_t<F&, Session&>> read(F look) {
    std::optional<std::invoke_result_t<F&, Session&>> outcome;
    Readers::Look run = [&](Session& sql) {
      outcome.emplace(look(sql));
      return Result<void>{};
    };
    const Result<void> done = co_await readers_.run_on_pool(std::move(run));
    if (done.has_error()) co_return done.error();
    co_return std::move(*outcome);
  }

  // The same on the calling thread, for the command line.
  template <class F>
  std::invoke_result_t<F&, Session&> read_now(F look) {
    std::optional<std::invoke_result_t<F&, Session&>> outcome;
    const Result<void> done = readers_.run([&](Session& sql) {
      outcome.emplace(look(sql));
      return Result<void>{};
    });
    if (done.has_error()) return done.error();
    return std::move(*outcome);
  }

  Writer& writer() { return writer_; }
  Task<Result<void>> ping();  // does it answer, and take writes? for /readyz
  Time now() const { return clock_.now(); }
  boost::asio::any_io_executor executor() const { return executor_; }

 private:
  template <class T>
  static Result<void> without_value(const Result<T>& result) {
    if (result.has_error()) return result.error();
    return {};
  }

  const ports::Clock& clock_;
  boost::asio::any_io_executor executor_;
  std::unique_ptr<ServeLock>
      lock_;  // outlives the writer, which asks for it again after a lost link
  Readers readers_;
  Writer writer_;
  std::optional<WalKeeper> wal_keeper_;  // of a server on SQLite
};

// Errors say what is wrong and how to mend it, never the URL.
Result<std::unique_ptr<Store>> open_store(const std::string& url, OpenMode mode, Needs needs,
                                          Limits limits = {});

}  // namespace ringi::store
