#pragma once

#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace ringi::runtime {

// Suspends for `duration`; throws operation_aborted when cancelled.
Task<> sleep_for(Duration duration);

// A bell that coroutines of one thread wait for: a ring before the wait is not lost.
class Bell {
 public:
  explicit Bell(const boost::asio::any_io_executor& executor);
  void ring();
  // Until the next ring or until `patience` is over, whichever is first. One waiter at a time.
  Task<> wait(Duration patience);

 private:
  boost::asio::steady_timer timer_;
  bool rung_ = false;
};

}  // namespace ringi::runtime
