// The checks of fsck.h about the Merkle tree: computes it again, and compares what
// is kept of it, and tree heads. Internal to ledger/log.

#ifndef LEDGER_LOG_FSCK_TREE_H_
#define LEDGER_LOG_FSCK_TREE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/log/block.h"
#include "ledger/log/database.h"
#include "ledger/log/fsck.h"
#include "ledger/log/merkle_tree.h"
#include "ledger/log/tree_head.h"
#include "ledger/log/verdict.h"

namespace payfold {

class TreeChecker {
 public:
  // Both must outlive it.
  TreeChecker(const LogDatabase& database, Verdict* verdict)
      : database_(database), verdict_(verdict) {}

  // Takes the kept tree heads and the one from outside, and checks signatures.
  // Comes first. Errors: kInvalidArgument, as AuditLog().
  absl::Status ReadTreeHeads(const FsckOptions& options);

  // The events, block by block.
  void BeginBlock(const BlockView& block);
  void Add(const EventView& event);

  // After the last block: what is left of the tree heads. `whole`: these were all
  // events of the log.
  void End(bool whole);

  const MerkleFrontier& tree() const { return tree_; }
  uint64_t tree_heads() const { return kept_; }
  const std::string& verifier_key() const { return verifier_key_; }

 private:
  // A tree head that the tree must have the root of when it reaches its size.
  struct Expected {
    TreeHead head;
    absl::string_view check;  // kTreeHeadsCheck or kOutsideCheck.
  };

  absl::Status ReadKey(const std::string& given);
  void ReadKept();
  absl::Status ReadOutside(const std::string& note, const std::string& key);
  void Fail(uint64_t position, std::string what);
  void CheckSubtree(uint64_t position, int level, uint64_t index, const Sha256Digest& root);
  void CompareTreeHeads();
  // That nothing is kept of other blocks and subtrees.
  absl::Status CheckCounts();

  const LogDatabase& database_;
  Verdict* verdict_;
  std::string verifier_key_;
  MerkleFrontier tree_;
  uint64_t kept_ = 0;
  uint64_t vouched_ = 0;            // The largest size of a tree head that holds.
  std::vector<Expected> expected_;  // Smallest last.
  uint64_t blocks_ = 0;
  uint64_t block_ = 0;       // First position of the last one.
  uint64_t block_end_ = 0;   // Its last position.
  std::string leaf_hashes_;  // Kept for that.
};

}  // namespace payfold

#endif  // LEDGER_LOG_FSCK_TREE_H_
