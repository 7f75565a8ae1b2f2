#include "server/runtime/tasks.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cassert>
#include <list>

namespace ringi::runtime {

namespace asio = boost::asio;

bool is_cancellation(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted;
  } catch (const asio::multiple_exceptions& both) {  // of two that were awaited together
    return is_cancellation(both.first_exception());
  } catch (...) {
    return false;
  }
}

struct TaskGroup::State {
  State(asio::any_io_executor on, OnFailure report)
      : executor(std::move(on)), on_failure(std::move(report)), idle(executor) {
    idle.expires_at(asio::steady_timer::time_point::max());
  }

  asio::any_io_executor executor;
  OnFailure on_failure;
  std::list<asio::cancellation_signal> running;
  asio::steady_timer idle;  // never expires; cancelled when the last task ends
};

TaskGroup::TaskGroup(asio::any_io_executor executor, OnFailure on_failure)
    : state_(std::make_shared<State>(std::move(executor), std::move(on_failure))) {}

TaskGroup::~TaskGroup() {
  assert(state_->running.empty());
}

void TaskGroup::spawn(std::string name, Task<> task) {
  const auto signal = state_->running.emplace(state_->running.end());
  const auto finished = [state = state_, signal,
                         name = std::move(name)](std::exception_ptr failure) {
    state->running.erase(signal);
    if (state->running.empty()) state->idle.cancel();
    if (failure && !is_cancellation(failure)) state->on_failure(name, failure);
  };
  asio::co_spawn(state_->executor, std::move(task),
                 asio::bind_cancellation_slot(signal->slot(), finished));
}

void TaskGroup::cancel() {
  // A task may end, and leave the list, while it is told.
  for (auto it = state_->running.begin(); it != state_->running.end();) {
    auto& signal = *it++;
    signal.emit(asio::cancellation_type::terminal);
  }
}

Task<> TaskGroup::wait() {
  while (!state_->running.empty()) {
    boost::system::error_code woken;
    co_await state_->idle.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

std::size_t TaskGroup::size() const {
  return state_->running.size();
}

asio::any_io_executor TaskGroup::executor() const {
  return state_->executor;
}

}  // namespace ringi::runtime
