#include "server/http/admin.hpp"
#include "server/runtime/timers.hpp"
#include "tests/unit/server/http/rig.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <fstream>

namespace ringi::http {
namespace {

namespace asio = boost::asio;
using namespace test;
using asio::ip::tcp;

Task<Response> hello(Request) {
  co_return Response{.content_type = "text/plain", .body = "hello"};
}

Route at(std::string path, Endpoint endpoint) {
  return Route{.method = "POST",
               .path = std::move(path),
               .body_limit = 100,
               .endpoint = std::move(endpoint)};
}

ListenerOptions tls_options(const Certificate& certificate) {
  auto options = plain_options();
  options.tls = certificate.files();
  return options;
}

// One TLS connection of a client that verifies nothing and shows what it was shown.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int max_version = TLS1_3_VERSION) {
    SSL_set_max_proto_version(stream_.native_handle(), max_version);
    stream_.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
    stream_.handshake(asio::ssl::stream_base::client, failed_);
  }

  bool failed() const { return failed_.failed(); }
  int version() { return SSL_version(stream_.native_handle()); }
  std::string name() {
    std::unique_ptr<X509, void (*)(X509*)> shown{SSL_get1_peer_certificate(stream_.native_handle()),
                                                 X509_free};
    char text[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, text,
                              sizeof text);
    return text;
  }
  std::string ask(const std::string& bytes) {
    boost::system::error_code ignored;
    asio::write(stream_, asio::buffer(bytes), ignored);
    std::string reply;
    asio::read(stream_, asio::dynamic_buffer(reply), asio::transfer_all(), end_);
    return reply;
  }
  boost::system::error_code end() const { return end_; }

 private:
  asio::io_context io_{1};
  asio::ssl::context context_{asio::ssl::context::tls_client};
  asio::ssl::stream<tcp::socket> stream_{io_, context_};
  boost::system::error_code failed_, end_;
};

const std::string last_request = "POST /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

TEST(Listener, SpeaksTls12AndTls13AndClosesThemProperly) {
  const Certificate certificate{"one"};
  Rig rig{tls_options(certificate), {at("/hello", hello)}};
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client{rig.port(), version};
    ASSERT_FALSE(client.failed());
    EXPECT_EQ(client.version(), version);
    EXPECT_EQ(body_of(client.ask(last_request)), "hello");
    EXPECT_EQ(client.end(), asio::error::eof);  // close_notify came, nothing was cut
  }
}

TEST(Listener, RefusesOlderTlsAndOtherProtocols) {
  const Certificate certificate{"one"};
  Rig rig{tls_options(certificate), {at("/hello", hello)}};
  EXPECT_TRUE((TlsClient{rig.port(), TLS1_1_VERSION}.failed()));
  Client plain{rig.port()};
  plain.send(last_request + last_request);
  plain.half_close();
  EXPECT_EQ(status_of(plain.read_rest()), 0);
}

TEST(Listener, ShowsAClientThatSendsTooMuchTheReplyOverTlsToo) {
  const Certificate certificate{"one"};
  Rig rig{tls_options(certificate), {at("/hello", hello)}};
  TlsClient client{rig.port()};
  EXPECT_EQ(status_of(client.ask(post("/hello", std::string(1'000'000, 'x')))), 413);
}

TEST(Listener, DropsAHandshakeThatDoesNotCome) {
  const Certificate certificate{"one"};
  auto options = tls_options(certificate);
  options.limits.handshake = std::chrono::milliseconds{20};
  Rig rig{options, {}};
  Client silent{rig.port()};
  EXPECT_EQ(silent.read_rest(), "");
}

TEST(Listener, ShowsANewCertificateToNewConnections) {
  const Certificate old{"old"}, renewed{"renewed"};
  Rig rig{tls_options(old), {at("/hello", hello)}};
  TlsClient before{rig.port()};
  EXPECT_EQ(before.name(), "old");
  rig.on_thread(
      [&] { EXPECT_TRUE(rig.listener().reload_certificate(renewed.files()).has_value()); });
  TlsClient after{rig.port()};
  EXPECT_EQ(after.name(), "renewed");
  EXPECT_EQ(body_of(before.ask(last_request)), "hello");
}

TEST(Listener, KeepsItsCertificateWhereTheNewOneIsBad) {
  const Certificate good{"good"}, other{"other"};
  Rig rig{tls_options(good), {}};
  rig.on_thread([&] {
    const auto result =
        rig.listener().reload_certificate({good.files().certificate, other.files().private_key});
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().log.text.find("the key does not belong to the certificate"),
              std::string::npos);
  });
  EXPECT_EQ(TlsClient{rig.port()}.name(), "good");
}

TEST(MakeTlsContext, NamesTheFileAndWhatIsWrongWithIt) {
  const Certificate good{"good"};
  const auto absent = make_tls_context({"/nowhere/cert.pem", good.files().private_key});
  EXPECT_EQ(absent.error().log.text, "/nowhere/cert.pem: cannot be read");
  const auto swapped = make_tls_context({good.files().private_key, good.files().certificate});
  EXPECT_NE(swapped.error().log.text.find("no certificate in PEM"), std::string::npos);
  const auto no_key = make_tls_context({good.files().certificate, good.files().certificate});
  EXPECT_NE(no_key.error().log.text.find("no unencrypted private key in PEM"), std::string::npos);
}

TEST(Listener, DoesNotCapTrustedProxies) {
  auto options = plain_options();
  options.limits.connections_per_peer = 1;
  options.trusted_proxies = {"127.0.0.0/8"};
  Rig rig{options, {at("/hello", hello)}};
  Client first{rig.port()}, second{rig.port()};
  for (auto* client : {&first, &second}) {
    client->send(post("/hello", ""));
    EXPECT_EQ(status_of(client->read_reply()), 200);
  }
}

// An endpoint that answers when the test says so.
struct Gate {
  std::promise<void> entered;
  runtime::Bell* open = nullptr;  // lives as long as the request: it must die before the context

  Task<Response> pass(Request) {
    const auto executor = co_await asio::this_coro::executor;
    runtime::Bell bell{executor};
    open = &bell;
    entered.set_value();
    co_await open->wait(std::chrono::seconds{30});
    co_return Response{.content_type = "text/plain", .body = "late"};
  }
};

TEST(Listener, ClosesConnectionsBeyondItsCapsAtOnceAndCountsThem) {
  Gate gate;
  auto options = plain_options();
  options.limits.connections_per_peer = 1;
  Rig rig{options, {at("/gate", [&](Request r) { return gate.pass(std::move(r)); })}};
  Client busy{rig.port()};
  busy.send(post("/gate", ""));
  gate.entered.get_future().wait();
  EXPECT_EQ(Client{rig.port()}.read_rest(), "");
  const auto text = rig.metrics().text();
  EXPECT_NE(text.find(R"(ringi_connections_refused_total{listener="test"} 1)"), text.npos);
  EXPECT_NE(text.find(R"(ringi_connections{listener="test"} 1)"), text.npos);
  rig.on_thread([&] { gate.open->ring(); });
  EXPECT_EQ(body_of(busy.read_reply()), "late");
}

// The one that was idle longest gives way, at either cap; one whose request is in flight never
// does.
TEST(Listener, LetsAnIdleConnectionGiveWayToANewOne) {
  for (const bool in_all : {true, false}) {
    Gate gate;
    auto options = plain_options();
    (in_all ? options.limits.connections : options.limits.connections_per_peer) = 3;
    Rig rig{options,
            {at("/hello", hello), at("/gate", [&](Request r) { return gate.pass(std::move(r)); })}};
    Client busy{rig.port()}, silent{rig.port()}, used{rig.port()};
    busy.send(post("/gate", ""));
    gate.entered.get_future().wait();
    used.send(post("/hello", ""));
    EXPECT_EQ(status_of(used.read_reply()), 200);

    Client fresh{rig.port()};
    fresh.send(post("/hello", ""));
    EXPECT_EQ(status_of(fresh.read_reply()), 200);
    EXPECT_EQ(silent.read_rest(), "");
    Client next{rig.port()};
    EXPECT_EQ(used.read_rest(), "");
    rig.on_thread([&] { gate.open->ring(); });
    EXPECT_EQ(body_of(busy.read_reply()), "late");
    const auto text = rig.metrics().text();
    EXPECT_NE(text.find(R"(ringi_connections_evicted_total{listener="test"} 2)"), text.npos);
    EXPECT_NE(text.find(R"(ringi_connections{listener="test"} 3)"), text.npos);
  }
}

TEST(Listener, FinishesWhatIsInFlightAndClosesWhatIsIdleWhenItDrains) {
  Gate gate;
  Rig rig{plain_options(),
          {at("/hello", hello), at("/gate", [&](Request r) { return gate.pass(std::move(r)); })}};
  Client idle{rig.port()}, busy{rig.port()};
  idle.send(post("/hello", ""));
  EXPECT_EQ(status_of(idle.read_reply()), 200);
  busy.send(post("/gate", ""));
  gate.entered.get_future().wait();
  const auto port = rig.port();
  auto drained = rig.drain(std::chrono::seconds{30});
  EXPECT_EQ(idle.read_rest(), "");
  EXPECT_THROW(Client{port}, boost::system::system_error);
  rig.on_thread([&] { gate.open->ring(); });
  const auto reply = busy.read_rest();
  EXPECT_EQ(body_of(reply), "late");
  EXPECT_NE(reply.find("Connection: close\r\n"), reply.npos);
  busy.half_close();
  drained.wait();
  EXPECT_EQ(rig.logged(), "");
}

TEST(Listener, CutsOffWhatIsNotFinishedInTime) {
  Gate gate;
  Rig rig{plain_options(), {at("/gate", [&](Request r) { return gate.pass(std::move(r)); })}};
  Client busy{rig.port()};
  busy.send(post("/gate", ""));
  gate.entered.get_future().wait();
  rig.drain(std::chrono::milliseconds{10}).wait();
  EXPECT_EQ(busy.read_rest(), "");
  EXPECT_NE(rig.logged().find("connections cut off count=1"), std::string::npos);
}

TEST(MakeListener, SaysWhatIsWrongWithItsOptions) {
  asio::io_context io{1};
  observe::Metrics metrics;
  const auto problem = [&](ListenerOptions options) {
    const auto made = make_listener(io.get_executor(), std::move(options), {}, nullptr, metrics);
    return made ? std::string{} : made.error().log.text;
  };
  for (const auto* address :
       {"", "8443", "localhost:8443", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:8x"}) {
    auto options = plain_options();
    options.address = address;
    EXPECT_NE(problem(options).find("is no address"), std::string::npos) << address;
  }
  auto networks = plain_options();
  networks.trusted_proxies = {"10.0.0.0/99"};
  EXPECT_NE(problem(networks).find("is no network"), std::string::npos);
  Rig rig{plain_options(), {}};
  auto taken = plain_options();
  taken.address = "127.0.0.1:" + std::to_string(rig.port());
  EXPECT_NE(problem(taken).find("cannot listen on"), std::string::npos);
}

Task<bool> ready() {
  co_return true;
}
Task<bool> not_ready() {
  co_return false;
}

std::string get(std::uint16_t port, const std::string& path) {
  Client client{port};
  client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  return client.read_rest();
}

TEST(AdminRoutes, TellLifeReadinessAndFigures) {
  observe::Metrics metrics;
  metrics.count("ringi_things_total");
  Rig rig{plain_options(), admin_routes(ready, metrics)};
  EXPECT_EQ(status_of(get(rig.port(), "/livez")), 200);
  EXPECT_EQ(status_of(get(rig.port(), "/readyz")), 200);
  EXPECT_NE(get(rig.port(), "/metrics").find("ringi_things_total 1"), std::string::npos);
  Rig away{plain_options(), health_routes(not_ready)};
  EXPECT_EQ(status_of(get(away.port(), "/livez")), 200);
  EXPECT_EQ(status_of(get(away.port(), "/readyz")), 503);
  EXPECT_EQ(status_of(get(away.port(), "/metrics")), 404);
}

}  // namespace
}  // namespace ringi::http
