// Targets, quotas and target incentives of a measurement period.
//
// Source: specification, calculation 6.

#ifndef PROJECTIONS_EARNINGS_TARGETS_H_
#define PROJECTIONS_EARNINGS_TARGETS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/calendar/period.h"
#include "ledger/money/rational.h"
#include "ledger/plan/program.h"
#include "projections/earnings/day_set.h"
#include "projections/facts/reference.h"

namespace payfold {

// A number with the facts it was made from.
struct Sourced {
  Rational value;
  std::vector<uint64_t> positions;
};

// Days that a quota or target incentive is averaged over: those in the plan that
// are measured, else the last one before.
DaySet DaysThatCount(const DaySet& in_plan, Days measured);

// The quota of a subject for exactly that period or tiled by the longest shorter
// kind that is set throughout; looked up for the participant, else the team,
// else "*". In the unit of the measure as stated (minor units for money).
std::optional<Sourced> LookUpQuota(const Reference& reference, const std::string& metric,
                                   const std::string& participant_id, const std::string& team,
                                   const Period& period);

// The quota of the period for a participant: the average over `days`, the days
// in the plan, where the team changes. None if a day has none.
std::optional<Sourced> QuotaOf(const Reference& reference, const std::string& metric,
                               uint32_t participant, const Period& period, const DaySet& days);

// The target incentive of a component in a measurement period, in minor units,
// not rounded: the annual one × months / 12 (or days / days of the fiscal year,
// or its share in target_weights) × weight, averaged over `days`, the days in
// the plan. A target incentive in another currency than `currency`, the plan's,
// counts 0.
Sourced TargetIncentiveOf(const Reference& reference, const PlanHistory& history,
                          const Component& component, Currency currency, uint32_t participant,
                          const Period& period, const DaySet& days);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_TARGETS_H_
