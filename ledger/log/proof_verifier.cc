#include "ledger/log/proof_verifier.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "ledger/log/merkle_tree.h"

namespace payfold {
namespace {

absl::Status WrongLength(size_t got) {
  return absl::InvalidArgumentError(
      absl::StrCat("the proof has ", got, " hashes, which is not the number for these sizes"));
}

}  // namespace

absl::Status VerifyInclusion(uint64_t leaf, uint64_t size, const Sha256Digest& leaf_hash,
                             absl::Span<const Sha256Digest> proof, const Sha256Digest& root) {
  if (leaf >= size) {
    return absl::InvalidArgumentError(
        absl::StrCat("leaf ", leaf, " is not in a tree of ", size, " leaves"));
  }
  uint64_t node = leaf;
  uint64_t last = size - 1;
  Sha256Digest hash = leaf_hash;
  for (const Sha256Digest& sibling : proof) {
    if (last == 0) return WrongLength(proof.size());
    if ((node & 1) != 0 || node == last) {
      hash = HashNode(sibling, hash);
      // A last node without a sibling of its own climbs until it has one.
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = HashNode(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return WrongLength(proof.size());
  if (hash != root) {
    return absl::DataLossError(absl::StrCat("the proof does not lead from leaf ", leaf,
                                            " to the root ", ToHex(root), " of size ", size));
  }
  return absl::OkStatus();
}

absl::Status VerifyConsistency(uint64_t old_size, uint64_t new_size, const Sha256Digest& old_root,
                               const Sha256Digest& new_root, absl::Span<const Sha256Digest> proof) {
  if (old_size > new_size) {
    return absl::InvalidArgumentError(
        absl::StrCat("the old size, ", old_size, ", is larger than the new one, ", new_size));
  }
  const auto mismatch = [&] {
    return absl::DataLossError(absl::StrCat("the tree of size ", old_size,
                                            " is not the beginning of that of size ", new_size));
  };
  if (old_size == 0 || old_size == new_size) {
    if (!proof.empty()) return WrongLength(proof.size());
    const bool same = old_size == 0 ? old_root == EmptyTreeRoot() : old_root == new_root;
    return same ? absl::OkStatus() : mismatch();
  }
  uint64_t node = old_size - 1;
  uint64_t last = new_size - 1;
  const int climb = std::countr_one(node);
  node >>= climb;
  last >>= climb;
  // An old tree that is a complete subtree is where the path begins.
  const bool complete = std::has_single_bit(old_size);
  if (!complete && proof.empty()) return WrongLength(0);
  Sha256Digest old_hash = complete ? old_root : proof[0];
  Sha256Digest new_hash = old_hash;
  for (const Sha256Digest& sibling : proof.subspan(complete ? 0 : 1)) {
    if (last == 0) return WrongLength(proof.size());
    if ((node & 1) != 0 || node == last) {
      old_hash = HashNode(sibling, old_hash);
      new_hash = HashNode(sibling, new_hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = HashNode(new_hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return WrongLength(proof.size());
  return old_hash == old_root && new_hash == new_root ? absl::OkStatus() : mismatch();
}

}  // namespace payfold
