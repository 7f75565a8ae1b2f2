#pragma once

#include "handlers/types/task.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace ringi::runtime {

// Runs a blocking `call` on `pool` and resumes on the caller's executor; exceptions pass through.
// The callable is referenced, not copied, so a temporary with a destructor is refused at compile
// time. Not cancellable: the limit belongs to the driver (statement timeout), never to `||`.
template <class F>
  requires(std::is_lvalue_reference_v<F> || std::is_trivially_destructible_v<F>)
Task<std::invoke_result_t<F&>> run_blocking(boost::asio::thread_pool& pool, F&& call) {
  namespace asio = boost::asio;
  using R = std::invoke_result_t<F&>;
  static_assert(!std::is_void_v<R>, "return something: std::monostate will do");
  std::optional<R> result;
  std::exception_ptr failure;
  const auto initiate = [&](auto handler) {
    auto executor = asio::get_associated_executor(handler);
    asio::post(pool,
               [&, handler = std::move(handler), work = asio::make_work_guard(executor)]() mutable {
                 try {
                   result.emplace(call());
                 } catch (...) {
                   failure = std::current_exception();
                 }
                 auto where = work.get_executor();
                 asio::post(where, std::move(handler));
               });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(initiate,
                                                                        asio::use_awaitable);
  if (failure) std::rethrow_exception(failure);
  co_return std::move(*result);
}

}  // namespace ringi::runtime
