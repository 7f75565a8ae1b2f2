#pragma once

#include "server/http/listener.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

namespace ringi::http::test {

// A self-signed certificate for `name` and its key, in files that go with this.
class Certificate {
 public:
  explicit Certificate(const std::string& name);
  ~Certificate();
  TlsFiles files() const {
    return {(folder_ / "cert.pem").string(), (folder_ / "key.pem").string()};
  }

 private:
  std::filesystem::path folder_;
};

// A listener that runs on a thread of its own; the test is its client and blocks.
class Rig {
 public:
  Rig(ListenerOptions options, std::vector<Route> routes);
  ~Rig();

  std::uint16_t port() const { return listener_->port(); }
  Listener& listener() { return *listener_; }
  observe::Metrics& metrics() { return metrics_; }
  std::string logged();
  std::future<void> drain(Duration limit);

  // Runs `call` on the listener's thread.
  void on_thread(const std::function<void()>& call);

 private:
  std::ostringstream log_;
  observe::Metrics metrics_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::unique_ptr<Listener> listener_;
  std::thread thread_;
};

ListenerOptions plain_options();

// One client connection, plain; it blocks.
class Client {
 public:
  explicit Client(std::uint16_t port);
  void send(const std::string& bytes);
  std::string read_reply();  // one whole response with its Content-Length
  std::string read_rest();   // until the server closes
  void half_close();

 private:
  boost::asio::io_context io_{1};
  boost::asio::ip::tcp::socket socket_{io_};
  std::string buffer_;
};

int status_of(const std::string& reply);
std::string body_of(const std::string& reply);

// POST with a Content-Length.
std::string post(const std::string& path, const std::string& body, const std::string& fields = {});

}  // namespace ringi::http::test
