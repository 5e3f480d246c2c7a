// The payout projection: the facts that payouts are computed from (facts/), kept by
// a worker (projection_worker.h), and the views of past moments.

#ifndef PROJECTIONS_RUNTIME_PAYOUT_PROJECTION_H_
#define PROJECTIONS_RUNTIME_PAYOUT_PROJECTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ledger/log/event_log.h"
#include "projections/facts/facts_view.h"
#include "projections/runtime/past_views.h"
#include "projections/runtime/projection_worker.h"

namespace payfold {

// Thread-safe. Views must be given back before the log is closed.
class PayoutProjection {
 public:
  using Options = WorkerOptions;

  // As ProjectionWorker::Open().
  static absl::StatusOr<std::unique_ptr<PayoutProjection>> Open(EventLog* log,
                                                                const Options& options);

  // The facts as of the last folded position. Never null, never waits for the fold.
  std::shared_ptr<const FactsView> View() const;

  // What the fold of exactly the prefix up to `position` holds, with plans and
  // retirements as known at `plans_position`, which may be earlier or later; read on
  // demand (past_facts.h). Waits a little for the fold to come so far.
  // Errors: kOutOfRange beyond the log's end; kDataLoss.
  absl::StatusOr<std::shared_ptr<const FactsView>> ViewAsOf(uint64_t position,
                                                            uint64_t plans_position);

  ProjectionWorker& worker() { return *worker_; }
  const ProjectionWorker& worker() const { return *worker_; }

  // Those of the worker.
  absl::Status WaitFor(uint64_t position, absl::Time deadline) {
    return worker_->WaitFor(position, deadline);
  }
  absl::Status CatchUp(absl::Time deadline) { return worker_->CatchUp(deadline); }
  absl::StatusOr<std::string> Digest() const { return worker_->Digest(); }
  absl::StatusOr<RebuildOutcome> Rebuild(int workers, const FoldProgress& progress) {
    return worker_->Rebuild(workers, progress);
  }
  absl::StatusOr<RebuildOutcome> Compare(int workers, const FoldProgress& progress) {
    return worker_->Compare(workers, progress);
  }

 private:
  PayoutProjection(EventLog* log, std::unique_ptr<ProjectionWorker> worker)
      : log_(log), past_views_(log), worker_(std::move(worker)) {}

  const EventLog* log_;
  PastViews past_views_;
  std::unique_ptr<ProjectionWorker> worker_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PAYOUT_PROJECTION_H_
