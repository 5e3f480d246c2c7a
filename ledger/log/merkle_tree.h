// The Merkle tree of RFC 6962, section 2.1, over the stored bytes of all events.
// Pure: no I/O, no clock. Leaf i is the event at position i + 1.
//
//   leaf SHA-256(0x00 ‖ bytes), node SHA-256(0x01 ‖ left ‖ right), empty SHA-256("")

#ifndef LEDGER_LOG_MERKLE_TREE_H_
#define LEDGER_LOG_MERKLE_TREE_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/base/sha256.h"

namespace payfold {

Sha256Digest EmptyTreeRoot();
Sha256Digest HashLeaf(absl::string_view bytes);
Sha256Digest HashNode(const Sha256Digest& left, const Sha256Digest& right);

// The roots of the complete subtrees that a tree is made of, largest first: all
// that is needed to append leaves and to know the root. One for each bit of the
// size that is set.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;

  // REQUIRES: one root for each set bit of `size`.
  MerkleFrontier(uint64_t size, std::vector<Sha256Digest> roots);

  // Appends a leaf. `completed` is called for each subtree that it completes,
  // the leaf itself not, from small to large: the level (2^level leaves), the
  // subtree's index among those of its level, and its root.
  void Append(const Sha256Digest& leaf,
              absl::FunctionRef<void(int level, uint64_t index, const Sha256Digest&)> completed);
  void Append(const Sha256Digest& leaf);

  uint64_t size() const { return size_; }
  Sha256Digest Root() const;
  absl::Span<const Sha256Digest> roots() const { return roots_; }

 private:
  uint64_t size_ = 0;
  std::vector<Sha256Digest> roots_;
};

// Gives the root of the complete subtree of 2^level leaves that begins at leaf
// index * 2^level; level 0 is a leaf's hash.
using SubtreeRoot = absl::FunctionRef<absl::StatusOr<Sha256Digest>(int level, uint64_t index)>;

// The root of the tree of the first `size` leaves.
absl::StatusOr<Sha256Digest> MerkleRoot(uint64_t size, SubtreeRoot subtree);

// PATH(leaf, D[size]) of RFC 6962, 2.1.1. Errors: kInvalidArgument unless
// leaf < size; those of `subtree`.
absl::StatusOr<std::vector<Sha256Digest>> MerkleInclusionProof(uint64_t leaf, uint64_t size,
                                                               SubtreeRoot subtree);

// PROOF(old_size, D[new_size]) of RFC 6962, 2.1.2; empty if the sizes are equal
// or old_size is 0. Errors: kInvalidArgument unless old_size <= new_size; those
// of `subtree`.
absl::StatusOr<std::vector<Sha256Digest>> MerkleConsistencyProof(uint64_t old_size,
                                                                 uint64_t new_size,
                                                                 SubtreeRoot subtree);

}  // namespace payfold

#endif  // LEDGER_LOG_MERKLE_TREE_H_
