// Calls AWS, a call a line: {"service", "operation", "region", "input", "pages"} -> {"output"} or
// {"error", "code"}. Keys and AWS_ENDPOINT_URL come from the environment; all pages, where asked
// for.
#include "server/aws/base_credentials.hpp"
#include "server/aws/collect.hpp"
#include "server/net/curl_transport.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"
#include "server/runtime/system.hpp"
#include "server/runtime/timers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace {

using nlohmann::json;
using namespace ringi;

aws::Environment environment() {
  aws::Environment found;
  for (const auto* name :
       {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"})
    if (const auto* value = std::getenv(name)) found[name] = value;
  return found;
}

// The whole client, as the server builds it.
class Caller {
 public:
  json call(const json& asked) {
    json answer;
    const auto work = [&]() -> Task<> {
      aws::Invocation what{asked.at("service"), asked.at("operation"),
                           *Region::parse(asked.at("region").get<std::string>())};
      what.retry = false;
      auto input = asked.value("input", json::object());
      auto all = co_await aws::collect(client_, clock_, session_, what, std::move(input));
      if (all.has_error()) {
        answer = {{"error", all.error().log.text}, {"code", all.error().service_code}};
      } else {
        answer = {{"output", all->output}};
      }
    };
    context_.restart();
    boost::asio::co_spawn(context_, work, [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
    context_.run();
    return answer;
  }

 private:
  boost::asio::io_context context_{1};
  runtime::SystemClock clock_;
  observe::Metrics metrics_;
  observe::Log log_ = observe::make_log("error");
  std::unique_ptr<net::Transport> transport_ = net::make_transport({}, log_, metrics_);
  aws::Client client_{
      {*transport_, clock_, metrics_, log_, runtime::chance, runtime::uuid, runtime::sleep_for},
      aws::Endpoints::make(environment(), true).value()};
  std::shared_ptr<aws::Session> session_ = std::make_shared<aws::BaseSession>([] {
    const auto no_file = [](const std::string&) { return std::nullopt; };
    return aws::load_base_credentials(environment(), "", no_file);
  });
};

}  // namespace

int main() {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  Caller caller;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << caller.call(json::parse(line)).dump(-1, ' ', false, json::error_handler_t::replace)
              << std::endl;
}
