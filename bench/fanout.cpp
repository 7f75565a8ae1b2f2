// One DescribeInstances in each of 1,000 accounts, 64 at once, against a responder of its own that
// answers everything after 50 ms and checks nothing. First with no role cached, then with all of
// them. Prints each round beside the ideal and the memory; exits 0 only if a round with cached
// roles takes at most 1.3 times the ideal, and memory stays flat.
#include "server/aws/aws.hpp"
#include "server/aws/client/client.hpp"
#include "server/aws/realms.hpp"
#include "server/net/curl_transport.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"
#include "server/runtime/system.hpp"
#include "server/runtime/tasks.hpp"
#include "server/runtime/timers.hpp"
#include "server/runtime/together.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <memory>
#include <signal.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using namespace ringi;
using namespace std::chrono_literals;

constexpr int accounts = 1000;
constexpr std::size_t at_once = 64;
constexpr Duration latency = 50ms;
constexpr int warm_rounds = 8;
constexpr double most = 1.3;          // of the ideal
constexpr double most_growth_mb = 4;  // from the second warm round to the last
constexpr double ideal = double(accounts) / double(at_once) * 0.050;

std::string answer_to(const std::string& body) {
  if (body.find("Action=AssumeRole") != body.npos)
    return "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>"
           "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>" +
           rfc3339(runtime::SystemClock{}.now() + 1h) +
           "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
  std::string instances;
  for (int i = 0; i < 5; ++i)
    instances += "<item><instancesSet><item><instanceId>i-0123456789abcdef" + std::to_string(i) +
                 "</instanceId><privateIpAddress>10.0.0.1</privateIpAddress></item></instancesSet>"
                 "</item>";
  return "<DescribeInstancesResponse><reservationSet>" + instances +
         "</reservationSet></DescribeInstancesResponse>";
}

// --- the responder

Task<> serve(asio::ip::tcp::socket socket) {
  beast::tcp_stream stream{std::move(socket)};
  stream.socket().set_option(asio::ip::tcp::no_delay{true});
  beast::flat_buffer buffer;
  for (;;) {
    http::request<http::string_body> request;
    co_await http::async_read(stream, buffer, request, asio::use_awaitable);
    co_await runtime::sleep_for(latency);
    http::response<http::string_body> response{http::status::ok, 11};
    response.body() = answer_to(request.body());
    response.prepare_payload();
    co_await http::async_write(stream, response, asio::use_awaitable);
  }
}

Task<> accept(asio::ip::tcp::acceptor& acceptor) {
  for (;;) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
  }
}

// In a process of its own, which ends with this one.
pid_t respond(asio::io_context& context, asio::ip::tcp::acceptor& acceptor) {
  context.notify_fork(asio::execution_context::fork_prepare);
  const pid_t child = ::fork();
  if (child != 0) {
    context.notify_fork(asio::execution_context::fork_parent);
    acceptor.close();
    return child;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  context.notify_fork(asio::execution_context::fork_child);
  asio::co_spawn(context, accept(acceptor), asio::detached);
  context.run();
  ::_exit(0);
}

// --- the asking

struct BaseKeys : aws::Session {
  Task<Result<aws::Credentials>> credentials(Duration) override {
    co_return aws::Credentials{.access_key_id = "AKIA", .secret_access_key = config::Secret{"s"}};
  }
  void reject(const std::string&) override {}
};

AccountId account(int n) {
  return *AccountId::parse(std::to_string(200000000000 + n));
}

class Asker {
 public:
  explicit Asker(const std::string& url)
      : client_({*transport_, clock_, metrics_, log_, runtime::chance, runtime::uuid,
                 runtime::sleep_for},
                aws::Endpoints::make({{"AWS_ENDPOINT_URL", url}}, false).value()) {
    std::vector<aws::AccountConfig> all;
    for (int n = 0; n < accounts; ++n) all.push_back({account(n), "realm", "ringi"});
    realms_.configure({{"realm", "arn:aws:iam::111122223333:role/base"}}, all, {region_});
  }

  // Seconds for all accounts.
  double round() {
    const auto begin = std::chrono::steady_clock::now();
    int failed = 0;
    const auto one = [&](std::size_t n) { return ask(account(static_cast<int>(n)), failed); };
    context_.restart();
    asio::co_spawn(context_, together_.each(accounts, one), [](std::exception_ptr why) {
      if (why) std::rethrow_exception(why);
    });
    context_.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (failed > 0) throw std::runtime_error{std::to_string(failed) + " calls failed"};
    return took.count();
  }

 private:
  Task<> ask(AccountId in, int& failed) {
    ports::AwsCall call{"ec2", "DescribeInstances"};
    ports::AwsTarget target{std::move(in), region_, {"ec2:DescribeInstances"}, {}};
    const auto output = co_await port_.call(std::move(target), std::move(call), {});
    if (output.has_error() || output->at("Reservations").size() != 5) ++failed;
  }

  asio::io_context context_{1};
  runtime::SystemClock clock_;
  runtime::TaskGroup tasks_{
      context_.get_executor(),
      [](const std::string&, std::exception_ptr why) { std::rethrow_exception(why); }};
  observe::Metrics metrics_;
  observe::Log log_ = observe::make_log("warn");
  std::unique_ptr<net::Transport> transport_ = net::make_transport({}, log_, metrics_);
  aws::Client client_;
  Region region_ = *Region::parse("ap-northeast-1");
  std::shared_ptr<aws::Session> base_ = std::make_shared<BaseKeys>();
  aws::Realms realms_{{{clock_, tasks_, runtime::chance, log_}, client_, region_}, base_};
  aws::Aws port_{client_, realms_};
  runtime::Together together_{at_once};
};

double resident_mb() {
  std::ifstream statm{"/proc/self/statm"};
  double size = 0;
  double resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double measured(const char* what, Asker& asker) {
  const double took = asker.round();
  std::printf("%-12s %6.3f s  %5.2f of the ideal  %6.1f MB\n", what, took, took / ideal,
              resident_mb());
  return took;
}

bool holds(const std::string& url) {
  Asker asker{url};
  std::printf("%d accounts, 50 ms a call, %zu at once; the ideal: %.3f s\n", accounts, at_once,
              ideal);
  measured("roles cold", asker);
  measured("roles cached", asker);
  const double settled = resident_mb();
  double slowest = 0;
  for (int n = 1; n < warm_rounds; ++n)
    slowest = std::max(slowest, measured("roles cached", asker));
  const double grown = resident_mb() - settled;
  std::printf("slowest %.2f of the ideal (at most %.1f); memory grew by %.1f MB (at most %.0f)\n",
              slowest / ideal, most, grown, most_growth_mb);
  return slowest <= most * ideal && grown <= most_growth_mb;
}

}  // namespace

int main() {
  asio::io_context context{1};
  asio::ip::tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
  const auto url = "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
  const pid_t responder = respond(context, acceptor);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  bool held = false;
  try {
    held = holds(url);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "fan-out: %s\n", failure.what());
  }
  ::kill(responder, SIGKILL);
  ::waitpid(responder, nullptr, 0);
  return held ? 0 : 1;
}
