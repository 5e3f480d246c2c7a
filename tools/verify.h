// payfold verify: recomputes everything from the stored bytes, and compares.

#ifndef TOOLS_VERIFY_H_
#define TOOLS_VERIFY_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct VerifyOptions {
  std::string tree_head;  // A file with one that was kept elsewhere; empty: none.
  std::string key;        // The verifier key that the ledger must sign with; empty: its own.
  uint32_t workers = 0;   // 0: as many as there are processors.
};

// Errors: kFailedPrecondition, with the first finding, if the ledger does not hold.
absl::Status VerifyLedger(const GlobalOptions& global, const VerifyOptions& options);

}  // namespace payfold

#endif  // TOOLS_VERIFY_H_
