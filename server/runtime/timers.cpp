#include "server/runtime/timers.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace ringi::runtime {

namespace asio = boost::asio;

Task<> sleep_for(Duration duration) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer{executor, duration};
  co_await timer.async_wait(asio::use_awaitable);
}

Bell::Bell(const asio::any_io_executor& executor) : timer_(executor) {}

void Bell::ring() {
  rung_ = true;
  timer_.cancel();
}

Task<> Bell::wait(Duration patience) {
  if (!rung_) {
    timer_.expires_after(patience);
    boost::system::error_code woken;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    // A ring and our own cancellation both abort the wait; only the second must end the waiter.
    if (woken && !rung_) throw boost::system::system_error{woken};
  }
  rung_ = false;
}

}  // namespace ringi::runtime
