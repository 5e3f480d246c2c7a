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

absl::StatusOr<FoldedPrefix> FoldAll(const EventLog& log, uint64_t position, int workers,
                                     const std::function<bool(uint64_t, uint64_t)>& progress) {
  PrefixOptions options;
  options.position = position;
  options.plans_position = position;
  options.workers = workers;
  options.progress = progress;
  return FoldPrefix(log, options);
}

template <typename Content>
absl::Status DigestInto(const Content& content, std::string* digest) {
  ASSIGN_OR_RETURN(*digest, DigestOf(content));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Rebuilt> RebuildBeside(EventLog* log, uint64_t position, const StoredEntries& live,
                                      int workers,
                                      const std::function<bool(uint64_t, uint64_t)>& progress) {
  ASSIGN_OR_RETURN(const FoldedPrefix prefix, FoldAll(*log, position, workers, progress));
  ASSIGN_OR_RETURN(const std::shared_ptr<Generation> generation, Generation::Create(log));
  Rebuilt rebuilt;
  const std::function<absl::Status()> tasks[] = {
      [&] { return Write(*prefix.tables, position, generation.get()); },
      [&] { return DigestInto(*prefix.tables, &rebuilt.digest); },
      [&] {
        DigestInto(live, &rebuilt.live_digest).IgnoreError();
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

absl::StatusOr<RebuildOutcome> CompareBeside(
    const EventLog& log, uint64_t position, const StoredEntries& live, int workers,
    const std::function<bool(uint64_t, uint64_t)>& progress) {
  ASSIGN_OR_RETURN(const FoldedPrefix prefix, FoldAll(log, position, workers, progress));
  RebuildOutcome outcome;
  outcome.position = position;
  const std::function<absl::Status()> tasks[] = {
      [&] { return DigestInto(*prefix.tables, &outcome.rebuilt_digest); },
      [&] {
        DigestInto(live, &outcome.live_digest).IgnoreError();
        return absl::OkStatus();
      },
  };
  RETURN_IF_ERROR(
      RunParallel(workers, std::size(tasks), [&tasks](size_t i) { return tasks[i](); }));
  return outcome;
}

}  // namespace payfold
