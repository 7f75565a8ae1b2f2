#include "server/http/listener.hpp"

#include "server/http/caps.hpp"
#include "server/http/session.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/tasks.hpp"
#include "server/runtime/timers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>
#include <map>

namespace ringi::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto try_await = asio::as_tuple(asio::use_awaitable);
constexpr Duration accept_pause = std::chrono::milliseconds{100};  // after EMFILE and its like

Result<tcp::endpoint> parse_address(const std::string& text) {
  const auto wrong =
      error(Errc::invalid, "\"" + text + "\" is no address (0.0.0.0:8443, [::]:8443)");
  const auto colon = text.rfind(':');
  if (colon == text.npos) return wrong;
  auto host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, port);
  boost::system::error_code bad;
  const auto address = asio::ip::make_address(host, bad);
  if (bad || read.ec != std::errc{} || read.ptr != end) return wrong;
  return tcp::endpoint{address, port};
}

Result<tcp::acceptor> listen_on(const asio::any_io_executor& executor, const std::string& address) {
  const auto endpoint = parse_address(address);
  if (!endpoint) return endpoint.error();
  tcp::acceptor acceptor{executor};
  boost::system::error_code failed;
  acceptor.open(endpoint->protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
  if (!failed && endpoint->address().is_v6()) acceptor.set_option(asio::ip::v6_only{false}, failed);
  if (!failed) acceptor.bind(*endpoint, failed);
  if (!failed) acceptor.listen(tcp::acceptor::max_listen_connections, failed);
  if (failed)
    return error(Errc::unavailable, "cannot listen on " + address + ": " + failed.message());
  return acceptor;
}

class TcpListener final : public Listener {
 public:
  TcpListener(tcp::acceptor acceptor, std::shared_ptr<asio::ssl::context> tls, ConnectionCaps caps,
              SessionShare share, std::string name)
      : acceptor_(std::move(acceptor)),
        tls_(std::move(tls)),
        caps_(std::move(caps)),
        share_(std::move(share)),
        labels_{{"listener", std::move(name)}},
        group_(acceptor_.get_executor(), report_to(share_.log)) {}

  Task<> run() override;
  Result<void> reload_certificate(const TlsFiles& files) override;
  Task<> drain(Duration limit) override;
  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

 private:
  static runtime::TaskGroup::OnFailure report_to(observe::Log log);
  void admit(tcp::socket socket);
  bool make_room(const asio::ip::address& peer);
  void leave(Session* session);
  Task<> serve(std::unique_ptr<Connection> connection, asio::ip::address peer);
  void gauge() {
    share_.metrics.gauge("ringi_connections", static_cast<double>(caps_.size()), labels_);
  }

  tcp::acceptor acceptor_;
  std::shared_ptr<asio::ssl::context> tls_;  // null: plain HTTP
  ConnectionCaps caps_;
  SessionShare share_;
  observe::Metrics::Labels labels_;
  std::map<Session*, asio::ip::address> sessions_;  // those that count
  runtime::TaskGroup group_;                        // of the sessions
};

runtime::TaskGroup::OnFailure TcpListener::report_to(observe::Log log) {
  return [log = std::move(log)](const std::string& name, std::exception_ptr failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      log->error("{} failed why={}", name, error.what());
    }
  };
}

Task<> TcpListener::run() {
  while (!share_.draining) {
    auto [failed, socket] = co_await acceptor_.async_accept(try_await);
    if (!failed) {
      admit(std::move(socket));
    } else if (!share_.draining && failed != asio::error::operation_aborted) {
      share_.log->warn("accept failed why={}", failed.message());
      co_await runtime::sleep_for(accept_pause);
    }
  }
}

void TcpListener::admit(tcp::socket socket) {
  boost::system::error_code failed;
  const auto peer = unmapped(socket.remote_endpoint(failed).address());
  if (failed) return;  // gone before it was accepted
  if (!make_room(peer)) {
    share_.metrics.count("ringi_connections_refused_total", labels_);
    return;
  }
  socket.set_option(tcp::no_delay{true}, failed);
  auto connection =
      tls_ ? tls_connection(std::move(socket), *tls_) : plain_connection(std::move(socket));
  caps_.enter(peer);
  gauge();
  group_.spawn("http session", serve(std::move(connection), peer));
}

// Whoever holds connections without using them must not keep others out.
bool TcpListener::make_room(const asio::ip::address& peer) {
  const auto room = caps_.room_for(peer);
  if (room == Room::there) return true;
  Session* longest = nullptr;
  for (const auto& [session, other] : sessions_) {
    if (session->idle_since() == 0) continue;
    if (room == Room::full_for_peer && counted_as(other) != counted_as(peer)) continue;
    if (longest == nullptr || session->idle_since() < longest->idle_since()) longest = session;
  }
  if (longest == nullptr) return false;
  longest->stop_when_idle();
  leave(longest);
  share_.metrics.count("ringi_connections_evicted_total", labels_);
  return true;
}

void TcpListener::leave(Session* session) {
  const auto at = sessions_.find(session);
  if (at == sessions_.end()) return;  // it gave way to another
  caps_.leave(at->second);
  sessions_.erase(at);
  gauge();
}

Task<> TcpListener::serve(std::unique_ptr<Connection> connection, asio::ip::address peer) {
  Session session{std::move(connection), peer.to_string(), share_};
  struct Seat {
    TcpListener& listener;
    Session* session;
    ~Seat() { listener.leave(session); }
  } const seat{*this, &session};
  sessions_.emplace(&session, peer);
  co_await session.run();
}

Result<void> TcpListener::reload_certificate(const TlsFiles& files) {
  auto context = make_tls_context(files);
  if (!context) return context.error();
  tls_ = std::move(*context);
  return {};
}

Task<> TcpListener::drain(Duration limit) {
  using namespace asio::experimental::awaitable_operators;
  share_.draining = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (const auto& [session, peer] : sessions_) session->stop_when_idle();
  co_await (group_.wait() || runtime::sleep_for(limit));
  if (group_.size() > 0) share_.log->warn("connections cut off count={}", group_.size());
  group_.cancel();
  co_await group_.wait();
}

}  // namespace

Result<std::unique_ptr<Listener>> make_listener(asio::any_io_executor executor,
                                                ListenerOptions options, std::vector<Route> routes,
                                                observe::Log log, observe::Metrics& metrics) {
  std::shared_ptr<asio::ssl::context> tls;
  if (options.tls) {
    auto made = make_tls_context(*options.tls);
    if (!made) return made.error();
    tls = std::move(*made);
  }
  auto trusted = parse_networks(options.trusted_proxies);
  if (!trusted) return trusted.error();
  auto acceptor = listen_on(executor, options.address);
  if (!acceptor) return acceptor.error();
  const auto& limits = options.limits;
  ConnectionCaps caps{limits.connections, limits.connections_per_peer, std::move(*trusted)};
  SessionShare share{.router = Router{std::move(routes)},
                     .limits = limits,
                     .now = std::move(options.now),
                     .log = std::move(log),
                     .metrics = metrics};
  return std::make_unique<TcpListener>(std::move(*acceptor), std::move(tls), std::move(caps),
                                       std::move(share), std::move(options.name));
}

}  // namespace ringi::http
