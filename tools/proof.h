// payfold proof: proofs as files, and their check, which needs no ledger.

#ifndef TOOLS_PROOF_H_
#define TOOLS_PROOF_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct InclusionOptions {
  uint64_t position = 0;
  uint64_t size = 0;           // Of the tree head; 0: the whole log.
  bool without_event = false;  // Leave the event's stored bytes out.
};

// Prints a C2SP tlog-proof.
absl::Status ProveInclusion(const GlobalOptions& global, const InclusionOptions& options);

struct ConsistencyOptions {
  uint64_t old_size = 0;
  uint64_t new_size = 0;  // 0: the whole log.
};

// Prints the proof with the newer tree head.
absl::Status ProveConsistency(const GlobalOptions& global, const ConsistencyOptions& options);

struct CheckProofOptions {
  std::string file;
  std::string event;      // A file with the event's stored bytes; empty: those in the proof.
  std::string tree_head;  // A file with a tree head that is trusted; empty: none.
  std::string key;        // A verifier key; empty: none.
};

// Errors: UsageError() if nothing is given that the proof could be held against, or
// a file cannot be read; kInvalidArgument for a file that is no proof;
// kFailedPrecondition if it does not hold.
absl::Status CheckProof(const GlobalOptions& global, const CheckProofOptions& options);

}  // namespace payfold

#endif  // TOOLS_PROOF_H_
