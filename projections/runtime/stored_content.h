// A projection's content in a column family of RocksDB: entries to be read, and
// changes that are written with the checkpoint in one batch.

#ifndef PROJECTIONS_RUNTIME_STORED_CONTENT_H_
#define PROJECTIONS_RUNTIME_STORED_CONTENT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/log/event_log.h"
#include "rocksdb/db.h"
#include "rocksdb/utilities/write_batch_with_index.h"

namespace payfold {

using VisitEntry = absl::FunctionRef<absl::Status(absl::string_view key, absl::string_view value)>;

// Entries of a column family: as of a snapshot, or with unwritten changes on top.
// None of the pointers is owned.
struct StoredEntries {
  rocksdb::DB* db = nullptr;
  rocksdb::ColumnFamilyHandle* family = nullptr;
  const rocksdb::Snapshot* snapshot = nullptr;      // Null: as it is now.
  rocksdb::WriteBatchWithIndex* changes = nullptr;  // Null: none.

  // The value; empty if there is none.
  absl::StatusOr<std::string> Get(absl::string_view key) const;

  // Those with `first` <= key < `end` in order of key, until `visit` gives an error.
  absl::Status ForEach(absl::string_view first, absl::string_view end, VisitEntry visit) const;
  // All of them, once: what they are read from does not push out of the cache what
  // questions read often.
  absl::Status ScanAll(VisitEntry visit) const;
};

// The content as it was at one moment. Thread-safe, as nothing changes.
struct StoredSnapshot {
  StoredEntries entries;
  std::shared_ptr<const void> owner;  // Holds what the entries point to.
};

// What is stored, with changes that are read back at once and written by Commit()
// in one batch. One thread. The log must outlive it.
class StoredChanges {
 public:
  // `version` is that of the projection's format.
  StoredChanges(EventLog* log, rocksdb::ColumnFamilyHandle* family, uint64_t version);

  const StoredEntries& entries() const { return entries_; }

  absl::Status Put(absl::string_view key, absl::string_view value);
  absl::Status Delete(absl::string_view key);

  // Writes the changes and the checkpoint, whole or not at all; not synced.
  // After an error the changes are not to be used any more.
  absl::Status Commit(uint64_t position);

 private:
  EventLog* log_;
  uint64_t version_;
  std::unique_ptr<rocksdb::WriteBatchWithIndex> changes_;
  StoredEntries entries_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_STORED_CONTENT_H_
