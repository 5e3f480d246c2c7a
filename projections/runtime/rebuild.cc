#include "projections/runtime/rebuild.h"

#include <utility>

#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"
#include "projections/runtime/digest.h"
#include "projections/runtime/fold_prefix.h"
#include "rocksdb/write_batch.h"

namespace payfold {
namespace {

constexpr size_t kWriteBytes = size_t{1} << 20;

// Writes entries in batches; durable once a later write is synced.
class BulkWriter {
 public:
  explicit BulkWriter(Generation* generation) : generation_(generation) {}

  absl::Status Put(absl::string_view key, absl::string_view value) {
    batch_.Put(generation_->family(), ToSlice(key), ToSlice(value));
    return batch_.GetDataSize() < kWriteBytes ? absl::OkStatus() : Write();
  }

  absl::Status Write() {
    const absl::Status status = generation_->log()->WriteDerived(&batch_, /*sync=*/false);
    batch_.Clear();
    return status;
  }

 private:
  Generation* generation_;
  rocksdb::WriteBatch batch_;
};

absl::Status Write(const MemoryTables& tables, uint64_t position, Generation* generation) {
  BulkWriter bulk(generation);
  EntryWriter entries([&bulk](absl::string_view key, absl::string_view value, bool present) {
    return present ? bulk.Put(key, value) : absl::OkStatus();
  });
  RETURN_IF_ERROR(tables.CopyTo(&entries));
  RETURN_IF_ERROR(bulk.Put(TableKey(EntryTable::kCheckpoint), EncodeCheckpoint(position)));
  return bulk.Write();
}

}  // namespace

absl::StatusOr<Rebuilt> RebuildBeside(EventLog* log, uint64_t position, int workers,
                                      const std::function<bool(uint64_t, uint64_t)>& progress) {
  PrefixOptions options;
  options.position = position;
  options.plans_position = position;
  options.workers = workers;
  options.progress = progress;
  ASSIGN_OR_RETURN(const FoldedPrefix prefix, FoldPrefix(*log, options));
  Rebuilt rebuilt;
  ASSIGN_OR_RETURN(rebuilt.digest, DigestOf(*prefix.tables));
  ASSIGN_OR_RETURN(const std::shared_ptr<Generation> generation, Generation::Create(log));
  const auto load = [&]() -> absl::Status {
    RETURN_IF_ERROR(Write(*prefix.tables, position, generation.get()));
    ASSIGN_OR_RETURN(rebuilt.fold, LiveFold::Load(log, generation));
    return absl::OkStatus();
  };
  if (const absl::Status status = load(); !status.ok()) {
    generation->Discard();
    return status;
  }
  return rebuilt;
}

}  // namespace payfold
