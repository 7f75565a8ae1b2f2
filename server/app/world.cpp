#include "server/app/world.hpp"

#include "server/ledger/signing_appender.hpp"
#include "server/net/curl_transport.hpp"
#include "server/observe/logger.hpp"

#include <exception>
#include <stdexcept>

namespace ringi::app {
namespace {

// At the start an expected failure ends the program: serve() prints its sentence.
template <class T>
T must(Result<T> result) {
  if (result.has_error()) throw std::runtime_error(result.error().log.text);
  return std::move(result).value();
}

std::string what_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "not a std::exception";
  }
}

std::unique_ptr<ledger::Appender> appender_of(const Settings& settings, const RulesInForce& rules) {
  const auto& ledger = settings.config.ledger;
  return must(ledger::make_appender({.origin = ledger.origin,
                                     .private_key_pem = settings.secrets.ledger_key.reveal(),
                                     .redact_variables = ledger.redact_variables,
                                     .config_hash = [&rules] { return rules.hash(); }}));
}

std::unique_ptr<net::Transport> transport_of(const Settings& settings, World& world) {
  return net::make_transport(transport_options(settings.config, process_environment()), world.log,
                             world.metrics);
}

}  // namespace

World::World(boost::asio::io_context& io, observe::Log logger, const Settings& settings)
    : context(io),
      log(std::move(logger)),
      tasks(io.get_executor(),
            [this](const std::string& name, const std::exception_ptr& failure) {
              log->error("task failed task={} what=\"{}\"", name, what_of(failure));
            }),
      appender(appender_of(settings, rules)),
      store(must(store::open_store(settings.config.store_url, store::OpenMode::serve,
                                   {io.get_executor(), clock, appender.get(), &metrics, log}))),
      transport(transport_of(settings, *this)) {}

Rows::Rows(World& world)
    : intake(*world.store, world.ids),
      jobs(*world.store, world.ids),
      deployments(*world.store, world.ids),
      ledger(*world.store),
      ledger_reader(*world.store),
      messages(*world.store),
      copies(*world.store),
      accounts(*world.store, world.ids) {}

}  // namespace ringi::app
