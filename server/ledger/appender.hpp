#pragma once

#include "handlers/ports/ledger.hpp"
#include "handlers/types/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ringi::ledger {

// What the next append needs to know of the tree: nothing but its size and its right edge.
struct Tail {
  std::int64_t size = 0;
  std::vector<std::string> frontier;  // hex hashes of the perfect subtrees, left to right
};

struct Leaf {
  std::int64_t seq = 0;
  std::string json;  // canonical (RFC 8785): what is stored and what is hashed
  std::string hash;  // RFC 6962 leaf hash, hex
};

// Thread-safe: used on the store's writer thread, inside its transaction.
class Appender {
 public:
  virtual ~Appender() = default;
  // Redacts, canonicalises, hashes.
  virtual Leaf leaf(std::int64_t seq, Time time, const ports::Entry& entry) const = 0;
  // REQUIRES: leaf.seq == tail.size + 1.
  virtual Tail extend(Tail tail, const Leaf& leaf) const = 0;
  // Signed note text: the C2SP checkpoint of the tree that `tail` describes.
  virtual std::string checkpoint(const Tail& tail, Time time) const = 0;
};

}  // namespace ringi::ledger
