#include "projections/daily_totals/daily_totals.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/daily_totals/totals_fold.h"
#include "projections/daily_totals/totals_from_nothing.h"

namespace payfold {
namespace {

constexpr size_t kKeptViews = 8;

class TotalsContent final : public FoldedContent {
 public:
  explicit TotalsContent(FoldedTotals folded) : folded_(std::move(folded)) {}

  absl::Status ForEachEntry(VisitEntry visit) const override {
    for (const auto& [key, totals] : folded_.totals) {
      RETURN_IF_ERROR(visit(DayKey(key.first, key.second), EncodeDayTotals(totals)));
    }
    for (const auto& [event_id, position] : folded_.waiting) {
      RETURN_IF_ERROR(visit(WaitingVoidKey(event_id), EncodeWaitingVoid(position)));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<ProjectionFold>> GoOn(
      EventLog* log, rocksdb::ColumnFamilyHandle* family) const override {
    return std::make_unique<TotalsFold>(log, family, folded_.waiting);
  }

 private:
  FoldedTotals folded_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ProjectionFold>> DailyTotalsFolding::Load(
    EventLog* log, rocksdb::ColumnFamilyHandle* family) const {
  return TotalsFold::Load(log, family);
}

absl::StatusOr<std::unique_ptr<FoldedContent>> DailyTotalsFolding::FoldFromNothing(
    const EventLog& log, uint64_t position, int workers, const FoldProgress& progress) const {
  ASSIGN_OR_RETURN(FoldedTotals folded, FoldTotals(log, position, workers, progress));
  return std::make_unique<TotalsContent>(std::move(folded));
}

absl::StatusOr<std::unique_ptr<DailyTotals>> DailyTotals::Open(EventLog* log,
                                                               const WorkerOptions& options) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<ProjectionWorker> worker,
      ProjectionWorker::Open(log, std::make_unique<const DailyTotalsFolding>(), options));
  return std::unique_ptr<DailyTotals>(new DailyTotals(log, std::move(worker)));
}

std::shared_ptr<const DailyTotalsView> DailyTotals::View() const {
  return std::static_pointer_cast<const DailyTotalsView>(worker_->Published()->view);
}

absl::StatusOr<std::shared_ptr<const DailyTotalsView>> DailyTotals::ViewAsOf(uint64_t position) {
  std::shared_ptr<const DailyTotalsView> live = View();
  if (live->position() == position) return live;
  if (position > log_->head()) {
    return absl::OutOfRangeError(
        absl::StrCat("position ", position, " is beyond the end of the log, ", log_->head()));
  }
  if (std::shared_ptr<const DailyTotalsView> known = FindPast(position)) return known;
  ASSIGN_OR_RETURN(FoldedTotals folded, FoldTotals(*log_, position, /*workers=*/1, nullptr));
  auto view = std::make_shared<const DailyTotalsView>(position, std::move(folded.totals));
  const std::lock_guard<std::mutex> lock(past_mutex_);
  past_.push_front(view);
  if (past_.size() > kKeptViews) past_.pop_back();
  return view;
}

std::shared_ptr<const DailyTotalsView> DailyTotals::FindPast(uint64_t position) {
  const std::lock_guard<std::mutex> lock(past_mutex_);
  for (auto at = past_.begin(); at != past_.end(); ++at) {
    if ((*at)->position() != position) continue;
    past_.splice(past_.begin(), past_, at);
    return past_.front();
  }
  return nullptr;
}

}  // namespace payfold
