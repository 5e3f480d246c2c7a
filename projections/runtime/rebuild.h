// A projection folded from nothing: into an empty generation, beside the one in
// force, or only to compare.

#ifndef PROJECTIONS_RUNTIME_REBUILD_H_
#define PROJECTIONS_RUNTIME_REBUILD_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/runtime/generation_fold.h"
#include "projections/runtime/projection.h"

namespace payfold {

// Folds the events up to `position` with `workers` threads into the generation,
// which is empty and stays unusable until all is written.
// Errors: kCancelled if `progress` (may be null) says so; kDataLoss; those of
// writing.
absl::StatusOr<std::unique_ptr<GenerationFold>> FoldInto(std::shared_ptr<Generation> generation,
                                                         const Projection& projection,
                                                         uint64_t position, int workers,
                                                         const FoldProgress& progress);

struct Rebuilt {
  std::unique_ptr<GenerationFold> fold;  // At the position asked for; not in force yet.
  std::string digest;                    // Of its content, in hex.
  std::string live_digest;               // Of `live`; empty if that cannot be read.
};

// The same into a new generation. `live` is what is in force, at the same position;
// null if there is none. After an error, or a crash, nothing of the new generation
// remains (from the next open on).
absl::StatusOr<Rebuilt> RebuildBeside(EventLog* log, const Projection& projection,
                                      uint64_t position, const StoredEntries* live, int workers,
                                      const FoldProgress& progress);

struct RebuildOutcome {
  uint64_t position = 0;
  // SHA-256 of the content in canonical order, in hex, both at `position`. The
  // live one is empty if the live content could not be read.
  std::string live_digest;
  std::string rebuilt_digest;
};

// Folds the events up to `position` in memory, and only compares with `live`.
// Errors: kCancelled, kDataLoss.
absl::StatusOr<RebuildOutcome> CompareBeside(const EventLog& log, const Projection& projection,
                                             uint64_t position, const StoredEntries& live,
                                             int workers, const FoldProgress& progress);

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_REBUILD_H_
