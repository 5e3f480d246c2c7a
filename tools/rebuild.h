// payfold rebuild: derives a projection again from the log and compares.

#ifndef TOOLS_REBUILD_H_
#define TOOLS_REBUILD_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct RebuildOptions {
  uint32_t workers = 0;    // 0: as many as there are processors
  std::string projection;  // Empty: payouts.
};

// Errors: kDataLoss if the two differ.
absl::Status RebuildProjection(const GlobalOptions& global, const RebuildOptions& options);

}  // namespace payfold

#endif  // TOOLS_REBUILD_H_
