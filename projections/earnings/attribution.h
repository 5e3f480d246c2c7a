// What each deal contributed to a line.
//
// With the credits of the line's group in order, deal i is attributed
// total(after i) − total(before i), after the component's cap; what remains
// without any credit belongs to no deal. The parts add up to the line exactly.
//
// Source: specification, calculation 9.

#ifndef PROJECTIONS_EARNINGS_ATTRIBUTION_H_
#define PROJECTIONS_EARNINGS_ATTRIBUTION_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "projections/earnings/evaluator.h"

namespace payfold {

struct LineAttribution {
  std::vector<DealAmount> deals;  // in order of first credit
  int64_t unattributed = 0;
  // The line's group with the deals behind its contributions; null for a budget's.
  std::shared_ptr<const Group> group;
};

absl::StatusOr<LineAttribution> AttributeLine(Evaluator* evaluator, const EarnedLine& line);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_ATTRIBUTION_H_
