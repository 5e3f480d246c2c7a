// Generations: the projection's content is kept in a column family of its own; a
// rebuild makes another beside it, and a record names the one in force.
//
//   derived.payouts      "generation": varint N, the generation in force
//   derived.payouts.N    its content (stored_entries.h)

#ifndef PROJECTIONS_RUNTIME_GENERATION_H_
#define PROJECTIONS_RUNTIME_GENERATION_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/runtime/stored_tables.h"
#include "rocksdb/db.h"

namespace payfold {

// One generation, shared by all that read it. Thread-safe. The log must outlive it.
class Generation : public std::enable_shared_from_this<Generation> {
 public:
  // The generation in force; a new, empty one if there is none, or if it cannot be
  // used: another release wrote it, or it is ahead of the log. Drops all others.
  static absl::StatusOr<std::shared_ptr<Generation>> OpenCurrent(EventLog* log);

  // A new, empty one that is not in force.
  static absl::StatusOr<std::shared_ptr<Generation>> Create(EventLog* log);

  // Drops the content if Discard() was called: nobody reads it any more.
  ~Generation();
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;

  // Makes it the one in force, durably, with all that was written to it before.
  absl::Status PutInForce();
  void Discard() { discarded_.store(true); }

  EventLog* log() const { return log_; }
  rocksdb::ColumnFamilyHandle* family() const { return family_; }

  // Its content as it is now. Keeps the generation alive.
  std::shared_ptr<const SnapshotFacts> TakeSnapshot();

 private:
  Generation(EventLog* log, std::string name, rocksdb::ColumnFamilyHandle* family)
      : log_(log), name_(std::move(name)), family_(family) {}
  static absl::StatusOr<std::shared_ptr<Generation>> Open(EventLog* log, std::string name);

  EventLog* log_;
  std::string name_;
  rocksdb::ColumnFamilyHandle* family_;
  std::atomic<bool> discarded_ = false;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_GENERATION_H_
