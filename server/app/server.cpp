#include "server/app/server.hpp"

#include "server/config/rules.hpp"
#include "server/http/admin.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/timers.hpp"
#include "server/slack/late_answer.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <stdexcept>
#include <utility>

namespace ringi::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration drain_limit = 10s;
constexpr Duration goodbye_limit = 10s;
constexpr Duration tasks_limit = 5s;
constexpr Duration first_names_limit = 5s;  // a start does not wait for Slack longer than this
constexpr Duration loop_pause = 1s;
constexpr std::size_t aws_body_limit = 2u << 20;

constexpr const char* taken_by_another =
    "another `ringi serve` has taken this store: only one of the two may run";

bool is_cancellation(const std::exception& failure) {
  const auto* error = dynamic_cast<const boost::system::system_error*>(&failure);
  return error != nullptr && error->code() == boost::asio::error::operation_aborted;
}

}  // namespace

Server::Server(boost::asio::io_context& context, observe::Log log, Settings settings,
               aws::Environment environment)
    : settings_(std::move(settings)),
      world_(context, std::move(log), settings_),
      rows_(world_),
      slack_(world_, rows_, settings_),
      aws_(world_, rows_, settings_, environment),
      organization_(context.get_executor(), organization_parts()),
      registry_(world_, rows_, organization_, [this] { look_at_accounts(); }),
      handlers_(world_, rows_, slack_, aws_, registry_),
      replies_(handlers_.catalog),
      topics_(world_, slack_, aws_),
      queue_chores_(aws_.sqs, [this] { return organization_.discovers(); }),
      queues_(context.get_executor(), queue_parts()),
      checkpoints_(rows_.ledger_reader, rows_.copies),
      dead_letters_(world_, slack_.voice),
      readiness_(*world_.store, world_.tasks),
      worker_(worker_needs()),
      endpoints_(slack_settings(settings_), endpoint_parts()),
      loops_(context.get_executor(),
             [this](const std::string& name, std::exception_ptr) {
               world_.log->critical("a loop of the server ended loop={}", name);
             }),
      signals_(context, SIGTERM, SIGINT, SIGHUP),
      news_(context.get_executor()) {
  world_.store->writer().on_work([this] { worker_.wake(); });
  world_.store->writer().on_ousted([this] { be_ousted(); });
}

Server::~Server() = default;

void Server::be_ousted() {
  if (!std::exchange(ousted_, true)) world_.log->critical("{}", taken_by_another);
  signals_.cancel();
}

Task<Result<void>> Server::carry_out(Delivery delivery) {
  if (TopicChores::owns(delivery.request)) return topics_.run(std::move(delivery));
  if (SqsChores::owns(delivery.request)) return queue_chores_.run(std::move(delivery));
  const auto* chore = std::get_if<Chore>(&delivery.request);
  if (chore != nullptr && chore->kind == slack::late_answer_kind)
    return slack_.voice.tell_late(*chore);
  return handlers_.catalog.dispatch(std::move(delivery));
}

Task<Result<void>> Server::group_changed(SlackGroup group, std::string event_id) {
  auto forgotten = co_await slack_.directory.forget_group(group);
  if (forgotten.has_error()) co_return forgotten;
  ports::Entry entry{.kind = "group.changed",
                     .details = {{"group", group.str()}},
                     .once = "group.changed:" + event_id};
  const auto written = co_await rows_.ledger.append(std::move(entry));
  if (written.has_error()) co_return written.error();
  co_return Result<void>{};
}

std::unique_ptr<http::Listener> Server::listen(std::string name, const config::Listen& where,
                                               std::optional<http::TlsFiles> tls,
                                               std::vector<http::Route> routes) {
  auto listener = http::make_listener(world_.context.get_executor(),
                                      {.name = std::move(name),
                                       .address = address_of(where),
                                       .tls = std::move(tls),
                                       .trusted_proxies = settings_.config.server.trusted_proxies,
                                       .now = [this] { return world_.clock.now(); }},
                                      std::move(routes), world_.log, world_.metrics);
  if (listener.has_error()) throw std::runtime_error(listener.error().log.text);
  return std::move(listener).value();
}

std::vector<http::Route> Server::public_routes() {
  auto routes = endpoints_.routes();
  routes.push_back(
      {.method = "POST",
       .path = "/aws/sns",
       .body_limit = aws_body_limit,
       .from_aws = true,
       .endpoint = [this](http::Request request) { return aws_.sns.handle(std::move(request)); }});
  return routes;
}

Task<bool> Server::ready() {
  if (draining_) co_return false;
  const bool there = co_await readiness_.store_answers();
  co_return there;
}

Task<Result<void>> Server::note(std::string kind) {
  ports::Entry entry{.kind = std::move(kind), .details = {{"version", RINGI_VERSION}}};
  const auto written = co_await rows_.ledger.append(std::move(entry));
  if (written.has_error()) co_return written.error();
  co_return Result<void>{};
}

// A loop ends when it is told to. Whatever else ends it is said, and it begins anew: a server
// without its worker or its reconciler would only look alive.
Task<> Server::keep(std::string name, std::function<Task<>()> loop) {
  for (;;) {
    try {
      co_await loop();
      co_return;
    } catch (const std::exception& failure) {
      if (is_cancellation(failure)) throw;
      world_.log->critical("a loop of the server failed and begins anew loop={} what=\"{}\"", name,
                           failure.what());
    }
    co_await runtime::sleep_for(loop_pause);
  }
}

void Server::open_listeners() {
  const auto ready = [this] { return this->ready(); };
  const auto& server = settings_.config.server;
  public_ = listen("public", server.listen, tls_of(settings_.config), public_routes());
  admin_ =
      listen("admin", server.admin_listen, std::nullopt, http::admin_routes(ready, world_.metrics));
  if (server.health_listen) {
    health_ = listen("health", *server.health_listen, std::nullopt, http::health_routes(ready));
  }
}

// The first entry is the start itself; who may do what is known before anything is let in.
Task<> Server::learn() {
  world_.rules.replace(config::rules_of(settings_.config, {}));  // no account is in force yet
  const auto noted = co_await note("server.started");
  if (noted.has_error()) throw std::runtime_error(noted.error().log.text);
  organization_.follow(plan_of(settings_.config));
  const auto listed = co_await organization_.load();
  if (listed.has_error())
    throw std::runtime_error("cannot read the known accounts: " + listed.error().log.text);
  const auto ruled = co_await refresh_rules(Ask::pins);
  if (ruled.has_error())
    throw std::runtime_error("cannot read what is known of names and accounts: " +
                             ruled.error().log.text);
  if (unresolved_.empty()) co_return;
  using namespace boost::asio::experimental::awaitable_operators;
  co_await (refresh_rules(Ask::slack) || runtime::sleep_for(first_names_limit));
}

Task<> Server::begin() {
  open_listeners();
  co_await learn();
  const auto adopted = co_await rows_.jobs.adopt_all();
  if (adopted.has_error()) throw std::runtime_error(adopted.error().log.text);
  const auto reconciled = co_await handlers_.reconcile.begin();
  if (reconciled.has_error()) throw std::runtime_error(reconciled.error().log.text);
  publisher_ = std::make_unique<ledger::Publisher>(
      ledger::Publisher::Parts{checkpoints_, slack_.voice, world_.clock, world_.metrics, world_.log,
                               runtime::sleep_for, [this] { return publish_channels(); },
                               [this](message::Text text) {
                                 return tell_operators(world_, slack_.voice, std::move(text));
                               }});
  spawn_loops();
  world_.log->info("ready public={} admin={} version={}", public_->port(), admin_->port(),
                   RINGI_VERSION);
}

void Server::spawn_loops() {
  const auto spawn = [this](const char* name, std::function<Task<>()> loop) {
    loops_.spawn(name, keep(name, std::move(loop)));
  };
  spawn("worker", [this] { return worker_.run(); });
  spawn("cards", [this] { return slack_.cards.run(); });
  spawn("publisher", [this] { return publisher_->run(); });
  spawn("current", [this] { return keep_current(); });
  spawn("organization", [this] { return organization_.run(); });
  spawn("admin", [this] { return admin_->run(); });
  if (health_) spawn("health", [this] { return health_->run(); });
  spawn("public", [this] { return public_->run(); });
}

Task<> Server::run() {
  std::exception_ptr failure;
  try {
    co_await begin();
    co_await until_told_to_stop();
    if (ousted_) throw std::runtime_error(taken_by_another);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await stop();
  if (failure) std::rethrow_exception(failure);
}

// Nothing new first; then what was taken is finished; what speaks to the outside ends last. What
// can be written no more is not finished: the other server does it.
Task<> Server::stop() {
  using namespace boost::asio::experimental::awaitable_operators;
  const auto patience = ousted_ ? Duration{1s} : drain_limit;
  draining_ = true;
  reading_.request_stop();
  world_.log->info("draining");
  co_await queues_.stop();
  if (public_) co_await public_->drain(patience);
  co_await worker_.stop(patience);
  if (publisher_ && !ousted_) co_await say_goodbye();
  if (health_) co_await health_->drain(1s);
  if (admin_) co_await admin_->drain(1s);
  loops_.cancel();
  co_await loops_.wait();
  // A message that is on its way to Slack: cut off now, it would stand twice after the next start.
  co_await (world_.tasks.wait() || runtime::sleep_for(tasks_limit));
  world_.tasks.cancel();
  co_await world_.tasks.wait();
  files_.join();
  world_.log->info("stopped");
}

// The last entry and its checkpoint, if store and Slack are there: a stop must not hang on either.
Task<> Server::say_goodbye() {
  using namespace boost::asio::experimental::awaitable_operators;
  const auto noted = co_await note("server.stopped");
  if (noted.has_error())
    world_.log->error("the stop is not in the ledger cause=\"{}\"", noted.error().log.text);
  co_await (publisher_->publish_now() || runtime::sleep_for(goodbye_limit));
}

}  // namespace ringi::app
