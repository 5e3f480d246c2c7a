// What each deal contributed to a line.
//
// With the credits of the line's group in order, deal i is attributed
// total(after i) − total(before i); what remains without any credit belongs to
// no deal. The parts add up to the line exactly.
//
// Source: specification, calculation 9.

#ifndef PROJECTIONS_EARNINGS_ATTRIBUTION_H_
#define PROJECTIONS_EARNINGS_ATTRIBUTION_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "projections/earnings/evaluator.h"

namespace payfold {

struct DealPart {
  std::shared_ptr<const Deal> deal;
  int64_t amount = 0;  // minor units of the line
  Rational credit;     // what of the deal counted up to the line's date, as the measure has it
};

struct LineAttribution {
  std::vector<DealPart> deals;  // in order of first credit
  int64_t unattributed = 0;
  // The line's group with the deals behind its contributions.
  std::shared_ptr<const Group> group;
};

absl::StatusOr<LineAttribution> AttributeLine(Evaluator* evaluator, const EarnedLine& line);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_ATTRIBUTION_H_
