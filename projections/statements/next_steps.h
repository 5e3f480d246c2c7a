// How far it is to what pays otherwise: the next band, point, row, column, goal,
// and gates that are not open.
//
// A per_deal payout looks at each deal alone, a rank and a pool at others too: they
// have no distance of their own.

#ifndef PROJECTIONS_STATEMENTS_NEXT_STEPS_H_
#define PROJECTIONS_STATEMENTS_NEXT_STEPS_H_

#include <vector>

#include "payfold/v1/payout_service.pb.h"
#include "projections/earnings/group.h"

namespace payfold {

// Payout first, then multipliers and gates by place. REQUIRES: the group has a measure.
std::vector<v1::NextStep> NextSteps(const Group& group, const Cut& cut);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_NEXT_STEPS_H_
