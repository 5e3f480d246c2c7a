#include "projections/runtime/rebuild.h"

#include <cstdint>
#include <functional>
#include <iterator>
#include <utility>

#include "ledger/base/status_macros.h"
#include "ledger/log/derived_load.h"
#include "projections/facts/run_parallel.h"
#include "projections/runtime/digest.h"

namespace payfold {
namespace {

constexpr uint64_t kBytesBetweenTurns = uint64_t{16} << 10;
constexpr uint64_t kTurnsBetweenProgress = 64;

// With the checkpoint, without which nothing of it counts; durable when it returns OK.
absl::Status Write(const FoldedContent& content, uint64_t position, const FoldProgress& progress,
                   Generation* generation) {
  const std::unique_ptr<DerivedLoad> load = generation->log()->LoadDerived(generation->family());
  uint64_t bytes = 0;
  uint64_t turns = 0;
  RETURN_IF_ERROR(
      load->Put(kCheckpointKey, EncodeCheckpoint(generation->format().version, position)));
  RETURN_IF_ERROR(content.ForEachEntry([&](absl::string_view key, absl::string_view value) {
    bytes += key.size() + value.size();
    if (bytes >= kBytesBetweenTurns) {
      bytes = 0;
      if (++turns % kTurnsBetweenProgress == 0 && progress && !progress(position, position)) {
        return absl::CancelledError("the fold was cancelled");
      }
      Background::TakeTurns();
    }
    return load->Put(key, value);
  }));
  return load->Finish();
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
