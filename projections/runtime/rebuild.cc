#include "projections/runtime/rebuild.h"

#include <iterator>
#include <utility>

#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"
#include "projections/facts/run_parallel.h"
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
    absl::Status status = generation_->log()->WriteDerived(&batch_, /*sync=*/false);
    batch_.Clear();
    return status;
  }

 private:
  Generation* generation_;
  rocksdb::WriteBatch batch_;
};

absl::Status Write(const PrefixTables& tables, uint64_t position, Generation* generation) {
  BulkWriter bulk(generation);
  EntryWriter entries([&bulk](absl::string_view key, absl::string_view value, bool present) {
    return present ? bulk.Put(key, value) : absl::OkStatus();
  });
  RETURN_IF_ERROR(tables.CopyTo(&entries));
  RETURN_IF_ERROR(bulk.Put(TableKey(EntryTable::kCheckpoint), EncodeCheckpoint(position)));
  return bulk.Write();
}

}  // namespace

absl::StatusOr<Rebuilt> RebuildBeside(EventLog* log, uint64_t position, const StoredEntries& live,
                                      int workers,
                                      const std::function<bool(uint64_t, uint64_t)>& progress) {
  PrefixOptions options;
  options.position = position;
  options.plans_position = position;
  options.workers = workers;
  options.progress = progress;
  ASSIGN_OR_RETURN(const FoldedPrefix prefix, FoldPrefix(*log, options));
  ASSIGN_OR_RETURN(const std::shared_ptr<Generation> generation, Generation::Create(log));
  Rebuilt rebuilt;
  const std::function<absl::Status()> tasks[] = {
      [&] { return Write(*prefix.tables, position, generation.get()); },
      [&]() -> absl::Status {
        ASSIGN_OR_RETURN(rebuilt.digest, DigestOf(*prefix.tables));
        return absl::OkStatus();
      },
      [&]() -> absl::Status {
        absl::StatusOr<std::string> digest = DigestOf(live);
        if (digest.ok()) rebuilt.live_digest = *std::move(digest);
        return absl::OkStatus();
      },
  };
  const absl::Status status =
      RunParallel(workers, std::size(tasks), [&tasks](size_t i) { return tasks[i](); });
  if (!status.ok()) {
    generation->Discard();
    return status;
  }
  rebuilt.fold = LiveFold::At(position, *prefix.reference, log, generation);
  return rebuilt;
}

}  // namespace payfold
