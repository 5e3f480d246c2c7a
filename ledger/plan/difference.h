// What changed from one version of a plan to another, field by field.

#ifndef LEDGER_PLAN_DIFFERENCE_H_
#define LEDGER_PLAN_DIFFERENCE_H_

#include <string>
#include <vector>

#include "payfold/v1/plan.pb.h"

namespace payfold {

struct PlanFieldDifference {
  // Elements that have an id are told by it, others by their place:
  // "components[base].payout.bands.bands[1].upto".
  std::string field;
  // As in a plan document; empty where the field is left out.
  std::string before;
  std::string after;

  friend bool operator==(const PlanFieldDifference&, const PlanFieldDifference&) = default;
};

// In the order of the fields of `after`, then what is only in `before`. Empty if
// the plans say the same.
std::vector<PlanFieldDifference> ComparePlans(const v1::Plan& before, const v1::Plan& after);

}  // namespace payfold

#endif  // LEDGER_PLAN_DIFFERENCE_H_
