#include "ledger/log/merkle_tree.h"

#include <bit>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// The largest power of two smaller than n. REQUIRES: n > 1.
uint64_t Split(uint64_t n) { return std::bit_floor(n - 1); }

// The root of the leaves [begin, end), as MTH of RFC 6962 defines it. `begin` is
// a multiple of the largest power of two that is not above the width, which holds
// for every range that a proof needs. REQUIRES: begin < end.
absl::StatusOr<Sha256Digest> RangeRoot(uint64_t begin, uint64_t end, SubtreeRoot subtree) {
  const uint64_t width = end - begin;
  if (std::has_single_bit(width)) {
    const int level = std::countr_zero(width);
    return subtree(level, begin >> level);
  }
  const uint64_t middle = begin + Split(width);
  ASSIGN_OR_RETURN(const Sha256Digest left, RangeRoot(begin, middle, subtree));
  ASSIGN_OR_RETURN(const Sha256Digest right, RangeRoot(middle, end, subtree));
  return HashNode(left, right);
}

}  // namespace

Sha256Digest EmptyTreeRoot() { return Sha256(""); }

Sha256Digest HashLeaf(absl::string_view bytes) {
  Sha256Hasher hasher;
  hasher.Update(absl::string_view("\x00", 1));
  hasher.Update(bytes);
  return hasher.Finish();
}

Sha256Digest HashNode(const Sha256Digest& left, const Sha256Digest& right) {
  Sha256Hasher hasher;
  hasher.Update("\x01");
  hasher.Update(left);
  hasher.Update(right);
  return hasher.Finish();
}

MerkleFrontier::MerkleFrontier(uint64_t size, std::vector<Sha256Digest> roots)
    : size_(size), roots_(std::move(roots)) {
  CHECK(roots_.size() == static_cast<size_t>(std::popcount(size)));
}

void MerkleFrontier::Append(
    const Sha256Digest& leaf,
    absl::FunctionRef<void(int level, uint64_t index, const Sha256Digest&)> completed) {
  Sha256Digest root = leaf;
  int level = 0;
  // As in binary addition: each set low bit is a subtree that the new one joins.
  for (uint64_t bits = size_; (bits & 1) != 0; bits >>= 1) {
    root = HashNode(roots_.back(), root);
    roots_.pop_back();
    ++level;
    completed(level, size_ >> level, root);
  }
  roots_.push_back(root);
  ++size_;
}

void MerkleFrontier::Append(const Sha256Digest& leaf) {
  Append(leaf, [](int, uint64_t, const Sha256Digest&) {});
}

Sha256Digest MerkleFrontier::Root() const {
  if (roots_.empty()) return EmptyTreeRoot();
  Sha256Digest root = roots_.back();
  for (size_t i = roots_.size() - 1; i-- > 0;) root = HashNode(roots_[i], root);
  return root;
}

absl::StatusOr<Sha256Digest> MerkleRoot(uint64_t size, SubtreeRoot subtree) {
  if (size == 0) return EmptyTreeRoot();
  return RangeRoot(0, size, subtree);
}

absl::StatusOr<std::vector<Sha256Digest>> MerkleInclusionProof(uint64_t leaf, uint64_t size,
                                                               SubtreeRoot subtree) {
  if (leaf >= size) {
    return absl::InvalidArgumentError(
        absl::StrCat("leaf ", leaf, " is not in a tree of ", size, " leaves"));
  }
  std::vector<Sha256Digest> proof;
  // From the root down; the path is wanted from the leaf up.
  for (uint64_t begin = 0, end = size; end - begin > 1;) {
    const uint64_t middle = begin + Split(end - begin);
    const bool left = leaf < middle;
    ASSIGN_OR_RETURN(Sha256Digest sibling,
                     left ? RangeRoot(middle, end, subtree) : RangeRoot(begin, middle, subtree));
    proof.push_back(sibling);
    (left ? end : begin) = middle;
  }
  return std::vector<Sha256Digest>(proof.rbegin(), proof.rend());
}

absl::StatusOr<std::vector<Sha256Digest>> MerkleConsistencyProof(uint64_t old_size,
                                                                 uint64_t new_size,
                                                                 SubtreeRoot subtree) {
  if (old_size > new_size) {
    return absl::InvalidArgumentError(
        absl::StrCat("the old size, ", old_size, ", is larger than the new one, ", new_size));
  }
  std::vector<Sha256Digest> proof;
  if (old_size == 0 || old_size == new_size) return proof;
  // SUBPROOF(m, D[begin:end], whole): `whole` while the old tree is a subtree
  // whose root the verifier knows.
  uint64_t begin = 0;
  uint64_t end = new_size;
  bool whole = true;
  while (end != old_size) {
    const uint64_t middle = begin + Split(end - begin);
    const bool left = old_size <= middle;
    ASSIGN_OR_RETURN(Sha256Digest sibling,
                     left ? RangeRoot(middle, end, subtree) : RangeRoot(begin, middle, subtree));
    proof.push_back(sibling);
    if (left) {
      end = middle;
    } else {
      begin = middle;
      whole = false;
    }
  }
  if (!whole) {
    ASSIGN_OR_RETURN(Sha256Digest last, RangeRoot(begin, end, subtree));
    proof.push_back(last);
  }
  return std::vector<Sha256Digest>(proof.rbegin(), proof.rend());
}

}  // namespace payfold
