// Measures as the compiler makes them: numbers computed from facts for a
// participant and a period.
//
// Every default is filled in: scopes are resolved, weights given. A measure of
// money is counted in minor units of the plan's currency, any other is a plain
// number; where money meets plain numbers (ratio, growth, sums of both) it counts
// in major units.
//
// Source: specification, calculation 5.

#ifndef LEDGER_PLAN_MEASURE_H_
#define LEDGER_PLAN_MEASURE_H_

#include <string>
#include <vector>

#include "ledger/calendar/period.h"
#include "ledger/money/rational.h"

namespace payfold {

enum class Scope { kOwn, kTeam, kTerritory, kReports, kReportsAndSelf, kCompany };

// A test of one attribute, or (kAny) a choice between lists of tests.
struct Condition {
  enum class Test { kAnyOf, kNoneOf, kAtLeast, kAbove, kAtMost, kBelow, kAny };
  Test test = Test::kAnyOf;
  std::string attribute;
  std::vector<std::string> values;          // kAnyOf, kNoneOf
  Rational bound;                           // kAtLeast to kBelow
  std::vector<std::vector<Condition>> any;  // kAny: one list must hold in full
};

enum class DealValue { kAmount, kDealAmount, kCount, kSharedCount, kCountDistinct };

enum class Aggregate { kSum, kCount, kAvg, kMin, kMax, kLast, kNps, kCountDistinct };

// A component whose money lines a measure sums.
struct ComponentRef {
  std::string plan_id;
  std::string component_id;

  friend bool operator==(const ComponentRef& a, const ComponentRef& b) {
    return a.plan_id == b.plan_id && a.component_id == b.component_id;
  }
};

struct Measure {
  enum class Kind { kDeals, kMetric, kRatio, kGrowth, kSum, kEarnings, kPeriods, kAttribute };

  Kind kind = Kind::kDeals;
  // Whose facts: of kDeals, kMetric, kEarnings; of kAttribute always kOwn.
  Scope scope = Scope::kOwn;
  // kDeals.
  DealValue value = DealValue::kAmount;
  // kMetric: how values are aggregated, and whether they are money (minor units).
  Aggregate aggregate = Aggregate::kSum;
  bool metric_is_money = false;
  // kMetric: the metric; kAttribute: the participant's attribute.
  std::string name;
  // COUNT_DISTINCT: the attribute (kDeals) or dimension (kMetric).
  std::string distinct;
  // kDeals, kMetric: all must match.
  std::vector<Condition> where;
  // kRatio: numerator, denominator. kGrowth, kPeriods: one. kSum: the terms.
  std::vector<Measure> parts;
  // kSum: as many as parts.
  std::vector<Rational> weights;
  // kGrowth: at least 1.
  int periods_back = 1;
  // kEarnings.
  std::vector<ComponentRef> components;
  // kPeriods: the kind of sub-period, what it must reach (major units of money),
  // and whether to divide by their number.
  PeriodKind sub_period = PeriodKind::kMonth;
  Rational at_least;
  bool share = false;

  // In minor units of money, as opposed to a plain number.
  bool is_money() const;
  // A sum over dated facts, so that what is up to a day adds up: AMOUNT to
  // SHARED_COUNT, SUM and COUNT of metrics, earnings, and sums of these.
  bool is_additive() const;
  // May lack a value: AVG, MIN, MAX, LAST, NPS, ratio, growth, a share of no
  // periods, an attribute, and sums with such a term.
  bool may_be_undefined() const;
};

}  // namespace payfold

#endif  // LEDGER_PLAN_MEASURE_H_
