// What payout periods brought a participant: as the fold settles them now, and as it
// was posted, each with the prior-period adjustments of later statements.
//
// Only what moves is summed: earned, top-up, draw, held, released, …; balances and
// what is carried follow from it.

#ifndef PROJECTIONS_STATEMENTS_PERIOD_SUMS_H_
#define PROJECTIONS_STATEMENTS_PERIOD_SUMS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "payfold/v1/statement.pb.h"
#include "projections/facts/facts_view.h"
#include "projections/statements/settlement.h"

namespace payfold {

// Of one payout period and currency.
struct PeriodSums {
  struct Plan {
    v1::PlanSettlement amounts;
    std::map<std::string, v1::ComponentTotal> components;  // by component id
  };
  std::map<std::string, Plan> plans;                        // by plan id
  std::map<uint64_t, v1::StatementAdjustment> adjustments;  // manual, by position
  int64_t openings = 0;                                     // payable ones
};

// By (currency, first day of the payout period).
using SumsOfPeriods = std::map<std::pair<std::string, Date>, PeriodSums>;

// Adds what the fold says of a payout period. Errors: kOutOfRange.
absl::Status AddSettled(const Period& period, const PeriodSettlement& settlement,
                        const std::vector<EarnedLine>& lines, SumsOfPeriods* sums);

// Takes `posted` from `*sums`. Errors: kOutOfRange.
absl::Status Subtract(const SumsOfPeriods& posted, SumsOfPeriods* sums);

// Those of `sums` that are not zero, as prior-period adjustments without causes, by
// (currency, origin period, plan). Errors: kOutOfRange.
absl::StatusOr<std::vector<v1::PriorPeriodAdjustment>> NotZero(const SumsOfPeriods& sums,
                                                               const Reference& reference);

// What was posted for a participant.
struct Posted {
  SumsOfPeriods sums;  // of all closed payout periods
  // By currency: carried out by the last statement, and payable of all.
  std::map<std::string, int64_t> carried, payable;
};

// Errors: kDataLoss if what is kept cannot be read; kOutOfRange.
absl::StatusOr<Posted> ReadPosted(const FactsView& view, uint32_t participant);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_PERIOD_SUMS_H_
