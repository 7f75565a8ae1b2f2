#pragma once

#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace ringi::runtime {

// True for what ends a coroutine that was told to stop; such an end is no failure.
bool is_cancellation(const std::exception_ptr& failure);

// Coroutines that somebody owns: spawned here, cancelled and waited for here. All on one executor,
// used from its thread only. REQUIRES: wait() has returned before it is destroyed.
class TaskGroup {
 public:
  // `on_failure` is told of every exception that is not a cancellation, with the task's name.
  using OnFailure = std::function<void(const std::string& name, std::exception_ptr failure)>;

  TaskGroup(boost::asio::any_io_executor executor, OnFailure on_failure);
  ~TaskGroup();

  // `task` must own what it uses, or use what the root owns.
  void spawn(std::string name, Task<> task);
  void cancel();  // terminal cancellation to every task
  Task<> wait();  // until none is left
  std::size_t size() const;
  boost::asio::any_io_executor executor() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ringi::runtime
