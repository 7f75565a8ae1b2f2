#pragma once

#include "server/ledger/appender.hpp"
#include "server/ledger/merkle.hpp"

namespace ringi::ledger {

// Between what the store keeps and what the tree reckons with. Throws std::invalid_argument for a
// tail that no append has made: the store is damaged, and nothing may be built on it.
Edge edge_of(const Tail& tail);
Tail tail_of(const Edge& edge);

}  // namespace ringi::ledger
