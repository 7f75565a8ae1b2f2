#pragma once

#include "server/cli/audit.hpp"
#include "server/cli/policy.hpp"
#include "server/config/config.hpp"
#include "server/ledger/appender.hpp"
#include "server/observe/log.hpp"
#include "server/runtime/system.hpp"
#include "server/store/copy_rows.hpp"
#include "server/store/ledger_reader.hpp"
#include "server/store/store.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace ringi::cli {

// The store beside a server that may be running: takes no lock, migrates nothing.
struct OfflineStore {
  boost::asio::io_context context{1};
  runtime::SystemClock clock;
  observe::Log log;
  std::unique_ptr<ledger::Appender> appender;  // for what the command line itself writes down
  std::unique_ptr<store::Store> store;

  // Runs one coroutine to its end.
  Result<void> run(Task<Result<void>> task);
};

enum class Access { read, write };
Result<std::unique_ptr<OfflineStore>> open_offline(const config::Config& config,
                                                   const Surroundings& surroundings, Access access);

// The whole ledger, for `ringi audit`.
Result<OpenLedger> open_ledger(const config::Config& config, const Surroundings& surroundings);

// The store's copies of groups and people, for `ringi policy`. Without a store there are none.
std::unique_ptr<Remembered> open_copies(const config::Config& config,
                                        const Surroundings& surroundings);

}  // namespace ringi::cli
