#include "server/ledger/merkle.hpp"

#include <bit>
#include <stdexcept>
#include <string>

namespace ringi::ledger {
namespace {

// The largest power of two below n: where RFC 6962 splits a tree. REQUIRES: n > 1.
std::size_t split_of(std::size_t n) {
  return std::bit_floor(n - 1);
}

// SUBPROOF(m, D[n], b) of section 2.1.2; `complete` is b.
void subproof(std::span<const Hash> leaves, std::size_t older, bool complete, Proof& proof) {
  if (older == leaves.size()) {
    if (!complete) proof.push_back(root_of(leaves));
    return;
  }
  const std::size_t split = split_of(leaves.size());
  if (older <= split) {
    subproof(leaves.first(split), older, complete, proof);
    proof.push_back(root_of(leaves.subspan(split)));
  } else {
    subproof(leaves.subspan(split), older - split, false, proof);
    proof.push_back(root_of(leaves.first(split)));
  }
}

}  // namespace

Hash leaf_hash(std::string_view leaf) {
  std::string bytes(1, '\x00');
  bytes += leaf;
  return crypto::sha256(bytes);
}

Hash node_hash(const Hash& left, const Hash& right) {
  std::string bytes(1, '\x01');
  bytes += crypto::as_text(left);
  bytes += crypto::as_text(right);
  return crypto::sha256(bytes);
}

Edge::Edge(std::uint64_t size, std::vector<Hash> subtrees)
    : size_(size), subtrees_(std::move(subtrees)) {
  if (static_cast<std::size_t>(std::popcount(size_)) != subtrees_.size()) {
    throw std::invalid_argument("the ledger's tail does not fit its size");
  }
}

void Edge::append(const Hash& leaf) {
  Hash carried = leaf;
  // Adding one to a binary number: every trailing 1 is a perfect subtree that the carry absorbs.
  for (std::uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    carried = node_hash(subtrees_.back(), carried);
    subtrees_.pop_back();
  }
  subtrees_.push_back(carried);
  ++size_;
}

Hash Edge::root() const {
  if (subtrees_.empty()) return crypto::sha256("");
  Hash root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i > 0; --i) root = node_hash(subtrees_[i - 1], root);
  return root;
}

Hash root_of(std::span<const Hash> leaves) {
  Edge edge;
  for (const Hash& leaf : leaves) edge.append(leaf);
  return edge.root();
}

Proof inclusion_proof(std::span<const Hash> leaves, std::size_t index) {
  if (leaves.size() <= 1) return {};
  const std::size_t split = split_of(leaves.size());
  const auto left = leaves.first(split);
  const auto right = leaves.subspan(split);
  const bool in_left = index < split;
  Proof proof = in_left ? inclusion_proof(left, index) : inclusion_proof(right, index - split);
  proof.push_back(root_of(in_left ? right : left));
  return proof;
}

Proof consistency_proof(std::span<const Hash> leaves, std::size_t older) {
  Proof proof;
  if (older > 0) subproof(leaves, older, true, proof);
  return proof;
}

bool includes(const Hash& root, std::uint64_t size, std::uint64_t index, const Hash& leaf,
              std::span<const Hash> proof) {
  if (index >= size) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (last == 0) return false;
    const bool is_right = (node & 1) != 0 || node == last;
    hash = is_right ? node_hash(sibling, hash) : node_hash(hash, sibling);
    // A last node without a sibling on its level moves up unhashed.
    while (is_right && (node & 1) == 0 && node != 0) {
      node >>= 1;
      last >>= 1;
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool extends(const Head& older, const Head& newer, std::span<const Hash> proof) {
  if (older.size > newer.size) return false;
  if (older.size == newer.size) return proof.empty() && older.root == newer.root;
  if (older.size == 0) return proof.empty() && older.root == crypto::sha256("");
  // Where the older tree is perfect its root begins the path, and is left out of the proof.
  const bool perfect = std::has_single_bit(older.size);
  if (proof.empty() && !perfect) return false;
  const Hash& start = perfect ? older.root : proof.front();
  const auto path = perfect ? proof : proof.subspan(1);
  const int shared = std::countr_one(older.size - 1);
  std::uint64_t node = (older.size - 1) >> shared;
  std::uint64_t last = (newer.size - 1) >> shared;
  Hash old_root = start;
  Hash new_root = start;
  for (const Hash& hash : path) {
    if (last == 0) return false;
    const bool is_right = (node & 1) != 0 || node == last;
    if (is_right) old_root = node_hash(hash, old_root);
    new_root = is_right ? node_hash(hash, new_root) : node_hash(new_root, hash);
    while (is_right && (node & 1) == 0 && node != 0) {
      node >>= 1;
      last >>= 1;
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_root == older.root && new_root == newer.root;
}

}  // namespace ringi::ledger
