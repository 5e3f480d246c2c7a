#include "services/rebuild_progress.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/processors.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"
#include "services/work_stream.h"

namespace payfold {
namespace {

constexpr uint32_t kMaxWorkers = 64;

using RebuildStream = WorkStream<v1::RebuildResponse>;

absl::StatusOr<v1::RebuildResponse> Rebuild(ProjectionWorker* worker, int workers,
                                            const RebuildStream::Tell& tell) {
  ASSIGN_OR_RETURN(const RebuildOutcome outcome,
                   worker->Rebuild(workers, [&tell](uint64_t folded, uint64_t total) {
                     v1::RebuildResponse progress;
                     progress.set_events_folded(folded);
                     progress.set_events_total(total);
                     return tell(std::move(progress));
                   }));
  v1::RebuildResponse last;
  last.set_done(true);
  last.set_position(outcome.position);
  last.set_live_digest(outcome.live_digest);
  last.set_rebuilt_digest(outcome.rebuilt_digest);
  last.set_events_folded(outcome.position);
  last.set_events_total(outcome.position);
  return last;
}

}  // namespace

absl::StatusOr<int> CheckWorkers(uint32_t workers) {
  if (workers > kMaxWorkers) {
    return FieldError(
        "workers", kReasonFieldInvalid,
        absl::StrCat(workers, " is more than ", kMaxWorkers, "; 0 takes the number of processors"));
  }
  return workers == 0 ? ProcessorCount() : static_cast<int>(workers);
}

absl::StatusOr<std::unique_ptr<Producer<v1::RebuildResponse>>> StartRebuild(
    Workspace* workspace, const v1::RebuildRequest& request) {
  ASSIGN_OR_RETURN(const int workers, CheckWorkers(request.workers()));
  ASSIGN_OR_RETURN(const std::shared_ptr<const OpenLedger> open, workspace->Get(request.ledger()));
  const absl::StatusOr<ProjectionWorker*> worker = open->projections.Find(
      request.projection().empty() ? kPayoutFormat.name : absl::string_view(request.projection()));
  if (!worker.ok()) return FieldError("projection", kReasonFieldInvalid, worker.status().message());
  return std::make_unique<RebuildStream>(
      [open, worker = *worker, workers](const RebuildStream::Tell& tell) {
        return Rebuild(worker, workers, tell);
      });
}

}  // namespace payfold
