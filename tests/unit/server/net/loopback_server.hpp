#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ringi::test {

// A server of one thread on 127.0.0.1 that treats each connection as `behaviour` says.
class LoopbackServer {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Behaviour = std::function<void(LoopbackServer&, Socket&)>;

  explicit LoopbackServer(Behaviour behaviour)
      : behaviour_(std::move(behaviour)),
        acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()),
        thread_([this] { serve(); }) {}

  ~LoopbackServer() {
    stopping_ = true;
    Socket knock{context_};
    boost::system::error_code ignored;
    knock.connect({boost::asio::ip::address_v4::loopback(), port_}, ignored);
    thread_.join();
  }

  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

  // Reads one request, head and body, and remembers it.
  std::string read_request(Socket& socket) {
    boost::system::error_code ended;
    const auto head = boost::asio::read_until(socket, buffer_, "\r\n\r\n", ended);
    if (ended) return {};
    std::string request(head, '\0');
    buffer_.sgetn(request.data(), static_cast<std::streamsize>(head));
    auto length = content_length(request);
    if (length > buffer_.size()) {
      boost::asio::read(socket, buffer_, boost::asio::transfer_exactly(length - buffer_.size()));
    }
    std::string body(length, '\0');
    buffer_.sgetn(body.data(), static_cast<std::streamsize>(length));
    const std::lock_guard lock{mutex_};
    requests_.push_back(request + body);
    return requests_.back();
  }

  void answer(Socket& socket, const std::string& text) {
    boost::system::error_code ignored;
    boost::asio::write(socket, boost::asio::buffer(text), ignored);
  }

  std::vector<std::string> requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

 private:
  static std::size_t content_length(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == head.npos ? 0 : std::stoul(head.substr(at + 16));
  }

  void serve() {
    while (true) {
      Socket socket{context_};
      acceptor_.accept(socket);
      if (stopping_) return;
      buffer_.consume(buffer_.size());
      behaviour_(*this, socket);
    }
  }

  Behaviour behaviour_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  unsigned short port_;
  boost::asio::streambuf buffer_;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace ringi::test
