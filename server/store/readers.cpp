#include "server/store/readers.hpp"

#include "server/runtime/blocking.hpp"
#include "server/store/fault.hpp"

namespace ringi::store {

Readers::Readers(StoreUrl url, std::size_t threads, std::size_t queue)
    : url_(std::move(url)), queue_(queue), pool_(threads) {}

Readers::~Readers() {
  pool_.join();
}

Result<void> Readers::run(const Look& look) {
  auto connection = borrow();
  try {
    auto result = look(connection->ready());
    give_back(std::move(connection));
    return result;
  } catch (const std::exception& failure) {
    return fault(failure);  // and the connection, in whatever state it is, is not used again
  }
}

Task<Result<void>> Readers::run_on_pool(Look look) {
  if (waiting_ >= queue_) co_return unavailable("too many reads of the store wait");
  const auto call = [&] { return run(look); };
  ++waiting_;
  auto result = co_await runtime::run_blocking(pool_, call);  // run() does not throw
  --waiting_;
  co_return result;
}

std::unique_ptr<Connection> Readers::borrow() {
  const std::lock_guard hold{mutex_};
  if (idle_.empty()) return std::make_unique<Connection>(url_, Access::read);
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard hold{mutex_};
  idle_.push_back(std::move(connection));
}

}  // namespace ringi::store
