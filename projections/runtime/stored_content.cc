#include "projections/runtime/stored_content.h"

#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"
#include "projections/runtime/checkpoint.h"

namespace payfold {
namespace {

constexpr absl::string_view kReading = "reading the projection";
constexpr absl::string_view kChanging = "changing the projection";

absl::Status VisitRange(const StoredEntries& in, absl::string_view first, absl::string_view end,
                        bool fill_cache, VisitEntry visit) {
  rocksdb::ReadOptions options;
  options.snapshot = in.snapshot;
  options.total_order_seek = true;
  options.fill_cache = fill_cache;
  const rocksdb::Slice upper_bound = ToSlice(end);
  if (in.changes == nullptr) options.iterate_upper_bound = &upper_bound;
  std::unique_ptr<rocksdb::Iterator> entries(in.db->NewIterator(options, in.family));
  if (in.changes != nullptr) {
    entries.reset(in.changes->NewIteratorWithBase(in.family, entries.release(), &options));
  }
  for (entries->Seek(ToSlice(first)); entries->Valid(); entries->Next()) {
    if (ToView(entries->key()) >= end) break;
    RETURN_IF_ERROR(visit(ToView(entries->key()), ToView(entries->value())));
  }
  return FromRocks(entries->status(), kReading);
}

}  // namespace

absl::StatusOr<std::string> StoredEntries::Get(absl::string_view key) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status =
      changes == nullptr ? db->Get(options, family, ToSlice(key), &value)
                         : changes->GetFromBatchAndDB(db, options, family, ToSlice(key), &value);
  if (status.IsNotFound()) return std::string();
  RETURN_IF_ERROR(FromRocks(status, kReading));
  return value;
}

absl::Status StoredEntries::ForEach(absl::string_view first, absl::string_view end,
                                    VisitEntry visit) const {
  return VisitRange(*this, first, end, /*fill_cache=*/true, visit);
}

absl::Status StoredEntries::ScanAll(VisitEntry visit) const {
  return VisitRange(*this, kFirstEntryKey, kEndOfEntries, /*fill_cache=*/false, visit);
}

StoredChanges::StoredChanges(EventLog* log, rocksdb::ColumnFamilyHandle* family, uint64_t version)
    : log_(log),
      version_(version),
      changes_(std::make_unique<rocksdb::WriteBatchWithIndex>(
          rocksdb::BytewiseComparator(), /*reserved_bytes=*/0, /*overwrite_key=*/true)),
      entries_{log->database(), family, nullptr, changes_.get()} {}

absl::Status StoredChanges::Put(absl::string_view key, absl::string_view value) {
  return FromRocks(changes_->Put(entries_.family, ToSlice(key), ToSlice(value)), kChanging);
}

absl::Status StoredChanges::Delete(absl::string_view key) {
  return FromRocks(changes_->Delete(entries_.family, ToSlice(key)), kChanging);
}

absl::Status StoredChanges::Commit(uint64_t position) {
  RETURN_IF_ERROR(Put(kCheckpointKey, EncodeCheckpoint(version_, position)));
  RETURN_IF_ERROR(log_->WriteDerived(changes_->GetWriteBatch(), /*sync=*/false));
  changes_->Clear();
  return absl::OkStatus();
}

}  // namespace payfold
