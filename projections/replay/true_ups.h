// What a replay makes payable now: the prior-period adjustments of closed payout
// periods that its events cause.
//
// Source: specification, ledger "Payout periods".

#ifndef PROJECTIONS_REPLAY_TRUE_UPS_H_
#define PROJECTIONS_REPLAY_TRUE_UPS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "payfold/v1/replay_service.pb.h"
#include "projections/earnings/evaluator.h"

namespace payfold {

// Of one participant, by (currency, origin, plan); none before the first close. Both
// evaluators stand on the same closes. Errors: those of SettleClosed().
absl::StatusOr<std::vector<v1::TrueUp>> TrueUpsOf(Evaluator* before, Evaluator* after,
                                                  uint32_t participant);

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_TRUE_UPS_H_
