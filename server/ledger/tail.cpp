#include "server/ledger/tail.hpp"

#include <stdexcept>

namespace ringi::ledger {

Edge edge_of(const Tail& tail) {
  std::vector<Hash> subtrees;
  for (const std::string& hex : tail.frontier) {
    const auto hash = crypto::hash_from_hex(hex);
    if (!hash) throw std::invalid_argument("the ledger's tail holds something that is no hash");
    subtrees.push_back(*hash);
  }
  if (tail.size < 0) throw std::invalid_argument("the ledger's tail has a negative size");
  return Edge{static_cast<std::uint64_t>(tail.size), std::move(subtrees)};
}

Tail tail_of(const Edge& edge) {
  Tail tail{static_cast<std::int64_t>(edge.size()), {}};
  for (const Hash& hash : edge.subtrees()) tail.frontier.push_back(crypto::to_hex(hash));
  return tail;
}

}  // namespace ringi::ledger
