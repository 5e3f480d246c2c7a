// A participant's payout periods around closes: closed ones are compared with what
// was posted, and the first open one goes on from there.
//
// Readings where the specification is silent: periods.md.
// Source: specification, ledger "Payout periods".

#ifndef PROJECTIONS_STATEMENTS_CLOSED_PERIODS_H_
#define PROJECTIONS_STATEMENTS_CLOSED_PERIODS_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "projections/statements/causes.h"
#include "projections/statements/period_sums.h"
#include "projections/statements/settlement.h"

namespace payfold {

// Told of each payout period that is settled; may be null.
using VisitSettled = std::function<absl::Status(const PeriodSettlement&)>;

// Settles the payout periods up to `through`, the last day of one, which count as
// closed, and gives what their closes left: what was carried, and the differences to
// what was posted, by (origin period, plan). `*settlement` is new; afterwards it is at
// the end of `through` and knows nothing of closes. Without `causes` (null) the
// differences name none. Errors: those of Settlement.
absl::StatusOr<std::map<std::string, LeftByCloses>> SettleClosed(
    Evaluator* evaluator, uint32_t participant, Date through, const Posted& posted,
    const LateFacts* causes, Settlement* settlement, VisitSettled visit = nullptr);

// One payout period's, as GetStatements() shows it: a closed one, and all before the
// first close, on the chain from the beginning; an open one on what closes left.
// `lines` are those of that period.
// Errors: those of Settlement.
absl::StatusOr<PeriodSettlement> SettleUpTo(Evaluator* evaluator, uint32_t participant,
                                            const Period& payout,
                                            const std::vector<EarnedLine>& lines);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_CLOSED_PERIODS_H_
