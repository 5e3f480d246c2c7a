// A measure over metrics: the dated values that count in it.
//
// Source: specification, calculation 3 (what counts) and 5.

#ifndef PROJECTIONS_EARNINGS_METRIC_MEASURE_H_
#define PROJECTIONS_EARNINGS_METRIC_MEASURE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "projections/earnings/deal_measure.h"

namespace payfold {

// Values of the members, and of the company itself where the scope is COMPANY,
// dated in `days` on which they count; 1 each for COUNT. In order of date, then
// position.
absl::StatusOr<std::vector<Contribution>> MetricContributions(const MeasureContext& context,
                                                              const Measure& measure, Days days);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_METRIC_MEASURE_H_
