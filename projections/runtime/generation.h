// Generations: a projection's content is kept in a column family of its own; a
// rebuild makes another beside it, and a record names the one in force.
//
//   derived.NAME      "generation": varint N, the generation in force
//   derived.NAME.N    its content: the checkpoint (checkpoint.h), then entries

#ifndef PROJECTIONS_RUNTIME_GENERATION_H_
#define PROJECTIONS_RUNTIME_GENERATION_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/runtime/checkpoint.h"
#include "projections/runtime/stored_content.h"
#include "projections/runtime/stored_entries.h"
#include "rocksdb/db.h"

namespace payfold {

// One generation, shared by all that read it. Thread-safe. The log must outlive it.
class Generation : public std::enable_shared_from_this<Generation> {
 public:
  // The generation in force; a new, empty one if there is none, or if it cannot be
  // used: another format wrote it, it is ahead of the log, or its first fold was
  // never finished. Drops all others.
  static absl::StatusOr<std::shared_ptr<Generation>> OpenCurrent(
      EventLog* log, const ProjectionFormat& format = kPayoutFormat);

  // A new, empty one that is not in force.
  static absl::StatusOr<std::shared_ptr<Generation>> Create(
      EventLog* log, const ProjectionFormat& format = kPayoutFormat);

  // Drops the content if Discard() was called: nobody reads it any more.
  ~Generation();
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;

  // Makes it the one in force, durably, with all that was written to it before.
  absl::Status PutInForce();
  void Discard() { discarded_.store(true); }

  EventLog* log() const { return log_; }
  rocksdb::ColumnFamilyHandle* family() const { return family_; }
  const ProjectionFormat& format() const { return format_; }

  // The position folded into it; 0 if none. Errors: those of ParseCheckpoint().
  absl::StatusOr<uint64_t> ReadCheckpoint() const;

  // Its content as it is now. Keeps the generation alive.
  StoredSnapshot TakeSnapshot();

 private:
  Generation(EventLog* log, const ProjectionFormat& format, uint64_t number,
             rocksdb::ColumnFamilyHandle* family)
      : log_(log), format_(format), number_(number), family_(family) {}
  static absl::StatusOr<std::shared_ptr<Generation>> Open(EventLog* log,
                                                          const ProjectionFormat& format,
                                                          uint64_t number);
  StoredEntries Entries() const { return {log_->database(), family_, nullptr, nullptr}; }
  // Whether its content can be folded on from.
  absl::StatusOr<bool> IsUsable() const;

  EventLog* log_;
  ProjectionFormat format_;
  uint64_t number_;
  rocksdb::ColumnFamilyHandle* family_;
  std::atomic<bool> discarded_ = false;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_GENERATION_H_
