#include "projections/runtime/rebuild.h"

#include <functional>
#include <iterator>
#include <utility>

#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"
#include "projections/facts/run_parallel.h"
#include "projections/runtime/digest.h"
#include "rocksdb/write_batch.h"

namespace payfold {
namespace {

constexpr size_t kWriteBytes = size_t{1} << 20;

// Writes entries in batches; durable with the last one.
class BulkWriter {
 public:
  // `go_on` is asked before each batch.
  BulkWriter(Generation* generation, std::function<bool()> go_on)
      : generation_(generation), go_on_(std::move(go_on)) {}

  absl::Status Put(absl::string_view key, absl::string_view value) {
    batch_.Put(generation_->family(), ToSlice(key), ToSlice(value));
    return batch_.GetDataSize() < kWriteBytes ? absl::OkStatus() : Write(/*sync=*/false);
  }

  // With the checkpoint, without which nothing of it counts.
  absl::Status Finish(uint64_t position) {
    batch_.Put(generation_->family(), ToSlice(kCheckpointKey),
               EncodeCheckpoint(generation_->format().version, position));
    return Write(/*sync=*/true);
  }

 private:
  absl::Status Write(bool sync) {
    if (!go_on_()) return absl::CancelledError("the fold was cancelled");
    Background::TakeTurns();
    absl::Status status = generation_->log()->WriteDerived(&batch_, sync);
    batch_.Clear();
    return status;
  }

  Generation* generation_;
  std::function<bool()> go_on_;
  rocksdb::WriteBatch batch_;
};

absl::Status Write(const FoldedContent& content, uint64_t position, const FoldProgress& progress,
                   Generation* generation) {
  BulkWriter bulk(generation, [&] { return !progress || progress(position, position); });
  RETURN_IF_ERROR(content.ForEachEntry(
      [&bulk](absl::string_view key, absl::string_view value) { return bulk.Put(key, value); }));
  return bulk.Finish(position);
}

template <typename Content>
absl::Status DigestInto(const Content& content, std::string* digest) {
  ASSIGN_OR_RETURN(*digest, DigestOf(content));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<GenerationFold>> FoldInto(std::shared_ptr<Generation> generation,
                                                         const Projection& projection,
                                                         uint64_t position, int workers,
                                                         const FoldProgress& progress) {
  EventLog* const log = generation->log();
  ASSIGN_OR_RETURN(const std::unique_ptr<FoldedContent> content,
                   projection.FoldFromNothing(*log, position, workers, progress));
  RETURN_IF_ERROR(Write(*content, position, progress, generation.get()));
  ASSIGN_OR_RETURN(std::unique_ptr<ProjectionFold> fold, content->GoOn(log, generation->family()));
  return std::make_unique<GenerationFold>(log, std::move(generation), position, std::move(fold));
}

absl::StatusOr<Rebuilt> RebuildBeside(EventLog* log, const Projection& projection,
                                      uint64_t position, const StoredEntries* live, int workers,
                                      const FoldProgress& progress) {
  ASSIGN_OR_RETURN(const std::unique_ptr<FoldedContent> content,
                   projection.FoldFromNothing(*log, position, workers, progress));
  ASSIGN_OR_RETURN(std::shared_ptr<Generation> generation,
                   Generation::Create(log, projection.format()));
  Rebuilt rebuilt;
  const std::function<absl::Status()> tasks[] = {
      [&] { return Write(*content, position, progress, generation.get()); },
      [&] { return DigestInto(*content, &rebuilt.digest); },
      [&] {
        if (live != nullptr) DigestInto(*live, &rebuilt.live_digest).IgnoreError();
        return absl::OkStatus();
      },
  };
  const auto write = [&]() -> absl::StatusOr<std::unique_ptr<ProjectionFold>> {
    RETURN_IF_ERROR(
        RunParallel(workers, std::size(tasks), [&tasks](size_t i) { return tasks[i](); }));
    return content->GoOn(log, generation->family());
  };
  absl::StatusOr<std::unique_ptr<ProjectionFold>> fold = write();
  if (!fold.ok()) {
    generation->Discard();
    return fold.status();
  }
  rebuilt.fold =
      std::make_unique<GenerationFold>(log, std::move(generation), position, *std::move(fold));
  return rebuilt;
}

absl::StatusOr<RebuildOutcome> CompareBeside(const EventLog& log, const Projection& projection,
                                             uint64_t position, const StoredEntries& live,
                                             int workers, const FoldProgress& progress) {
  ASSIGN_OR_RETURN(const std::unique_ptr<FoldedContent> content,
                   projection.FoldFromNothing(log, position, workers, progress));
  RebuildOutcome outcome;
  outcome.position = position;
  const std::function<absl::Status()> tasks[] = {
      [&] { return DigestInto(*content, &outcome.rebuilt_digest); },
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
