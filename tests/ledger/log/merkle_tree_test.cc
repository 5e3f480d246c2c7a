#include "ledger/log/merkle_tree.h"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/proof_verifier.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::Not;

using Hashes = std::vector<Sha256Digest>;

// RFC 6962, 2.1, word for word: MTH, PATH and SUBPROOF over a list of leaves.
uint64_t SplitAt(size_t n) {
  uint64_t k = 1;
  while (2 * k < n) k *= 2;
  return k;
}
Hashes Slice(const Hashes& leaves, size_t begin, size_t end) {
  return Hashes(leaves.begin() + static_cast<std::ptrdiff_t>(begin),
                leaves.begin() + static_cast<std::ptrdiff_t>(end));
}
Sha256Digest Mth(const Hashes& d) {
  if (d.empty()) return Sha256("");
  if (d.size() == 1) return d[0];
  const uint64_t k = SplitAt(d.size());
  return HashNode(Mth(Slice(d, 0, k)), Mth(Slice(d, k, d.size())));
}
Hashes Path(uint64_t m, const Hashes& d) {
  if (d.size() == 1) return {};
  const uint64_t k = SplitAt(d.size());
  Hashes path = m < k ? Path(m, Slice(d, 0, k)) : Path(m - k, Slice(d, k, d.size()));
  path.push_back(m < k ? Mth(Slice(d, k, d.size())) : Mth(Slice(d, 0, k)));
  return path;
}
Hashes Subproof(uint64_t m, const Hashes& d, bool whole) {
  if (m == d.size()) return whole ? Hashes() : Hashes{Mth(d)};
  const uint64_t k = SplitAt(d.size());
  Hashes proof =
      m <= k ? Subproof(m, Slice(d, 0, k), whole) : Subproof(m - k, Slice(d, k, d.size()), false);
  proof.push_back(m <= k ? Mth(Slice(d, k, d.size())) : Mth(Slice(d, 0, k)));
  return proof;
}

Hashes Leaves(size_t count) {
  Hashes leaves;
  for (size_t i = 0; i < count; ++i) leaves.push_back(HashLeaf("leaf " + std::to_string(i)));
  return leaves;
}

// What SubtreeRoot asks for, from a list of leaves.
auto SubtreesOf(const Hashes& leaves) {
  return [&leaves](int level, uint64_t index) -> absl::StatusOr<Sha256Digest> {
    return Mth(Slice(leaves, index << level, (index + 1) << level));
  };
}

// The test tree of Certificate Transparency's reference implementation.
TEST(MerkleTreeTest, HasTheRootsOfTheCertificateTransparencyVectors) {
  const std::string kInputs[] = {
      "",
      std::string(1, '\0'),
      "\x10",
      "\x20\x21",
      "\x30\x31",
      "\x40\x41\x42\x43",
      "\x50\x51\x52\x53\x54\x55\x56\x57",
      "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
  };
  const absl::string_view kRoots[] = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  };
  EXPECT_EQ(ToHex(EmptyTreeRoot()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  MerkleFrontier tree;
  for (size_t i = 0; i < 8; ++i) {
    tree.Append(HashLeaf(kInputs[i]));
    EXPECT_EQ(ToHex(tree.Root()), kRoots[i]) << "size " << i + 1;
  }
}

TEST(MerkleTreeTest, RootsAndProofsAreThoseOfTheDefinition) {
  for (size_t size = 1; size <= 40; ++size) {
    SCOPED_TRACE(size);
    const Hashes leaves = Leaves(size);
    const auto subtrees = SubtreesOf(leaves);
    EXPECT_THAT(MerkleRoot(size, subtrees), IsOkAndHolds(Mth(leaves)));
    for (uint64_t leaf = 0; leaf < size; ++leaf) {
      EXPECT_THAT(MerkleInclusionProof(leaf, size, subtrees), IsOkAndHolds(Path(leaf, leaves)));
    }
    for (uint64_t old_size = 1; old_size <= size; ++old_size) {
      EXPECT_THAT(MerkleConsistencyProof(old_size, size, subtrees),
                  IsOkAndHolds(Subproof(old_size, leaves, true)));
    }
  }
}

TEST(MerkleTreeTest, FrontierNamesTheSubtreesItCompletes) {
  const Hashes leaves = Leaves(64);
  const auto subtrees = SubtreesOf(leaves);
  MerkleFrontier tree;
  int completed = 0;
  for (const Sha256Digest& leaf : leaves) {
    tree.Append(leaf, [&](int level, uint64_t index, const Sha256Digest& root) {
      ++completed;
      EXPECT_THAT(subtrees(level, index), IsOkAndHolds(root));
    });
  }
  EXPECT_EQ(completed, 63);
}

TEST(MerkleTreeTest, FrontierGoesOnFromItsRoots) {
  MerkleFrontier whole;
  for (const Sha256Digest& leaf : Leaves(21)) {
    const MerkleFrontier copy(whole.size(), Hashes(whole.roots().begin(), whole.roots().end()));
    EXPECT_EQ(copy.Root(), whole.Root());
    whole.Append(leaf);
  }
}

TEST(MerkleTreeTest, ProofsOutOfRangeAreRefused) {
  const Hashes leaves = Leaves(4);
  const auto subtrees = SubtreesOf(leaves);
  EXPECT_THAT(MerkleInclusionProof(4, 4, subtrees), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MerkleConsistencyProof(5, 4, subtrees), StatusIs(absl::StatusCode::kInvalidArgument));
}

// Every way to change a proof by one bit, one hash more, one less, two swapped.
std::vector<Hashes> Mutations(const Hashes& proof) {
  std::vector<Hashes> mutations;
  for (size_t i = 0; i < proof.size(); ++i) {
    for (size_t bit : {0u, 100u, 255u}) {
      mutations.push_back(proof);
      mutations.back()[i][bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    }
    mutations.push_back(proof);
    mutations.back().erase(mutations.back().begin() + static_cast<std::ptrdiff_t>(i));
    mutations.push_back(proof);
    mutations.back().insert(mutations.back().begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
    if (i > 0 && proof[i] != proof[i - 1]) {
      mutations.push_back(proof);
      std::swap(mutations.back()[i], mutations.back()[i - 1]);
    }
  }
  mutations.push_back(proof);
  mutations.back().push_back(Sha256("one too many"));
  return mutations;
}

TEST(ProofVerifierTest, InclusionHoldsAndEveryMutationFails) {
  for (uint64_t size = 1; size <= 17; ++size) {
    const Hashes leaves = Leaves(size);
    const Sha256Digest root = Mth(leaves);
    for (uint64_t leaf = 0; leaf < size; ++leaf) {
      SCOPED_TRACE(testing::Message() << "leaf " << leaf << " of " << size);
      const Hashes proof = Path(leaf, leaves);
      EXPECT_THAT(VerifyInclusion(leaf, size, leaves[leaf], proof, root), IsOk());
      for (const Hashes& mutation : Mutations(proof)) {
        EXPECT_THAT(VerifyInclusion(leaf, size, leaves[leaf], mutation, root), Not(IsOk()));
      }
      for (uint64_t other = 0; other < size; ++other) {
        if (other == leaf) continue;
        EXPECT_THAT(VerifyInclusion(other, size, leaves[leaf], proof, root), Not(IsOk()));
      }
      EXPECT_THAT(VerifyInclusion(leaf, size, Sha256("x"), proof, root), Not(IsOk()));
      EXPECT_THAT(VerifyInclusion(leaf, size, leaves[leaf], proof, Sha256("x")), Not(IsOk()));
      EXPECT_THAT(VerifyInclusion(size, size, leaves[leaf], proof, root), Not(IsOk()));
    }
  }
}

TEST(ProofVerifierTest, ConsistencyHoldsAndEveryMutationFails) {
  for (uint64_t size = 1; size <= 17; ++size) {
    const Hashes leaves = Leaves(size);
    const Sha256Digest root = Mth(leaves);
    for (uint64_t old_size = 1; old_size <= size; ++old_size) {
      SCOPED_TRACE(testing::Message() << old_size << " of " << size);
      const Sha256Digest old_root = Mth(Slice(leaves, 0, old_size));
      const Hashes proof = Subproof(old_size, leaves, true);
      EXPECT_THAT(VerifyConsistency(old_size, size, old_root, root, proof), IsOk());
      for (const Hashes& mutation : Mutations(proof)) {
        EXPECT_THAT(VerifyConsistency(old_size, size, old_root, root, mutation), Not(IsOk()));
      }
      EXPECT_THAT(VerifyConsistency(old_size, size, Sha256("x"), root, proof), Not(IsOk()));
      EXPECT_THAT(VerifyConsistency(old_size, size, old_root, Sha256("x"), proof), Not(IsOk()));
    }
    EXPECT_THAT(VerifyConsistency(0, size, EmptyTreeRoot(), root, {}), IsOk());
    EXPECT_THAT(VerifyConsistency(0, size, root, root, {}), Not(IsOk()));
    EXPECT_THAT(VerifyConsistency(size + 1, size, root, root, {}), Not(IsOk()));
  }
}

}  // namespace
}  // namespace payfold
