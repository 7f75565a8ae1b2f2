// Calls AWS, a call a line: {"service", "operation", "region", "input"} -> {"output"} of all pages,
// or
// {"error", "code"}. Keys and AWS_ENDPOINT_URL come from the environment. With an "account" the
// call is made in it, through the realm that {"base_role", "role", "accounts", "external_id"} has
// set up, by a session that may do "actions" (else the operation's own), of "acting" (else nobody).
#include "server/aws/client/collect.hpp"
#include "server/aws/credentials/environment_sources.hpp"
#include "server/aws/realms.hpp"
#include "server/net/curl_transport.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"
#include "server/runtime/system.hpp"
#include "server/runtime/tasks.hpp"
#include "server/runtime/timers.hpp"
#include "server/runtime/together.hpp"

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

struct Keys : aws::Session {
  Task<Result<aws::Credentials>> credentials(Duration) override {
    co_return std::get<aws::StaticKeys>(aws::keys_in(environment()).value()->how).credentials;
  }
  void reject(const std::string&) override {}
};

// The whole client, as the server builds it.
class Caller {
 public:
  json answer_to(const json& asked) {
    if (asked.contains("each")) return each(asked);
    if (!asked.contains("base_role")) return call(asked);
    std::vector<aws::AccountConfig> accounts;
    for (const auto& id : asked.at("accounts"))
      accounts.push_back({*AccountId::parse(id.get<std::string>()), "realm", asked.at("role"),
                          config::Secret{asked.value("external_id", "")}});
    realms_.configure({{"realm", asked.at("base_role")}}, accounts, {region_});
    return json::object();
  }

 private:
  json call(const json& asked) {
    json answer;
    run(told(asked, answer));
    return answer;
  }

  // The same call in many accounts, 64 side by side; the answers in the order in which they came.
  json each(const json& asked) {
    auto answers = json::array();
    runtime::Together together{64};
    const auto accounts = asked.at("each");
    const auto one = [&](std::size_t n) { return told_of(asked, accounts.at(n), answers); };
    run(together.each(accounts.size(), one));
    return {{"answers", answers}};
  }

  Task<> told_of(json asked, json account, json& answers) {
    json answer;
    asked["account"] = account;
    co_await told(asked, answer);
    answer["account"] = account;
    answers.push_back(std::move(answer));
  }

  Task<> told(const json& asked, json& answer) {
    aws::Invocation what{asked.at("service"), asked.at("operation"),
                         *Region::parse(asked.at("region").get<std::string>())};
    what.retry = asked.value("retry", false);
    what.deadline = std::chrono::seconds{asked.value("deadline", 10)};
    const auto acting = session(asked);
    if (acting.has_error()) {
      answer = {{"error", acting.error().log.text}};
      co_return;
    }
    auto input = asked.value("input", json::object());
    auto all = co_await aws::collect(client_, clock_, *acting, what, std::move(input));
    if (all.has_error()) {
      answer = {{"error", all.error().log.text}, {"code", all.error().service_code}};
    } else {
      answer = {{"output", all->output}};
    }
  }

  Result<std::shared_ptr<aws::Session>> session(const json& asked) {
    if (!asked.contains("account")) return base_;
    const auto operation = asked.at("operation").get<std::string>();
    const auto own = asked.at("service").get<std::string>() + ":" + operation;
    const auto actions = asked.value("actions", ports::IamActions{own});
    return realms_.session(*AccountId::parse(asked["account"].get<std::string>()), actions,
                           SlackUser::parse(asked.value("acting", "")));
  }

  void run(Task<> work) {
    context_.restart();
    boost::asio::co_spawn(context_, std::move(work), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
    context_.run();
  }

  boost::asio::io_context context_{1};
  runtime::TaskGroup tasks_{
      context_.get_executor(),
      [](const std::string&, std::exception_ptr why) { std::rethrow_exception(why); }};
  Region region_ = *Region::parse("ap-northeast-1");
  runtime::SystemClock clock_;
  observe::Metrics metrics_;
  observe::Log log_ = observe::make_log("error");
  std::unique_ptr<net::Transport> transport_ = net::make_transport({}, log_, metrics_);
  aws::Client client_{
      {*transport_, clock_, metrics_, log_, runtime::chance, runtime::uuid, runtime::sleep_for},
      aws::Endpoints::make(environment(), true).value()};
  std::shared_ptr<aws::Session> base_ = std::make_shared<Keys>();
  aws::Realms realms_{{{clock_, tasks_, runtime::chance, log_}, client_, region_}, base_};
};

}  // namespace

int main() {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  Caller caller;
  for (std::string line; std::getline(std::cin, line);)
    std::cout
        << caller.answer_to(json::parse(line)).dump(-1, ' ', false, json::error_handler_t::replace)
        << std::endl;
}
