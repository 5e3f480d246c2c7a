// Statistics of a population: what targets are set by.
//
// Source: specification, calculation 6 (population).

#ifndef PROJECTIONS_EARNINGS_STATISTICS_H_
#define PROJECTIONS_EARNINGS_STATISTICS_H_

#include <optional>
#include <vector>

#include "ledger/money/rational.h"
#include "ledger/plan/payout.h"

namespace payfold {

// The target's statistic of the values, without its factor. Sigma is that of the
// population, rounded down to 9 digits after the point. None of no values, and of
// RANK(k) if there are fewer than k.
std::optional<Rational> StatisticOf(const Target& target, std::vector<Rational> values);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_STATISTICS_H_
