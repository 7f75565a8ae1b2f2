#pragma once

#include "handlers/types/time.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>

namespace ringi::http {

// Cancels what waits on `socket` when its time is over, and remembers that it did.
// REQUIRES: `socket` outlives it.
class Deadline {
 public:
  explicit Deadline(boost::asio::ip::tcp::socket& socket);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void set(Duration limit);
  void clear();
  bool passed() const { return state_->passed; }

 private:
  // Shared with the timer's handler: one that is queued already may run after a new limit was set,
  // or after we are gone (cancelling an expired timer does not take its handler back).
  struct State {
    std::uint64_t generation = 0;
    bool passed = false;
  };

  boost::asio::ip::tcp::socket& socket_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<State> state_;
};

}  // namespace ringi::http
