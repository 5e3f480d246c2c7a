// What a projection is to the worker that runs it: a fold of the log whose content
// is kept as entries (keys and values) in a column family of its own.
//
// The content depends on the events alone: not on how they were cut into batches,
// nor on the number of threads, nor on whether it was folded live or from nothing.
// The worker (projection_worker.h) does the rest: it follows the log, writes each
// batch with its checkpoint, keeps generations, rebuilds, compares digests, and
// folds anew what another format wrote.
//
// How to write one: projections/daily_totals/README.md.

#ifndef PROJECTIONS_RUNTIME_PROJECTION_H_
#define PROJECTIONS_RUNTIME_PROJECTION_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/log/event.h"
#include "ledger/log/event_log.h"
#include "projections/runtime/checkpoint.h"
#include "projections/runtime/stored_content.h"

namespace payfold {

// Says how far a fold from nothing is; false cancels. Called from one thread at a
// time. May be null.
using FoldProgress = std::function<bool(uint64_t events, uint64_t events_in_all)>;

// What readers get. Never changes; thread-safe.
class ProjectionView {
 public:
  virtual ~ProjectionView() = default;
};

// Takes the log's events, in order of position, into the stored content. One
// thread at a time.
class ProjectionFold {
 public:
  virtual ~ProjectionFold() = default;

  // Errors: kDataLoss if the event is not what admission lets in.
  virtual absl::Status Add(const EventView& event) = 0;
  // At the end of a batch: puts what its events changed into changes(), which the
  // worker then commits. Empty entries are deleted, not kept.
  virtual absl::Status Derive() = 0;
  virtual StoredChanges& changes() = 0;

  // What was committed up to `position`, for readers; `content` is a snapshot of it.
  virtual std::shared_ptr<const ProjectionView> MakeView(uint64_t position,
                                                         StoredSnapshot content) = 0;
};

// A fold of a prefix of the log, in memory.
class FoldedContent {
 public:
  virtual ~FoldedContent() = default;

  // Every entry, in order of key. Keys begin with a byte from 1 to 254.
  virtual absl::Status ForEachEntry(VisitEntry visit) const = 0;
  // The fold that goes on from here, once the entries are in that family.
  virtual absl::StatusOr<std::unique_ptr<ProjectionFold>> GoOn(
      EventLog* log, rocksdb::ColumnFamilyHandle* family) const = 0;
};

// Thread-safe.
class Projection {
 public:
  virtual ~Projection() = default;

  virtual ProjectionFormat format() const = 0;

  // The fold that goes on where the family's content ends. Takes well under a
  // second, whatever the log's size. Errors: kDataLoss if the content is damaged.
  virtual absl::StatusOr<std::unique_ptr<ProjectionFold>> Load(
      EventLog* log, rocksdb::ColumnFamilyHandle* family) const = 0;

  // Folds the events up to `position` with `workers` threads.
  // Errors: kDataLoss if the log is damaged; kCancelled.
  virtual absl::StatusOr<std::unique_ptr<FoldedContent>> FoldFromNothing(
      const EventLog& log, uint64_t position, int workers, const FoldProgress& progress) const = 0;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PROJECTION_H_
