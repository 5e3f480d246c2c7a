// The daily totals of a prefix of the log, folded in memory by several threads:
// for a rebuild, or for a past moment.

#ifndef PROJECTIONS_DAILY_TOTALS_TOTALS_FROM_NOTHING_H_
#define PROJECTIONS_DAILY_TOTALS_TOTALS_FROM_NOTHING_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/daily_totals/day_totals.h"
#include "projections/runtime/projection.h"

namespace payfold {

struct FoldedTotals {
  TotalsByDay totals;  // Without days that are all zero.
  WaitingVoids waiting;
};

// The fold of exactly the events up to `position`.
// Errors: kDataLoss if the log is damaged; kCancelled.
absl::StatusOr<FoldedTotals> FoldTotals(const EventLog& log, uint64_t position, int workers,
                                        const FoldProgress& progress);

}  // namespace payfold

#endif  // PROJECTIONS_DAILY_TOTALS_TOTALS_FROM_NOTHING_H_
