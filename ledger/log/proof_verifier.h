// Verifies the proofs of the Merkle tree, as a stranger would who has only the
// proof and a root: RFC 9162, 2.1.3.2 and 2.1.4.2, which hold for RFC 6962's
// trees. Pure.

#ifndef LEDGER_LOG_PROOF_VERIFIER_H_
#define LEDGER_LOG_PROOF_VERIFIER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ledger/base/sha256.h"

namespace payfold {

// OK if `proof` shows that the leaf with that hash is leaf number `leaf` (from
// 0) of the tree of that size and root.
// Errors: kInvalidArgument if leaf >= size or the proof's length is wrong;
// kDataLoss if the proof does not lead to the root.
absl::Status VerifyInclusion(uint64_t leaf, uint64_t size, const Sha256Digest& leaf_hash,
                             absl::Span<const Sha256Digest> proof, const Sha256Digest& root);

// OK if `proof` shows that the tree of old_size and old_root is the beginning of
// the tree of new_size and new_root. An empty tree is the beginning of any.
// Errors: kInvalidArgument if old_size > new_size or the proof's length is
// wrong; kDataLoss if the proof does not lead to both roots.
absl::Status VerifyConsistency(uint64_t old_size, uint64_t new_size, const Sha256Digest& old_root,
                               const Sha256Digest& new_root, absl::Span<const Sha256Digest> proof);

}  // namespace payfold

#endif  // LEDGER_LOG_PROOF_VERIFIER_H_
