#include "server/net/curl_transport.hpp"

#include "server/observe/metrics.hpp"
#include "tests/unit/server/net/loopback_server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <dlfcn.h>
#include <netdb.h>
#include <optional>
#include <sstream>
#include <thread>

namespace {

constexpr const char* host_without_dns = "slow.invalid";
std::atomic<bool> dns_answers = false, waited_for_dns = false;

}  // namespace

// Stands before the C library's, for libcurl too: asked for one name, it answers when the test lets
// it, or after a long while.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  if (node != nullptr && std::strcmp(node, host_without_dns) == 0) {
    for (int i = 0; i < 1000 && !dns_answers; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    waited_for_dns = !dns_answers;
    return EAI_AGAIN;
  }
  using Real = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<Real>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, found);
}

namespace ringi::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::LoopbackServer;
using ::testing::HasSubstr;
using ::testing::Not;

class CurlTransportTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { curl_global_init(CURL_GLOBAL_DEFAULT); }

  Result<Answer> send(Call call) {
    std::optional<Result<Answer>> result;
    start(std::move(call), result);
    context_.restart();
    context_.run();
    return result ? std::move(*result) : Result<Answer>{error(Errc::internal, "never finished")};
  }

  void start(Call call, std::optional<Result<Answer>>& result) {
    asio::co_spawn(context_, transport_->send(std::move(call)),
                   [&result](std::exception_ptr failure, Result<Answer> answer) {
                     if (!failure) result.emplace(std::move(answer));
                   });
  }

  std::ostringstream lines_;
  observe::Log log_ = [this] {
    auto log = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines_));
    log->set_level(spdlog::level::trace);
    return log;
  }();
  observe::Metrics metrics_;
  asio::io_context context_{1};
  std::unique_ptr<Transport> transport_ =
      make_transport({.user_agent = "ringi/test", .max_calls = 8}, log_, metrics_);
};

const std::string ok = "HTTP/1.1 200 OK\r\nX-Kind: Test\r\nContent-Length: 2\r\n\r\nhi";

LoopbackServer::Behaviour answering(std::string text) {
  return [text](LoopbackServer& server, LoopbackServer::Socket& socket) {
    if (!server.read_request(socket).empty()) server.answer(socket, text);
  };
}

TEST_F(CurlTransportTest, BringsBackStatusHeadersAndBody) {
  LoopbackServer server{answering(ok)};
  const auto result =
      send({.url = server.url("/a/../b?c=d"), .headers = {{"X-One", "1"}}, .body = "question"});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->body, "hi");
  EXPECT_EQ(result->header("x-kind"), "Test");
  EXPECT_EQ(result->header("x-none"), "");
  const auto request = server.requests().at(0);
  EXPECT_THAT(request, HasSubstr("POST /a/../b?c=d HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("X-One: 1\r\n"));
  EXPECT_THAT(request, HasSubstr("User-Agent: ringi/test\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\n\r\nquestion"));
  EXPECT_THAT(request, Not(HasSubstr("Expect:")));
  EXPECT_THAT(request, Not(HasSubstr("x-www-form-urlencoded")));
}

TEST_F(CurlTransportTest, SendsMethodsWithoutABody) {
  LoopbackServer server{answering(ok)};
  EXPECT_TRUE(send({.method = "GET", .url = server.url()}).has_value());
  EXPECT_TRUE(send({.method = "PUT", .url = server.url()}).has_value());
  EXPECT_THAT(server.requests().at(0), HasSubstr("GET / HTTP/1.1"));
  EXPECT_THAT(server.requests().at(1), HasSubstr("PUT / HTTP/1.1"));
}

TEST_F(CurlTransportTest, DoesNotFollowRedirects) {
  LoopbackServer server{
      answering("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")};
  const auto result = send({.method = "GET", .url = server.url()});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->status, 302);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(CurlTransportTest, CallsNobodyListensToAreUnavailable) {
  const auto result = send({.url = "http://127.0.0.1:1/"});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::unavailable);
}

TEST_F(CurlTransportTest, AServerThatSpeaksNoTlsIsUnavailable) {
  LoopbackServer server{[](LoopbackServer& self, LoopbackServer::Socket& socket) {
    self.answer(socket, "this is not TLS");
  }};
  auto url = server.url();
  url.replace(0, 4, "https");
  const auto result = send({.url = url, .body = "secret"});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::unavailable);
}

TEST_F(CurlTransportTest, AConnectionClosedAfterTheRequestIsAnUnknownOutcome) {
  LoopbackServer server{
      [](LoopbackServer& self, LoopbackServer::Socket& socket) { self.read_request(socket); }};
  const auto result = send({.url = server.url(), .body = "{}"});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::unknown_outcome);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(CurlTransportTest, ACutAnswerIsAnUnknownOutcome) {
  LoopbackServer server{answering("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi")};
  const auto result = send({.url = server.url(), .body = "{}"});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::unknown_outcome);
}

TEST_F(CurlTransportTest, APostIsNotSentAgainWhenAKeptConnectionDies) {
  LoopbackServer server{[](LoopbackServer& self, LoopbackServer::Socket& socket) {
    self.read_request(socket);
    self.answer(socket, ok);
    self.read_request(socket);  // and dies without an answer
  }};
  EXPECT_TRUE(send({.url = server.url(), .body = "first"}).has_value());
  const auto second = send({.url = server.url(), .body = "second"});
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().code, Errc::unknown_outcome);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(CurlTransportTest, AnAnswerAfterTheDeadlineIsAnUnknownOutcome) {
  LoopbackServer server{[](LoopbackServer& self, LoopbackServer::Socket& socket) {
    self.read_request(socket);
    self.read_request(socket);  // until the other side closes
  }};
  const auto result = send({.url = server.url(), .body = "{}", .timeout = 500ms});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::unknown_outcome);
}

TEST_F(CurlTransportTest, ANameServerThatHangsHoldsUpNoOtherCall) {
  LoopbackServer server{answering(ok)};
  std::optional<Result<Answer>> unresolved, other;
  start({.url = std::string{"https://"} + host_without_dns + "/", .timeout = 50ms}, unresolved);
  context_.run();
  ASSERT_TRUE(unresolved.has_value());
  EXPECT_EQ(unresolved->error().code, Errc::unavailable);
  start({.url = server.url(), .body = "{}", .timeout = 5s}, other);
  context_.restart();
  context_.run();
  EXPECT_FALSE(waited_for_dns);
  dns_answers = true;
  ASSERT_TRUE(other && other->has_value());
}

TEST_F(CurlTransportTest, AnAnswerThatIsTooLargeIsRefused) {
  LoopbackServer server{answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345")};
  const auto result = send({.url = server.url(), .max_response = 4});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::internal);
}

TEST_F(CurlTransportTest, RefusesLineBreaksInHeaders) {
  const auto result = send({.url = "http://127.0.0.1:1/", .headers = {{"X", "a\r\nY: b"}}});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::invalid);
}

TEST_F(CurlTransportTest, CancellingTheCallerAbandonsTheTransfer) {
  asio::cancellation_signal cancel;
  LoopbackServer server{[&](LoopbackServer& self, LoopbackServer::Socket& socket) {
    self.read_request(socket);
    asio::post(context_, [&] { cancel.emit(asio::cancellation_type::terminal); });
    self.read_request(socket);  // ends when the transfer is abandoned
  }};
  std::exception_ptr failure;
  asio::co_spawn(context_, transport_->send({.url = server.url(), .body = "{}"}),
                 asio::bind_cancellation_slot(
                     cancel.slot(), [&](std::exception_ptr e, Result<Answer>) { failure = e; }));
  context_.run();
  ASSERT_TRUE(failure);
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
}

TEST_F(CurlTransportTest, MoreCallsThanTheBoundAreRefusedAtOnce) {
  LoopbackServer server{answering(ok)};
  std::vector<std::optional<Result<Answer>>> results(20);
  for (auto& result : results) start({.url = server.url(), .body = "{}", .timeout = 2s}, result);
  context_.run();
  const auto refused = std::ranges::count_if(results, [](const auto& result) {
    return result && result->has_error() && result->error().code == Errc::unavailable;
  });
  EXPECT_GE(refused, 1);
  EXPECT_LE(refused, 12);
}

TEST_F(CurlTransportTest, StoppingEndsWhatStillRuns) {
  LoopbackServer server{[&](LoopbackServer& self, LoopbackServer::Socket& socket) {
    self.read_request(socket);
    asio::post(context_, [&] { transport_.reset(); });
    self.read_request(socket);
  }};
  const auto result = send({.url = server.url(), .body = "{}"});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::cancelled);
}

TEST_F(CurlTransportTest, LogsAndMetricsHoldHostAndStatusOnly) {
  LoopbackServer server{answering(ok)};
  EXPECT_TRUE(
      send({.url = server.url("/hidden?q=hidden"), .headers = {{"X", "hidden"}}, .body = "hidden"})
          .has_value());
  EXPECT_TRUE(send({.url = "http://127.0.0.1:1/hidden?q=hidden", .body = "hidden"}).has_error());
  transport_.reset();
  EXPECT_THAT(lines_.str(), HasSubstr("host=127.0.0.1 status=200"));
  EXPECT_THAT(lines_.str(), Not(HasSubstr("hidden")));
  EXPECT_THAT(metrics_.text(), HasSubstr(R"(ringi_calls_total{host="127.0.0.1",outcome="2xx"} 1)"));
  EXPECT_THAT(metrics_.text(), HasSubstr(R"(outcome="unavailable"} 1)"));
}

TEST_F(CurlTransportTest, NamesACallByItsPurposeWhereStrangersChooseTheHost) {
  EXPECT_FALSE(send({.url = "http://127.0.0.1:1/", .purpose = "sns"}));
  EXPECT_THAT(metrics_.text(), HasSubstr(R"(ringi_calls_total{host="sns",)"));
  EXPECT_THAT(metrics_.text(), Not(HasSubstr("127.0.0.1")));
  EXPECT_THAT(lines_.str(), Not(HasSubstr("[warning]")));  // the caller's to say
}

TEST_F(CurlTransportTest, AProxyIsNotAskedForThisMachine) {
  LoopbackServer server{answering(ok)};
  transport_ = make_transport({.https_proxy = "http://127.0.0.1:1"}, log_, metrics_);
  EXPECT_TRUE(send({.url = server.url(), .body = "{}"}).has_value());
}

TEST_F(CurlTransportTest, AProxyThatIsAwayIsUnavailable) {
  transport_ = make_transport({.https_proxy = "http://127.0.0.1:1"}, log_, metrics_);
  const auto result = send({.url = "https://hooks.slack.invalid/", .body = "{}"});
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace ringi::net
