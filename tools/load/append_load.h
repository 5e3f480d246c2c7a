// A load of appends: the standard company's deals over append streams.

#ifndef TOOLS_LOAD_APPEND_LOAD_H_
#define TOOLS_LOAD_APPEND_LOAD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "tools/load/load_result.h"

namespace payfold {

struct AppendLoadOptions {
  std::string ledger;  // One that has none of the company's events yet.
  std::string actor = "bench";
  int streams = 64;
  int batch = 1;                                // Events in a batch; a batch is an operation.
  int in_flight = 1;                            // Batches of a stream without acknowledgement.
  int64_t batches_per_second = 0;               // 0: the closed loop.
  int64_t deals = 500'000;                      // Of the company; two events each.
  absl::Duration duration = absl::Seconds(10);  // Or until there are no more events.
};

// Appends people, quotas and the plan first, which does not count.
// Errors: those of a stream that broke; refused batches are errors of the result.
absl::StatusOr<LoadResult> RunAppendLoad(v1::LedgerService::Stub* stub,
                                         const AppendLoadOptions& options);

}  // namespace payfold

#endif  // TOOLS_LOAD_APPEND_LOAD_H_
