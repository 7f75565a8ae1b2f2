#pragma once

#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace boost::asio::ssl {
class context;
}

namespace ringi::http {

// closed: the other side went away, or we were told to stop. expired: the deadline passed; unlike
// Beast's tcp_stream the socket stays open then, so that the client can still be told why.
enum class Io { ok, closed, expired };

struct Read {
  Io state = Io::ok;
  std::size_t bytes = 0;  // more than 0 when ok
};

// One accepted connection, plain or TLS. One coroutine uses it at a time; close() may come from
// another one of the same thread.
class Connection {
 public:
  virtual ~Connection() = default;

  // All that follows must be over in `limit`; each call replaces the limit before.
  virtual void expires_after(Duration limit) = 0;
  virtual void expires_never() = 0;

  virtual Task<Io> handshake() = 0;  // nothing to do on a plain one
  virtual Task<Read> read_some(std::span<char> into) = 0;
  virtual Task<Io> write(std::string_view bytes) = 0;

  // Says that we are done, then reads and discards for a bounded time and amount: a socket closed
  // with unread bytes in it is reset, and the client would not see our last reply (RFC 9112
  // section 9.6).
  virtual Task<> linger() = 0;
  virtual void close() = 0;
};

std::unique_ptr<Connection> plain_connection(boost::asio::ip::tcp::socket socket);
// The connection keeps what it needs of `context`, which may go before it does.
std::unique_ptr<Connection> tls_connection(boost::asio::ip::tcp::socket socket,
                                           boost::asio::ssl::context& context);

}  // namespace ringi::http
