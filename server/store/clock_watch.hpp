#pragma once

#include "handlers/types/time.hpp"

namespace ringi::store {

class Transaction;

// By how much the clock was set back between two looks; 0: it went on.
Duration set_back(Time before, Time now);

// What waits for a moment of the clock as it was would wait for hours more: it is moved along.
// `before` is the database's now of the last look; returns that of this one.
Time move_waiting_jobs(Transaction& transaction, Time before);

}  // namespace ringi::store
