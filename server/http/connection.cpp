#include "server/http/connection.hpp"

#include "server/http/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <type_traits>

namespace ringi::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto try_await = asio::as_tuple(asio::use_awaitable);
constexpr Duration linger_time = std::chrono::seconds{2};
constexpr std::size_t linger_bytes = 4u << 20;  // twice the largest body that a route takes

using TlsStream = asio::ssl::stream<tcp::socket>;

// Stream is tcp::socket or TlsStream.
template <class Stream>
class StreamConnection final : public Connection {
 public:
  template <class... More>
  explicit StreamConnection(tcp::socket socket, More&... more)
      : stream_(std::move(socket), more...), deadline_(socket_of(stream_)) {}

  void expires_after(Duration limit) override { deadline_.set(limit); }
  void expires_never() override { deadline_.clear(); }

  Task<Io> handshake() override {
    if constexpr (is_tls) {
      const auto [error] = co_await stream_.async_handshake(TlsStream::server, try_await);
      co_return state_after(error);
    }
    co_return Io::ok;
  }

  Task<Read> read_some(std::span<char> into) override {
    if (deadline_.passed()) co_return Read{Io::expired};
    const auto buffer = asio::buffer(into.data(), into.size());
    const auto [error, bytes] = co_await stream_.async_read_some(buffer, try_await);
    co_return Read{bytes > 0 ? Io::ok : state_after(error), bytes};
  }

  Task<Io> write(std::string_view bytes) override {
    if (deadline_.passed()) co_return Io::expired;
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    const auto [error, written] = co_await asio::async_write(stream_, buffer, try_await);
    co_return state_after(error);
  }

  Task<> linger() override {
    deadline_.set(linger_time);
    if constexpr (is_tls) {
      // Sends close_notify; an answer other than the client's own fails it, which is as well here.
      boost::system::error_code ignored;
      co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
    }
    boost::system::error_code error;
    socket_of(stream_).shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 8192> discarded{};
    std::size_t total = 0;
    while (!error && !deadline_.passed() && total < linger_bytes) {
      const auto buffer = asio::buffer(discarded);
      const auto [failed, bytes] = co_await socket_of(stream_).async_read_some(buffer, try_await);
      error = failed;
      total += bytes;
    }
    close();
  }

  void close() override {
    deadline_.clear();
    boost::system::error_code ignored;
    socket_of(stream_).close(ignored);
  }

 private:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  static tcp::socket& socket_of(Stream& stream) {
    if constexpr (is_tls) {
      return stream.next_layer();
    } else {
      return stream;
    }
  }

  Io state_after(const boost::system::error_code& error) const {
    if (!error) return Io::ok;
    return deadline_.passed() ? Io::expired : Io::closed;
  }

  Stream stream_;
  Deadline deadline_;
};

}  // namespace

std::unique_ptr<Connection> plain_connection(tcp::socket socket) {
  return std::make_unique<StreamConnection<tcp::socket>>(std::move(socket));
}

std::unique_ptr<Connection> tls_connection(tcp::socket socket, asio::ssl::context& context) {
  return std::make_unique<StreamConnection<TlsStream>>(std::move(socket), context);
}

}  // namespace ringi::http
