#include "server/http/deadline.hpp"

namespace ringi::http {

Deadline::Deadline(boost::asio::ip::tcp::socket& socket)
    : socket_(socket), timer_(socket.get_executor()), state_(std::make_shared<State>()) {}

void Deadline::set(Duration limit) {
  clear();
  timer_.expires_after(limit);
  timer_.async_wait([weak = std::weak_ptr{state_}, generation = state_->generation,
                     socket = &socket_](boost::system::error_code error) {
    const auto state = weak.lock();
    if (error || !state || state->generation != generation) return;
    state->passed = true;
    boost::system::error_code ignored;
    socket->cancel(ignored);
  });
}

void Deadline::clear() {
  ++state_->generation;
  state_->passed = false;
  timer_.cancel();
}

}  // namespace ringi::http
