// Whether every close posted what the events say: each PeriodClosed and its statements
// against the fold of exactly the position that it names. Who holds the ledger's key
// can sign a log with an edited statement; only this finds it.

#ifndef SERVICES_CLOSED_PERIOD_CHECK_H_
#define SERVICES_CLOSED_PERIOD_CHECK_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ledger/log/verdict.h"
#include "services/workspace.h"

namespace payfold {

inline constexpr absl::string_view kClosedPeriodsCheck = "closed periods";

// Folds the log once for each close, with `workers` threads, and notes in the verdict how
// many were derived again, or fails it with the first position that does not hold.
// `progress(positions looked at, in all)` is called by several threads; false cancels.
// Errors: kCancelled.
absl::Status CheckClosedPeriods(const OpenLedger& open, int workers,
                                const std::function<bool(uint64_t, uint64_t)>& progress,
                                Verdict* verdict);

}  // namespace payfold

#endif  // SERVICES_CLOSED_PERIOD_CHECK_H_
