#pragma once

#include "server/app/rules_in_force.hpp"
#include "server/app/settings.hpp"
#include "server/ledger/appender.hpp"
#include "server/net/transport.hpp"
#include "server/observe/log.hpp"
#include "server/observe/metrics.hpp"
#include "server/runtime/system.hpp"
#include "server/runtime/tasks.hpp"
#include "server/runtime/together.hpp"
#include "server/store/account_rows.hpp"
#include "server/store/copy_rows.hpp"
#include "server/store/deployment_rows.hpp"
#include "server/store/intake_rows.hpp"
#include "server/store/job_rows.hpp"
#include "server/store/ledger_reader.hpp"
#include "server/store/ledger_rows.hpp"
#include "server/store/message_rows.hpp"
#include "server/store/store.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace ringi::app {

// What every other part stands on. Members are built in this order and die in reverse; the context
// outlives them all.
struct World {
  World(boost::asio::io_context& io, observe::Log logger, const Settings& settings);

  boost::asio::io_context& context;
  observe::Log log;
  observe::Metrics metrics;
  runtime::SystemClock clock;
  runtime::SteadyClock steady;  // what is paced must not stand still when the clock is set back
  runtime::Ulids ids{clock};
  RulesInForce rules;
  runtime::Together together{32};  // calls to AWS and Slack for one answer
  runtime::TaskGroup tasks;        // what runs beside requests: forms, refreshes, single updates
  std::unique_ptr<ledger::Appender> appender;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<net::Transport> transport;
};

// The store as each part sees it.
struct Rows {
  explicit Rows(World& world);

  store::IntakeRows intake;
  store::JobRows jobs;
  store::DeploymentRows deployments;
  store::LedgerRows ledger;
  store::LedgerReader ledger_reader;
  store::MessageRows messages;
  store::CopyRows copies;
  store::AccountRows accounts;
};

}  // namespace ringi::app
