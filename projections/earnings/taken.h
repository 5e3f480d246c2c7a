// A measure that was taken for somebody over some days: everything that counts in
// it, to be read up to any day without going back to the facts.
//
// Source: specification, calculation 5.

#ifndef PROJECTIONS_EARNINGS_TAKEN_H_
#define PROJECTIONS_EARNINGS_TAKEN_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "ledger/calendar/period.h"
#include "ledger/money/currency.h"
#include "ledger/money/rational.h"
#include "ledger/plan/measure.h"
#include "projections/earnings/contribution.h"

namespace payfold {

// How far a measure is read: what is dated up to `day`, of deals only what comes
// up to `order`.
struct Cut {
  Date day;
  uint32_t order = UINT32_MAX;
};

struct Taken {
  const Measure* measure = nullptr;
  // kDeals, kMetric, kEarnings: in order of date and place.
  std::vector<Contribution> facts;
  // Running totals of `facts`, for measures that add up.
  std::vector<Rational> totals;
  // kRatio, kGrowth (what is measured now), kSum; kPeriods: one for each sub-period.
  std::vector<Taken> parts;
  std::vector<Period> sub_periods;
  // kGrowth: what was measured before; none if undefined.
  std::optional<Rational> before;
  // kAttribute: its number from each day on; none: undefined.
  std::vector<std::pair<Date, std::optional<Rational>>> levels;

  // To be called when `facts` are complete.
  void AddUp();
};

// The value, in minor units for money; none if it is undefined.
std::optional<Rational> ValueAt(const Taken& taken, const Cut& cut, Currency currency);

// In the unit in which plans state numbers: major units of money.
Rational InPlanUnit(const Rational& value, const Measure& measure, Currency currency);

// The contributions of deals in all parts get their order, from 1, by (date, deal
// id, place in the deal's stream); all of them, in that order.
std::vector<const Contribution*> NumberDeals(Taken* taken);
// The same, of one that has been numbered.
std::vector<const Contribution*> NumberedDeals(const Taken& taken);

// Whether a cancellation that takes something back is dated in those days.
bool HasCancellation(const Taken& taken, Date first, Date last);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_TAKEN_H_
