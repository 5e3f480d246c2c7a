// A new generation of the projection, folded from nothing beside the one in force.

#ifndef PROJECTIONS_RUNTIME_REBUILD_H_
#define PROJECTIONS_RUNTIME_REBUILD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/runtime/live_fold.h"

namespace payfold {

struct Rebuilt {
  std::unique_ptr<LiveFold> fold;  // At the position asked for; not in force yet.
  std::string digest;              // Of its content, in hex.
  std::string live_digest;         // Of `live`; empty if that cannot be read.
};

// Folds the events up to `position` with `workers` threads into a new generation.
// `live` is what is in force, at the same position. After an error, or a crash,
// nothing of the new generation remains (from the next open on).
// Errors: kCancelled if `progress` (may be null) says so; kDataLoss.
absl::StatusOr<Rebuilt> RebuildBeside(EventLog* log, uint64_t position, const StoredEntries& live,
                                      int workers,
                                      const std::function<bool(uint64_t, uint64_t)>& progress);

struct RebuildOutcome {
  uint64_t position = 0;
  // SHA-256 of the content in canonical order, in hex, both at `position`. The
  // live one is empty if the live content could not be read.
  std::string live_digest;
  std::string rebuilt_digest;
};

// Folds the events up to `position` in memory, and only compares with `live`.
// Errors: as RebuildBeside().
absl::StatusOr<RebuildOutcome> CompareBeside(
    const EventLog& log, uint64_t position, const StoredEntries& live, int workers,
    const std::function<bool(uint64_t, uint64_t)>& progress);

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_REBUILD_H_
