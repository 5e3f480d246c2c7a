// A group: one participant, plan version, component and measurement period, with
// everything its amounts are computed from, read from the facts once.
//
// What a group holds is settled but for the day: elements.h and amounts.h compute
// from it, purely, what it pays up to any day.

#ifndef PROJECTIONS_EARNINGS_GROUP_H_
#define PROJECTIONS_EARNINGS_GROUP_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/plan/bands.h"
#include "ledger/plan/program.h"
#include "projections/earnings/day_set.h"
#include "projections/earnings/deal_measure.h"
#include "projections/earnings/taken.h"
#include "projections/earnings/targets.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// A measure, and the target it is held against.
struct Gauge {
  std::shared_ptr<const Taken> taken;  // null: no measure
  bool has_target = false;
  std::optional<Sourced> target;  // in the measure's unit; none: undefined
};

// What a number of the plan is multiplied by for this participant, and whether
// money is rounded to the minor unit then (proration).
struct Scaling {
  Rational factor = 1;
  bool rounds = false;
};

struct GoalGauge {
  const Goal* goal = nullptr;
  Gauge gauge;
  uint64_t position = 0;  // of the choice
};

// The others among whom a participant is ranked.
struct Rivals {
  std::vector<std::shared_ptr<const Taken>> others;
  bool takes_part = false;  // the participant is one of the population
};

struct Group;

// A participant's part in a pool.
struct PoolPart {
  std::shared_ptr<const Taken> size;  // the measure that a rate is paid on; may be null
  // None where a scaled pool has no target: it pays nothing.
  bool scaled = false;
  std::optional<Sourced> target;
  // Weights of all members by participant id; of BY_MEASURE they come from the
  // measures of the members.
  std::vector<Rational> weights;
  std::vector<std::shared_ptr<const Taken>> measures;
  // The members' gates, which only those pass who share; empty where there are none.
  std::vector<std::shared_ptr<const Group>> gates;
  std::optional<size_t> place;  // the participant's; none: no member
};

struct Group {
  explicit Group(DealTerms with) : terms(std::move(with)) {}

  DealTerms terms;
  uint32_t participant = kNobody;
  const PlanHistory* history = nullptr;
  const PublishedVersion* version = nullptr;
  const Component* component = nullptr;
  VersionRun run;  // of the version
  Period period = Period::Window(Date(), Date());
  // The days that are measured: the period, or with RESTART the version's segment.
  Days measured;
  std::shared_ptr<const DaySet> in_plan;
  // Has no day in the plan in the segment and is evaluated for cancellations only.
  bool leaver = false;

  Gauge own;                 // the component's measure and target
  Sourced target_incentive;  // minor units, prorated
  Scaling targets;           // of targets and quotas
  Scaling amounts;           // of fixed amounts and the target incentive
  Scaling edges;             // of band edges on a measure
  // kRate, kPerUnit: the participant's own, where the plan looks it up; the measure
  // with each credit multiplied by its rate, where it looks that up.
  Rational value;
  std::shared_ptr<const Taken> rated;
  Bands bands;               // as they are for this participant
  std::optional<Gauge> by;   // of Bands::by_measure
  std::vector<Gauge> gates;  // as many as the component's
  std::vector<Gauge> multipliers;
  std::optional<Gauge> rows, columns;
  std::optional<GoalGauge> goal;
  std::vector<Contribution> whole_deals;  // kPerDeal: of deals with a credit in the period
  std::shared_ptr<const Rivals> rivals;   // kRank
  std::shared_ptr<const PoolPart> pool;   // kPool
  // BY_MEASURE: the component's measure of each member's own facts.
  std::shared_ptr<const Measure> own_measure;
  int64_t carried_in = 0;  // above the cap of the period before

  const Program& program() const { return version->program; }
  Currency currency() const { return version->program.currency; }
  Rounding rounding() const { return version->program.rounding; }
  bool pays_money() const { return component->reward.kind == Reward::Kind::kMoney; }
  // Minor units in one of what the component pays: 1 for rewards.
  int64_t minor_per_unit() const { return pays_money() ? currency().minor_per_major() : 1; }
};

// Which group is asked for.
struct GroupQuery {
  uint32_t participant = kNobody;
  const PlanHistory* history = nullptr;
  VersionRun run;
  const Component* component = nullptr;
  Period period = Period::Window(Date(), Date());
  // With the deals behind what counts, as attribution needs.
  bool with_deals = false;
  // RESTATE: the last cancellation applied; none: none is.
  std::optional<CancellationKey> restated_to = std::nullopt;

  // That of a group that was made.
  static GroupQuery Of(const Group& group) {
    return {group.participant,      group.history, group.run, group.component, group.period, false,
            group.terms.restated_to};
  }

  // The version's days in the period.
  Days segment() const { return Days{run.first, run.last} & Days{period.first(), period.last()}; }
};

// The gauge's measure in the unit of plans (major units of money); none if it is
// undefined.
std::optional<Rational> MeasureAt(const Gauge& gauge, const Cut& cut, Currency currency);
// Measure / target; none without a target, or if one of both is undefined or the
// target 0.
std::optional<Rational> AttainmentAt(const Gauge& gauge, const Cut& cut, Currency currency);
// The attainment if there is a target, else the measure.
std::optional<Rational> PositionAt(const Gauge& gauge, const Cut& cut, Currency currency);

// A number of the plan, scaled; money in major units.
// Errors: kOutOfRange if money does not fit.
absl::StatusOr<Rational> Scaled(const Rational& number, bool is_money, const Scaling& scaling,
                                Currency currency, Rounding rounding);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_GROUP_H_
