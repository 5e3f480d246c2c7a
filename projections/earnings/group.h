// A group: one participant, plan version, component and measurement period, with
// everything its elements are computed from.

#ifndef PROJECTIONS_EARNINGS_GROUP_H_
#define PROJECTIONS_EARNINGS_GROUP_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/plan/bands.h"
#include "ledger/plan/program.h"
#include "projections/earnings/day_set.h"
#include "projections/earnings/deal_measure.h"
#include "projections/earnings/targets.h"
#include "projections/facts/facts_view.h"

namespace payfold {

struct Group {
  uint32_t participant = kNobody;
  const PlanHistory* history = nullptr;
  const PublishedVersion* version = nullptr;
  const Component* component = nullptr;
  Period period;
  std::shared_ptr<const DaySet> in_plan;
  // Has no day in the plan in the segment and is evaluated for cancellations only.
  bool leaver = false;

  // Of the component's measure, dated in the period; for per_deal of whole deals.
  std::vector<Contribution> contributions;
  // Of Bands::by_measure.
  std::vector<Contribution> by;
  // In the unit of the measure as evaluated (minor units for money).
  std::optional<Sourced> target;
  std::optional<Sourced> by_target;
  Sourced target_incentive;  // minor units

  const Program& program() const { return version->program; }
  Days days() const { return {period.first(), period.last()}; }
};

// One element (band, deal, …) up to a day, in major units, not rounded.
struct Element {
  std::string name;
  Rational amount;
  // What it was computed from, for explanations.
  std::optional<BandPay> band;
  Rational measure;  // that it pays on, in the payout's unit
};

// Money as payout functions see it: major units; a plain number as it is.
Rational InPayoutUnit(const Rational& value, const Measure& measure, Currency currency);

// The measure up to a day, in minor units for money.
Rational MeasureUpTo(const Group& group, Date day);

// The elements up to a day, from `contributions`: those of the group, or the
// first of them. Nothing before the participant's first day in the plan.
std::vector<Element> ElementsUpTo(const Group& group, Date day,
                                  const std::vector<Contribution>& contributions);

// The elements on a measure (in the payout's unit) at a day, for payouts that are
// not per deal.
std::vector<Element> ElementsOn(const Group& group, Date day, const Rational& measure);

// ElementsUpTo, rounded to minor units of the plan's currency.
// Errors: kOutOfRange if an amount does not fit.
absl::StatusOr<std::map<std::string, int64_t>> AmountsUpTo(
    const Group& group, Date day, const std::vector<Contribution>& contributions);

// What x a band is chosen by: measure or attainment; none if undefined.
std::optional<Rational> BandPosition(const Group& group, const Bands& bands,
                                     const Rational& measure);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_GROUP_H_
