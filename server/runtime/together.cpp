#include "server/runtime/together.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <list>
#include <memory>

namespace ringi::runtime {

namespace asio = boost::asio;

namespace {

using Work = std::function<Task<void>(std::size_t)>;

struct Round {
  Round(const asio::any_io_executor& executor, std::size_t all, Work what)
      : count(all), work(std::move(what)), over(executor) {
    over.expires_at(asio::steady_timer::time_point::max());
  }

  void end_all() {
    next = count;
    // One may end, and leave the list, while it is told.
    for (auto it = running.begin(); it != running.end();) {
      auto& signal = *it++;
      signal.emit(asio::cancellation_type::terminal);
    }
  }

  std::size_t count, next = 0;
  Work work;
  std::list<asio::cancellation_signal> running;
  std::exception_ptr failure;
  asio::steady_timer over;  // never expires; cancelled when the last has ended
};

// Takes the next as long as there is one.
Task<void> in_turn(std::shared_ptr<Round> round) {
  while (round->next < round->count) {
    auto one = round->work(round->next++);
    co_await std::move(one);
  }
}

void begin(const std::shared_ptr<Round>& round, const asio::any_io_executor& executor) {
  const auto signal = round->running.emplace(round->running.end());
  const auto ended = [round, signal](std::exception_ptr failure) {
    round->running.erase(signal);
    if (failure && !round->failure) {
      round->failure = failure;
      round->end_all();
    }
    if (round->running.empty()) round->over.cancel();
  };
  asio::co_spawn(executor, in_turn(round), asio::bind_cancellation_slot(signal->slot(), ended));
}

}  // namespace

// Whatever happens, it returns only after all that began has ended: work may refer to the caller's
// frame.
Task<void> Together::each(std::size_t count, Work work) {
  const auto executor = co_await asio::this_coro::executor;
  const auto round = std::make_shared<Round>(executor, count, std::move(work));
  const auto side_by_side = std::min(count, at_once_);
  for (std::size_t i = 0; i < side_by_side; ++i) begin(round, executor);
  bool stopped = false;
  while (!round->running.empty()) {
    boost::system::error_code woken;
    co_await round->over.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() == asio::cancellation_type::none) continue;
    stopped = true;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    round->end_all();
  }
  if (stopped) throw boost::system::system_error{asio::error::operation_aborted};
  if (round->failure) std::rethrow_exception(round->failure);
}

}  // namespace ringi::runtime
