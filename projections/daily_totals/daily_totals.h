// The projection `daily-totals`: what the company booked, amended, cancelled,
// invoiced and collected, by day and currency. For dashboards.

#ifndef PROJECTIONS_DAILY_TOTALS_DAILY_TOTALS_H_
#define PROJECTIONS_DAILY_TOTALS_DAILY_TOTALS_H_

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/daily_totals/daily_totals_view.h"
#include "projections/runtime/projection.h"
#include "projections/runtime/projection_worker.h"

namespace payfold {

// The projection as the worker sees it. Its views: DailyTotalsView.
class DailyTotalsFolding final : public Projection {
 public:
  ProjectionFormat format() const override { return kDailyTotalsFormat; }
  absl::StatusOr<std::unique_ptr<ProjectionFold>> Load(
      EventLog* log, rocksdb::ColumnFamilyHandle* family) const override;
  absl::StatusOr<std::unique_ptr<FoldedContent>> FoldFromNothing(
      const EventLog& log, uint64_t position, int workers,
      const FoldProgress& progress) const override;
};

// The projection as others see it. Thread-safe. Views must be given back before the
// log is closed.
class DailyTotals {
 public:
  // As ProjectionWorker::Open().
  static absl::StatusOr<std::unique_ptr<DailyTotals>> Open(EventLog* log,
                                                           const WorkerOptions& options);

  // As of the last folded position. Never null, never waits for the fold.
  std::shared_ptr<const DailyTotalsView> View() const;

  // The fold of exactly the prefix up to `position`; the last few are kept.
  // Errors: kOutOfRange beyond the log's end; kDataLoss.
  absl::StatusOr<std::shared_ptr<const DailyTotalsView>> ViewAsOf(uint64_t position);

  ProjectionWorker& worker() { return *worker_; }
  const ProjectionWorker& worker() const { return *worker_; }

 private:
  DailyTotals(EventLog* log, std::unique_ptr<ProjectionWorker> worker)
      : log_(log), worker_(std::move(worker)) {}
  std::shared_ptr<const DailyTotalsView> FindPast(uint64_t position);

  EventLog* log_;
  std::mutex past_mutex_;
  std::list<std::shared_ptr<const DailyTotalsView>> past_;  // Last used first.
  std::unique_ptr<ProjectionWorker> worker_;
};

}  // namespace payfold

#endif  // PROJECTIONS_DAILY_TOTALS_DAILY_TOTALS_H_
