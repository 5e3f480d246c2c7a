#include "projections/runtime/payout_projection.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "ledger/base/status_macros.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/payout_folding.h"

namespace payfold {
namespace {

// How long an answer about the past waits for a fold that is a moment behind: it takes
// less than to fold again.
constexpr absl::Duration kPatience = absl::Seconds(1);

}  // namespace

absl::StatusOr<std::unique_ptr<PayoutProjection>> PayoutProjection::Open(EventLog* log,
                                                                         const Options& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<ProjectionWorker> worker,
                   ProjectionWorker::Open(log, std::make_unique<const PayoutFolding>(), options));
  return std::unique_ptr<PayoutProjection>(new PayoutProjection(log, std::move(worker)));
}

std::shared_ptr<const FactsView> PayoutProjection::View() const {
  return static_cast<const PayoutView&>(*worker_->Published()->view).facts;
}

absl::StatusOr<std::shared_ptr<const FactsView>> PayoutProjection::ViewAsOf(
    uint64_t position, uint64_t plans_position) {
  std::shared_ptr<const FactsView> live = View();
  const uint64_t last = std::max(position, plans_position);
  if (live->position() < last && last <= log_->head()) {
    // Where that does not help (the first fold goes on, or the fold has failed), the
    // log alone answers.
    (void)WaitFor(last, absl::Now() + kPatience);
    live = View();
  }
  if (live->position() == position && live->plans_position() == plans_position) return live;
  return past_views_.Get(position, plans_position, std::move(live));
}

}  // namespace payfold
