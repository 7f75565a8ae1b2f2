#pragma once

#include "server/crypto/sha256.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ringi::ledger {

using crypto::Hash;

// The Merkle tree of RFC 6962 section 2.1, over SHA-256. Indices are zero-based.
using Proof = std::vector<Hash>;

Hash leaf_hash(std::string_view leaf);                // SHA-256(0x00 || leaf)
Hash node_hash(const Hash& left, const Hash& right);  // SHA-256(0x01 || left || right)

// The right edge of a tree: the roots of its perfect subtrees, left to right, one for each bit of
// the size. It is all that an append and the root need: O(log n) however long the ledger is.
class Edge {
 public:
  Edge() = default;
  // REQUIRES: as many hashes as `size` has bits set.
  Edge(std::uint64_t size, std::vector<Hash> subtrees);

  void append(const Hash& leaf);
  Hash root() const;  // of the empty tree: SHA-256("")
  std::uint64_t size() const { return size_; }
  const std::vector<Hash>& subtrees() const { return subtrees_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> subtrees_;
};

Hash root_of(std::span<const Hash> leaves);
// Section 2.1.1. REQUIRES: index < leaves.size().
Proof inclusion_proof(std::span<const Hash> leaves, std::size_t index);
// Section 2.1.2: that the tree of the first `older` leaves is a prefix. REQUIRES: older <=
// leaves.size().
Proof consistency_proof(std::span<const Hash> leaves, std::size_t older);

// RFC 9162 sections 2.1.3.2 and 2.1.4.2, which spell out the checks for the same tree.
bool includes(const Hash& root, std::uint64_t size, std::uint64_t index, const Hash& leaf,
              std::span<const Hash> proof);
struct Head {
  std::uint64_t size = 0;
  Hash root{};
  friend bool operator==(const Head&, const Head&) = default;
};
bool extends(const Head& older, const Head& newer, std::span<const Hash> proof);

}  // namespace ringi::ledger
