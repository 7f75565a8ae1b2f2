// Credentials as the server has them, by a clock that is told what time it is. A question a line:
// {"open": {environment}, "profile"} begins anew, {"ask": seconds} waits so long for credentials,
// {"advance": seconds} moves the clock, {"reject": key id} says that AWS refused them. The answer:
// {"id", "expires"} or {"error", "code"}, and what was logged.
#include "server/aws/client/client.hpp"
#include "server/aws/credentials/base_session.hpp"
#include "server/aws/credentials/system_sources.hpp"
#include "server/net/curl_transport.hpp"
#include "server/observe/metrics.hpp"
#include "server/runtime/system.hpp"
#include "server/runtime/tasks.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <curl/curl.h>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

namespace {

using nlohmann::json;
using namespace ringi;

// What it was told last, and what passed since.
struct ToldClock : ports::Clock {
  runtime::SteadyClock steady;
  Time begin = steady.now();
  Time time = *parse_rfc3339("2026-11-22T03:00:00Z");
  Time now() const override { return time + (steady.now() - begin); }
};

double no_chance() {
  return 0;
}

class Server {
 public:
  Server(aws::Environment environment, std::string profile)
      : client_({*transport_, clock_, metrics_, log_, no_chance, runtime::uuid, pause_},
                aws::Endpoints::make(environment, false).value()) {
    auto sources = aws::system_sources(client_, *transport_, clock_, std::move(environment),
                                       *Region::parse("ap-northeast-1"), log_);
    sources.metadata.sleep = pause_;
    sources.random = no_chance;
    session_ = aws::base_session({clock_, tasks_, no_chance, log_}, std::move(sources),
                                 std::move(profile));
  }
  ~Server() { run(tasks_.wait()); }

  json ask(Duration longest) {
    std::optional<Result<aws::Credentials>> had;
    const auto work = [&]() -> Task<> {
      auto given = co_await session_->credentials(longest);
      had.emplace(std::move(given));
    };
    run(work());
    json answer{{"log", logged_.str()}};
    logged_.str("");
    if (had->has_error()) {
      answer["error"] = had->error().log.text;
      answer["code"] = name_of(had->error().code);
    } else {
      answer["id"] = had->value().access_key_id;
      answer["expires"] = had->value().expires ? rfc3339(*had->value().expires) : "";
    }
    return answer;
  }
  void advance(Duration by) { clock_.time += by; }
  void reject(const std::string& id) { session_->reject(id); }

 private:
  // Until all that it began is over, refreshes that nobody waits for as well.
  void run(Task<> work) {
    context_.restart();
    boost::asio::co_spawn(context_, std::move(work), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
    context_.run();
  }

  boost::asio::io_context context_{1};
  ToldClock clock_;
  observe::Metrics metrics_;
  std::ostringstream logged_;
  observe::Log log_ = std::make_shared<spdlog::logger>(
      "wire", std::make_shared<spdlog::sinks::ostream_sink_mt>(logged_));
  std::unique_ptr<net::Transport> transport_ = net::make_transport({}, log_, metrics_);
  std::function<Task<>(Duration)> pause_ = [this](Duration pause) -> Task<> {
    clock_.time += pause;
    co_return;
  };
  runtime::TaskGroup tasks_{
      context_.get_executor(),
      [](const std::string&, std::exception_ptr why) { std::rethrow_exception(why); }};
  aws::Client client_;
  std::shared_ptr<aws::Session> session_;
};

Duration seconds_in(const json& asked, const char* key) {
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>{asked.at(key).get<double>()});
}

json answer_to(std::unique_ptr<Server>& server, const json& asked) {
  if (asked.contains("open")) {
    server =
        std::make_unique<Server>(asked["open"].get<aws::Environment>(), asked.value("profile", ""));
    return json::object();
  }
  if (asked.contains("advance")) server->advance(seconds_in(asked, "advance"));
  if (asked.contains("reject")) server->reject(asked["reject"]);
  return asked.contains("ask") ? server->ask(seconds_in(asked, "ask")) : json::object();
}

}  // namespace

int main() {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  std::unique_ptr<Server> server;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer_to(server, json::parse(line)).dump() << std::endl;
}
