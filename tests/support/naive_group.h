// A group: one component of one plan version, for one participant and
// measurement period (of a component that RESTARTs, one segment of it).
//
// Amounts are minor units of the plan's currency, or whole units of a reward.
//
// Source: specification, calculation 6 to 9 and 14.

#ifndef TESTS_SUPPORT_NAIVE_GROUP_H_
#define TESTS_SUPPORT_NAIVE_GROUP_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"
#include "ledger/money/rational.h"
#include "tests/support/naive_measures.h"
#include "tests/support/naive_payout.h"

namespace payfold_testing {

class NaiveGroups;

// Days in a row.
struct NaiveRun {
  payfold::Date first;
  payfold::Date last;
};

struct NaiveGroupId {
  std::string participant;
  const NaiveVersion* version;
  const payfold::v1::Component* component;
  payfold::Period period;
  NaiveRun days;      // the period, or the segment of a component that RESTARTs
  int cancellations;  // of the ledger, applied where the component RESTATEs
};

// In the order in which a cap spares them: the payout's own, floor, carry; after
// the cap also "excess".
using NaiveElements = std::vector<std::pair<std::string, int64_t>>;

int64_t SumOf(const NaiveElements& elements);

class NaiveGroup {
 public:
  static constexpr size_t kAllSteps = ~size_t{0};

  NaiveGroup(NaiveGroups* groups, NaiveGroupId id);

  // What each element is at the evening of a day, after the cap, with the credits
  // of so many steps.
  const NaiveElements& AmountsTo(payfold::Date e, size_t steps = kAllSteps);
  // What the cap takes away.
  int64_t ExcessTo(payfold::Date e, size_t steps = kAllSteps);

  // The credits of deals in the component's own measure, in order.
  const std::vector<NaiveStep>& Steps();
  // Whether a cancellation that counts is dated in the run.
  bool HasCancellation(const NaiveRun& run);

  // The component's own measure on the days of the group up to e. With
  // `counts_all` a reference: all facts count.
  std::optional<payfold::Rational> MeasureTo(payfold::Date e, bool counts_all = false);
  // The component's target, at the evening of a day.
  std::optional<payfold::Rational> TargetTo(payfold::Date e);
  // In major units; of the component and the measurement period.
  payfold::Rational TargetIncentive();
  // The product of the gates' multiples, none if one gives ZERO.
  std::optional<payfold::Rational> GatesTo(payfold::Date e, size_t steps = kAllSteps);

 private:
  // Elements in major units, not rounded.
  using Exact = std::vector<std::pair<std::string, payfold::Rational>>;

  // The same of one measure; within a sub-period of a `periods` if that is given.
  bool HasCancellation(const payfold::v1::Measure& measure, const NaiveQuestion& asked,
                       const payfold::Period* sub_period, const NaiveRun& run);

  // Elements and caps: naive_group.cc.
  NaiveElements BeforeCap(payfold::Date e, size_t steps);
  int64_t CarryTo(payfold::Date e);
  Exact PayoutTo(payfold::Date e, size_t steps);
  Exact PerDealTo(payfold::Date e, size_t steps);
  Exact BandsTo(payfold::Date e, size_t steps);
  Exact MatrixTo(payfold::Date e, size_t steps);
  Exact GoalTo(payfold::Date e, size_t steps);
  payfold::Rational RateTo(payfold::Date e, size_t steps, const std::string& otherwise);
  // Each credit at the rate of its deal's attribute; of deals and sums of them.
  payfold::Rational RatePerCredit(const payfold::v1::Measure& measure,
                                  const NaiveQuestion& question, const std::string& attribute,
                                  const payfold::v1::RateTable& table,
                                  const std::string& otherwise);
  // The edges of a matrix at or below the axis; none where it pays nothing.
  std::optional<int> MatrixBand(const payfold::v1::MatrixAxis& axis, payfold::Date e, size_t steps);
  payfold::Rational MultipliersTo(payfold::Date e, size_t steps);
  bool Holds(const payfold::v1::Gate& gate, payfold::Date e, size_t steps);
  int64_t Cap();
  int64_t ExcessPerDeal(payfold::Date e, size_t steps, int64_t cap);

  // Measures: naive_group.cc.
  NaiveQuestion Question(payfold::Date e, size_t steps) const;
  // What the payout is made of: of payout `goals` the chosen goal's, else the component's.
  const payfold::v1::Measure& OwnMeasure() const;
  // `measure` if it is given, else the component's (with the steps).
  std::optional<payfold::Rational> MeasureOr(bool given, const payfold::v1::Measure& measure,
                                             payfold::Date e, size_t steps);
  const payfold::v1::Goal* ChosenGoal() const;
  bool HasDefinedMeasure(payfold::Date e, size_t steps);
  // Money, as opposed to points, badges and items.
  bool PaysMoney() const;
  // How many of the amounts' units a major unit is.
  payfold::Rational Unit() const;

  // Targets and proration: naive_group_targets.cc.
  std::optional<payfold::Rational> Target(const payfold::v1::Target& target,
                                          const payfold::v1::Measure& measure, payfold::Date e);
  std::optional<payfold::Rational> TableValue(const payfold::v1::FixedTarget& fixed);
  // The value of the participant's key on the last day in the plan, else of "*".
  std::optional<payfold::Rational> LookUp(
      const std::string& by, const google::protobuf::Map<std::string, std::string>& table);
  std::optional<payfold::Rational> BlendedQuota(const std::string& metric, bool is_money);
  payfold::Rational ShareOfYear() const;
  // The days over which quotas and target incentives are averaged.
  std::vector<payfold::Date> BlendDays() const;
  bool Prorates(payfold::v1::Component::Prorate what) const;
  // `value` by days in the plan if the component prorates `what`, else by days of
  // the segment if it RESTARTs.
  payfold::Rational Scaled(payfold::v1::Component::Prorate what, const payfold::Rational& value,
                           bool is_money) const;
  payfold::Rational ShareInPlan() const;

  // What others do: naive_group_others.cc.
  std::optional<payfold::Rational> Population(const payfold::v1::PopulationTarget& target,
                                              const payfold::v1::Measure& measure, payfold::Date e);
  std::vector<std::string> PeopleInPlan(payfold::v1::Scope around, payfold::Date d) const;
  // The same component and version for somebody else.
  NaiveGroup& GroupOf(const std::string& other, const payfold::Period& period,
                      const NaiveRun& days);
  // What the numbers of bands are for this participant.
  void SetNumbers(const payfold::v1::Measure& chooser, NaivePay* pay);
  Exact RankTo(payfold::Date e, size_t steps);
  payfold::Rational PoolTo(payfold::Date e);
  std::optional<payfold::Rational> PoolTarget(const NaiveQuestion& question);
  payfold::Rational PoolWeight(const std::string& member, payfold::Date e);

  NaiveGroups& groups_;
  const NaiveMeasures& measures_;
  const NaiveFacts& facts_;
  const NaiveGroupId id_;
  const payfold::v1::Plan& plan_;
  const payfold::v1::Component& component_;
  const payfold::Rational minor_per_major_;

  std::optional<std::vector<NaiveStep>> steps_;
  std::optional<payfold::Rational> incentive_;
  std::map<std::pair<payfold::Date, size_t>, std::pair<NaiveElements, int64_t>> after_cap_;
  std::map<std::pair<payfold::Date, size_t>, int64_t> sums_before_cap_;
};

// All groups of a log, each evaluated once.
class NaiveGroups {
 public:
  explicit NaiveGroups(const NaiveMeasures& measures) : measures_(measures) {}

  const NaiveMeasures& measures() const { return measures_; }
  NaiveGroup& Of(const NaiveGroupId& id);
  // The group that pays for a run of days in a period.
  NaiveGroup& For(const std::string& participant, const NaiveVersion& version,
                  const payfold::v1::Component& component, const payfold::Period& period,
                  const NaiveRun& run, int cancellations);
  // The runs of days of the period on which the version is in force.
  std::vector<NaiveRun> Runs(const NaiveVersion& version, const payfold::Period& period) const;
  // What caps of the component took away in the period to be paid in the next one.
  int64_t Carried(const std::string& participant, const std::string& plan_id,
                  const payfold::v1::Component& into, const payfold::Period& period,
                  int cancellations);

 private:
  const NaiveMeasures& measures_;
  using Key =
      std::tuple<std::string, const void*, payfold::Period, payfold::Date, payfold::Date, int>;
  std::map<Key, std::unique_ptr<NaiveGroup>> groups_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_GROUP_H_
