#include "server/ledger/merkle.hpp"

#include "server/crypto/base64.hpp"
#include "tests/unit/checkout.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>

namespace ringi::ledger {
namespace {

using nlohmann::json;

std::vector<Hash> leaves_of(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash("entry " + std::to_string(i)));
  return leaves;
}

Head head_of(const std::vector<Hash>& leaves, std::size_t size) {
  return {size, root_of(std::span{leaves}.first(size))};
}

// RFC 6962 section 2.1, word for word: the definition that Edge must agree with.
Hash root_by_definition(std::span<const Hash> leaves) {
  if (leaves.empty()) return crypto::sha256("");
  if (leaves.size() == 1) return leaves[0];
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  return node_hash(root_by_definition(leaves.first(split)),
                   root_by_definition(leaves.subspan(split)));
}

Hash hash_in(const json& text) {
  return crypto::hash_from_base64(text.get<std::string>()).value();
}

Proof proof_in(const json& list) {
  Proof proof;
  for (const json& hash : list) proof.push_back(hash_in(hash));
  return proof;
}

std::vector<json> vectors(const std::string& kind) {
  std::vector<json> all;
  const auto folder = ringi::test::corpora("merkle");
  if (!std::filesystem::exists(folder)) return all;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().filename().string().starts_with(kind)) {
      all.push_back(json::parse(std::ifstream{file.path()}));
    }
  }
  return all;
}

TEST(Merkle, hashes_the_empty_tree_and_the_empty_leaf_as_certificate_transparency_does) {
  EXPECT_EQ(crypto::to_hex(Edge{}.root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(crypto::to_hex(leaf_hash("")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST(Merkle, inclusion_vectors_of_transparency_dev_hold) {
  const auto cases = vectors("inclusion");
  if (cases.empty()) GTEST_SKIP() << "no corpora";
  for (const json& it : cases) {
    const bool holds = includes(hash_in(it["root"]), it["treeSize"].get<std::uint64_t>(),
                                it["leafIdx"].get<std::uint64_t>(), hash_in(it["leafHash"]),
                                proof_in(it["proof"]));
    EXPECT_EQ(holds, !it["wantErr"].get<bool>()) << it.dump();
  }
}

TEST(Merkle, consistency_vectors_of_transparency_dev_hold) {
  const auto cases = vectors("consistency");
  if (cases.empty()) GTEST_SKIP() << "no corpora";
  for (const json& it : cases) {
    const Head older{it["size1"].get<std::uint64_t>(), hash_in(it["root1"])};
    const Head newer{it["size2"].get<std::uint64_t>(), hash_in(it["root2"])};
    EXPECT_EQ(extends(older, newer, proof_in(it["proof"])), !it["wantErr"].get<bool>())
        << it.dump();
  }
}

TEST(Merkle, the_edge_has_the_root_of_the_definition_at_every_size) {
  const auto leaves = leaves_of(64);
  Edge edge;
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    EXPECT_EQ(edge.root(), root_by_definition(std::span{leaves}.first(size))) << size;
    EXPECT_EQ(Edge(edge.size(), edge.subtrees()).root(), edge.root()) << size;
    if (size < leaves.size()) edge.append(leaves[size]);
  }
}

TEST(Merkle, an_edge_that_does_not_fit_its_size_is_refused) {
  EXPECT_THROW(Edge(3, leaves_of(1)), std::invalid_argument);
  EXPECT_THROW(Edge(0, leaves_of(1)), std::invalid_argument);
}

TEST(Merkle, every_entry_of_every_size_is_proved_and_no_other_place_or_leaf_is) {
  const auto leaves = leaves_of(64);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const auto tree = std::span{leaves}.first(size);
    const Hash root = root_of(tree);
    for (std::size_t index = 0; index < size; ++index) {
      const Proof proof = inclusion_proof(tree, index);
      EXPECT_TRUE(includes(root, size, index, leaves[index], proof)) << index << " of " << size;
      EXPECT_FALSE(includes(root, size, index, leaf_hash("another"), proof));
      EXPECT_FALSE(includes(root, size, size, leaves[index], proof));
      if (size > 1) EXPECT_FALSE(includes(root, size, (index + 1) % size, leaves[index], proof));
    }
  }
}

TEST(Merkle, an_inclusion_proof_that_is_longer_shorter_or_altered_fails) {
  const auto leaves = leaves_of(21);
  const Hash root = root_of(leaves);
  for (std::size_t index = 0; index < leaves.size(); ++index) {
    const Proof proof = inclusion_proof(leaves, index);
    Proof longer = proof;
    longer.push_back(leaves[0]);
    EXPECT_FALSE(includes(root, 21, index, leaves[index], longer));
    EXPECT_FALSE(
        includes(root, 21, index, leaves[index], std::span{proof}.first(proof.size() - 1)));
    for (std::size_t i = 0; i < proof.size(); ++i) {
      Proof altered = proof;
      altered[i][31] ^= 1;
      EXPECT_FALSE(includes(root, 21, index, leaves[index], altered));
    }
  }
}

TEST(Merkle, every_older_tree_is_proved_to_be_a_prefix) {
  const auto leaves = leaves_of(64);
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    const Head newer = head_of(leaves, size);
    for (std::size_t older = 0; older <= size; ++older) {
      const Proof proof = consistency_proof(std::span{leaves}.first(size), older);
      EXPECT_TRUE(extends(head_of(leaves, older), newer, proof)) << older << " of " << size;
    }
  }
}

TEST(Merkle, a_rewritten_past_has_no_consistency_proof) {
  const auto leaves = leaves_of(40);
  auto rewritten = leaves;
  rewritten[3] = leaf_hash("rewritten");
  for (std::size_t older = 4; older < 40; ++older) {
    const Head before = head_of(leaves, older);
    EXPECT_FALSE(extends(before, head_of(rewritten, 40), consistency_proof(rewritten, older)));
    EXPECT_FALSE(extends(before, head_of(rewritten, 40), consistency_proof(leaves, older)));
    EXPECT_FALSE(extends(head_of(leaves, 40), before, {}));
  }
}

}  // namespace
}  // namespace ringi::ledger
