#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace ringi::runtime {

// One piece of work that many coroutines wait for: whoever comes first starts it elsewhere (in a
// task group, so that no waiter's cancellation stops it), and its result wakes them all. One
// thread.
template <class T>
class Flight {
 public:
  void land(Result<T> result) {
    result_ = std::move(result);
    for (auto* timer : waiting_) timer->cancel();
  }

  bool landed() const { return result_.has_value(); }
  bool awaited() const { return !waiting_.empty(); }

  // nullopt: it has not landed after `longest`.
  static Task<std::optional<Result<T>>> wait(std::shared_ptr<Flight> flight, Duration longest) {
    if (flight->result_) co_return flight->result_;
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, longest};
    const Seat seat{flight->waiting_, timer};
    boost::system::error_code woken;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    if (!flight->result_ && woken) throw boost::system::system_error{woken};  // cancelled
    co_return flight->result_;
  }

 private:
  using Waiting = std::set<boost::asio::steady_timer*>;
  struct Seat {
    Seat(Waiting& all, boost::asio::steady_timer& own) : waiting(all), timer(own) {
      waiting.insert(&timer);
    }
    Seat(const Seat&) = delete;
    ~Seat() { waiting.erase(&timer); }
    Waiting& waiting;
    boost::asio::steady_timer& timer;
  };

  Waiting waiting_;
  std::optional<Result<T>> result_;
};

// Runs `work` and lands the flight, whatever happens: a waiter is never left behind.
template <class T>
Task<> fly(std::shared_ptr<Flight<T>> flight, Task<Result<T>> work) {
  try {
    auto result = co_await std::move(work);
    flight->land(std::move(result));
  } catch (...) {
    flight->land(error(Errc::cancelled, "stopped while others waited"));
    throw;
  }
}

}  // namespace ringi::runtime
