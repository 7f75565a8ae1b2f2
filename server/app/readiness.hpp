#pragma once

#include "server/runtime/single_flight.hpp"
#include "server/runtime/tasks.hpp"
#include "server/store/store.hpp"

namespace ringi::app {

// Is the store there? However many probes ask, one read is under way: strangers who may ask must
// not keep it busy. Used on the I/O thread.
class Readiness {
 public:
  Readiness(store::Store& store, runtime::TaskGroup& beside) : store_(store), beside_(beside) {}

  // False too where the store has not answered within 1 s: a probe waits no longer.
  Task<bool> store_answers();

 private:
  store::Store& store_;
  runtime::TaskGroup& beside_;
  std::shared_ptr<runtime::Flight<void>> look_;  // the latest; null before the first
};

}  // namespace ringi::app
