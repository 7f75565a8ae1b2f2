#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace ringi::net {

// One coroutine that waits for another thread. complete() may be called from any thread; the
// handler runs once, on the coroutine's own executor, and the first completion wins.
class Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  using Handler = boost::asio::any_completion_handler<void(boost::system::error_code)>;

  // `on_cancel` runs on the executor when the coroutine is cancelled.
  template <class H>
  static std::shared_ptr<Waiter> make(H handler, std::function<void()> on_cancel) {
    namespace asio = boost::asio;
    auto slot = asio::get_associated_cancellation_slot(handler);
    auto executor = asio::get_associated_executor(handler);
    std::shared_ptr<Waiter> waiter{new Waiter{executor}};
    waiter->handler_.emplace(std::move(handler));
    if (slot.is_connected()) {
      waiter->clear_slot_ = [slot]() mutable { slot.clear(); };
      slot.assign([weak = std::weak_ptr{waiter}, tell = std::move(on_cancel)](auto) {
        const auto self = weak.lock();
        if (!self) return;
        // Before the other thread hears of it and completes this, too: the first completion wins.
        self->complete(asio::error::operation_aborted);
        tell();
      });
    }
    return waiter;
  }

  void complete(boost::system::error_code code) {
    // Decided here and not by the order of the posts: those of the executor's own thread may run
    // behind later ones of another.
    if (completed_.test_and_set()) return;
    boost::asio::post(work_.get_executor(),
                      [self = shared_from_this(), code] { self->finish(code); });
  }

 private:
  explicit Waiter(const boost::asio::any_io_executor& executor) : work_(executor) {}

  void finish(boost::system::error_code code) {
    if (clear_slot_) clear_slot_();
    // Constructed, never assigned: in Boost 1.81 any_completion_handler's assignment recurses for
    // ever.
    Handler handler{std::move(*handler_)};
    handler_.reset();
    work_.reset();
    std::move(handler)(code);
  }

  std::atomic_flag completed_;
  std::optional<Handler> handler_;
  std::function<void()> clear_slot_;
  boost::asio::executor_work_guard<boost::asio::any_io_executor> work_;
};

}  // namespace ringi::net
