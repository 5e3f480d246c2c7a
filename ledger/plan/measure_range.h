// Between which values a measure lies, as far as it alone can tell. Internal to
// this folder.

#ifndef LEDGER_PLAN_MEASURE_RANGE_H_
#define LEDGER_PLAN_MEASURE_RANGE_H_

#include <optional>
#include <string>

#include "ledger/plan/measure.h"

namespace payfold {

struct MeasureRange {
  std::optional<Rational> low, high;  // none: without limit
};

// Counts of deals have no lower limit: a cancellation takes them back in another
// period. `period`: what is measured over, if known.
MeasureRange RangeOf(const Measure& measure, std::optional<PeriodKind> period);

// How many sub-periods of `sub` end in one `period` at most. REQUIRES: neither is
// a window.
int MostSubPeriods(PeriodKind sub, PeriodKind period);

}  // namespace payfold

#endif  // LEDGER_PLAN_MEASURE_RANGE_H_
