// Signed slash commands over TLS on so many connections. With a rate each command is due at its
// moment and its latency counts from then, so that a slow answer cannot hide the wait of the next;
// with rate 0 each connection sends its next when the last answer is whole, as fast as it goes.
// Prints one JSON line: requests, seconds, errors and the latencies' quantiles.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int most_a_second = 60'000;

struct Load {
  std::string port, secret;
  Clock::time_point begin, end;
  std::chrono::nanoseconds pause{0};  // between two commands of all connections; 0: none
  std::vector<double> milliseconds;
  long errors = 0;
  std::vector<std::string> requests;  // signed before the clock starts: the load is light
  std::size_t next = 0;
};

std::string hmac_hex(const std::string& key, const std::string& text) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  std::string hex;
  for (auto byte : digest) {
    std::array<char, 3> pair{};
    std::snprintf(pair.data(), pair.size(), "%02x", byte);
    hex += pair.data();
  }
  return hex;
}

// One signed `/deploy strat`, as bytes: verified, parsed, answered from memory with what was meant,
// and committed; no work follows it, so nothing but the ack is measured. The trigger_id makes each
// another delivery.
std::string command(const Load& load, std::size_t number) {
  const auto now = std::to_string(std::time(nullptr));
  std::string body =
      "token=x&team_id=T0ACME0001&team_domain=acme&channel_id=C0DEPLOYS1&channel_name=deploys"
      "&user_id=U0TARO0001&user_name=taro&command=%2Fdeploy&text=strat&api_app_id=A0RINGI001"
      "&is_enterprise_install=false&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1%2F2%"
      "2F3"
      "&trigger_id=" +
      now + "." + std::to_string(number) + ".00000000000000000000000000000abc";
  return "POST /slack/commands HTTP/1.1\r\nHost: 127.0.0.1\r\n"
         "Content-Type: application/x-www-form-urlencoded\r\n"
         "X-Slack-Request-Timestamp: " +
         now + "\r\nX-Slack-Signature: v0=" + hmac_hex(load.secret, "v0:" + now + ":" + body) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

asio::awaitable<void> connection(Load& load, asio::ssl::context& tls) {
  auto executor = co_await asio::this_coro::executor;
  asio::ssl::stream<beast::tcp_stream> stream{executor, tls};
  const tcp::endpoint to{asio::ip::address_v4::loopback(),
                         static_cast<unsigned short>(std::stoi(load.port))};
  co_await beast::get_lowest_layer(stream).async_connect(to, asio::use_awaitable);
  co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
  beast::flat_buffer buffer;
  asio::steady_timer timer{executor};
  while (Clock::now() < load.end && load.next < load.requests.size()) {
    const Clock::time_point due = load.begin + load.pause * load.next;
    const auto& request = load.requests[load.next++];
    if (load.pause.count() > 0) {
      timer.expires_at(due);
      co_await timer.async_wait(asio::use_awaitable);
    }
    const auto sent = load.pause.count() > 0 ? due : Clock::now();
    co_await asio::async_write(stream, asio::buffer(request), asio::use_awaitable);
    http::response<http::string_body> answer;
    co_await http::async_read(stream, buffer, answer, asio::use_awaitable);
    load.milliseconds.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - sent).count());
    if (answer.result_int() != 200) ++load.errors;
  }
}

double quantile(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: load PORT SECRET_FILE CONNECTIONS SECONDS RATE\n";
    return 2;
  }
  Load load;
  load.port = argv[1];
  std::ifstream{argv[2]} >> load.secret;
  const int connections = std::atoi(argv[3]);
  const int seconds_wanted = std::atoi(argv[4]);
  for (int i = 0; i < seconds_wanted * most_a_second; ++i)
    load.requests.push_back(command(load, load.requests.size()));
  if (const int rate = std::atoi(argv[5]); rate > 0)
    load.pause = std::chrono::nanoseconds{1s} / rate;
  load.begin = Clock::now();
  load.end = load.begin + std::chrono::seconds{seconds_wanted};
  asio::io_context context{1};
  asio::ssl::context tls{asio::ssl::context::tls_client};
  tls.set_verify_mode(asio::ssl::verify_none);  // our own server on this machine
  int broken = 0;
  for (int i = 0; i < connections; ++i) {
    asio::co_spawn(context, connection(load, tls), [&broken](std::exception_ptr failure) {
      if (failure) ++broken;
    });
  }
  context.run();
  const double seconds = std::chrono::duration<double>(Clock::now() - load.begin).count();
  std::ranges::sort(load.milliseconds);
  std::printf(
      "{\"requests\": %zu, \"seconds\": %.3f, \"errors\": %ld, \"broken\": %d, "
      "\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}\n",
      load.milliseconds.size(), seconds, load.errors, broken, quantile(load.milliseconds, 0.5),
      quantile(load.milliseconds, 0.99), quantile(load.milliseconds, 1.0));
  return broken || load.errors ? 1 : 0;
}
