// How the evaluator makes a group: what it measures, against which targets, and
// what of the plan's numbers holds for this participant.
//
// Source: specification, calculation 5 to 7.

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/lookup.h"
#include "projections/earnings/evaluator.h"

namespace payfold {
namespace {

// Whether proration by months has a meaning for a period.
bool IsShorterThanMonth(const Period& period) {
  return period.kind() < PeriodKind::kMonth || period.last() + 1 < period.first().AddMonths(1);
}

int64_t MonthsIn(const DaySet& days) {
  int64_t months = 0;
  std::optional<int> last;
  for (const Days& run : days.runs()) {
    const int first_month = run.first.year() * 12 + run.first.month();
    const int last_month = run.last.year() * 12 + run.last.month();
    months += last_month - std::max(first_month, last.value_or(first_month - 1) + 1) + 1;
    last = last_month;
  }
  return months;
}

// The measure with each contribution multiplied by what the table says of it.
Taken Rated(const Taken& taken, const LookupTable& table, const Rational& otherwise) {
  Taken rated = taken;
  for (Contribution& fact : rated.facts) {
    const Rational* rate =
        LookUp(table, fact.text.empty() ? kAnyKey : absl::string_view(fact.text));
    fact.value *= rate == nullptr ? otherwise : *rate;
  }
  for (Taken& part : rated.parts) part = Rated(part, table, otherwise);
  rated.AddUp();
  return rated;
}

// Attributes that a rate is looked up by once, for the participant.
bool IsOfParticipant(const std::string& by) {
  return by == kTenureMonths || by == "role" || by == "team";
}

bool LooksUpCredits(const Payout& payout) {
  return payout.rate_by.has_value() && !IsOfParticipant(payout.rate_by->by);
}

}  // namespace

Rational Evaluator::PartInPlan(const GroupQuery& query, bool restarted) {
  const Days measured =
      restarted ? query.segment() : Days{query.period.first(), query.period.last()};
  const DaySet days = *InPlan(query.participant, *query.history) & measured;
  // Who has left is measured as on the last day there.
  if (days.empty()) return 1;
  if (query.run.version->program.prorate_by_months && !restarted &&
      !IsShorterThanMonth(query.period)) {
    return Rational::Of(MonthsIn(days), MonthsIn(DaySet(measured)));
  }
  return Rational::Of(days.count(), query.period.days());
}

Scaling Evaluator::ScalingOf(const GroupQuery& query, bool prorated) {
  const bool restarted = query.component->restart;
  if (prorated) return {PartInPlan(query, restarted), true};
  if (restarted) return {Rational::Of(query.segment().count(), query.period.days()), false};
  return {1, false};
}

DealTerms Evaluator::TermsOf(const Program& program, const Component& component) const {
  DealTerms terms(program.currency, program.rounding);
  terms.trigger = component.trigger;
  terms.clawback = component.clawback.mode;
  if (component.fx == FxDay::kPlanStart) {
    terms.rate_day = [start = program.start](Date) { return start; };
  }
  if (component.fx == FxDay::kPeriodEnd) {
    terms.rate_day = [this, &component](Date d) {
      if (component.window.has_value()) return component.window->last();
      return MeasurementPeriods(component, {d, d}).front().last();
    };
  }
  return terms;
}

// The group without anything that is read from facts.
Group Evaluator::StartGroup(const GroupQuery& query, const DealTerms& terms) {
  const Component& component = *query.component;
  Group group(terms);
  group.participant = query.participant;
  group.history = query.history;
  group.version = query.run.version;
  group.component = &component;
  group.run = query.run;
  group.period = query.period;
  group.measured =
      component.restart ? query.segment() : Days{query.period.first(), query.period.last()};
  group.in_plan = InPlan(query.participant, *query.history);
  group.targets = ScalingOf(query, component.prorate_target);
  group.amounts = ScalingOf(query, component.prorate_amounts);
  group.edges =
      component.prorate_bands ? Scaling{PartInPlan(query, component.restart), true} : Scaling();
  return group;
}

absl::StatusOr<std::shared_ptr<Group>> Evaluator::GroupOf(const GroupQuery& query) {
  return MakeGroup(query, nullptr);
}

absl::StatusOr<std::shared_ptr<Group>> Evaluator::MakeGroup(
    const GroupQuery& query, std::set<CancellationKey>* cancellations) {
  const Component& component = *query.component;
  const Program& program = query.run.version->program;
  DealTerms terms = TermsOf(program, component);
  // Before any cancellation is as if there were none, and can be shared.
  if (query.restated_to != NoCancellation()) terms.restated_to = query.restated_to;

  Group group = StartGroup(query, terms);
  Taking taking(terms);
  taking.participant = query.participant;
  taking.history = query.history;
  taking.version = query.run.version;
  taking.component = &component;
  taking.period = query.period;
  taking.days = group.measured;
  taking.counts = group.in_plan;
  taking.cancellations = cancellations;
  const bool caps_deals = component.cap.has_value() && component.cap->per_deal;
  taking.with_deals = query.with_deals || caps_deals;
  if (LooksUpCredits(component.payout)) taking.text_of = component.payout.rate_by->by;

  RETURN_IF_ERROR(SetGoal(taking, &group));
  if (component.measure.has_value() && component.payout.kind == Payout::Kind::kPerDeal) {
    RETURN_IF_ERROR(SetPerDeal(taking, &group));
  } else if (component.measure.has_value()) {
    ASSIGN_OR_RETURN(Taken taken, Take(taking, *component.measure));
    NumberDeals(&taken);
    group.own.taken = std::make_shared<const Taken>(std::move(taken));
  }
  if (group.own.taken != nullptr && component.target.has_value()) {
    group.own.has_target = true;
    ASSIGN_OR_RETURN(group.own.target,
                     TargetOf(taking, group, *component.target, *component.measure));
  }
  taking.text_of = "";
  taking.with_deals = false;
  RETURN_IF_ERROR(SetTargetIncentive(&group));
  NoteForeignIncentives(group);
  RETURN_IF_ERROR(SetPayout(taking, &group));
  RETURN_IF_ERROR(SetModifiers(taking, &group));
  ASSIGN_OR_RETURN(const Carried carried, CarriedInto(query));
  // The segment of the first day in the plan pays it, no later one again.
  const std::optional<Date> first =
      (*group.in_plan & Days{query.period.first(), query.period.last()}).first();
  const bool is_paid_before = !first.has_value() || *first < group.measured.first;
  group.carried_in = is_paid_before ? 0 : carried.amount;
  if (cancellations != nullptr) {
    cancellations->insert(carried.cancellations.begin(), carried.cancellations.end());
  }
  NoteUndefinedMeasures(taking, group);
  return std::make_shared<Group>(std::move(group));
}

absl::Status Evaluator::SetTargetIncentive(Group* group) {
  const Currency currency = group->currency();
  group->target_incentive = TargetIncentiveOf(
      reference(), *group->history, *group->component, currency, group->participant, group->period,
      DaysThatCount(*group->in_plan, {group->period.first(), group->period.last()}));
  const Rational per_major(currency.minor_per_major());
  ASSIGN_OR_RETURN(const Rational scaled, Scaled(group->target_incentive.value / per_major, true,
                                                 group->amounts, currency, group->rounding()));
  group->target_incentive.value = scaled * per_major;
  return absl::OkStatus();
}

void Evaluator::NoteUndefinedMeasures(const Taking& taking, const Group& group) {
  const auto note = [&](const Gauge& gauge, absl::string_view what) {
    if (gauge.taken == nullptr || !gauge.taken->measure->may_be_undefined() ||
        ValueAt(*gauge.taken, {group.period.last()}, group.currency()).has_value()) {
      return;
    }
    NoteUndefined("UNDEFINED_MEASURE", taking,
                  absl::StrCat("the measure of ", what,
                               " has no value: there are no facts for it "
                               "in the period, or it divides by 0"));
  };
  note(group.own, "the component");
  for (const Gauge& gate : group.gates) {
    if (gate.taken != group.own.taken) note(gate, "a gate");
  }
  for (const Gauge& multiplier : group.multipliers) {
    if (multiplier.taken != group.own.taken) note(multiplier, "a multiplier");
  }
}

absl::StatusOr<Gauge> Evaluator::GaugeOf(const Taking& taking, const Group& group,
                                         const Measure* measure,
                                         const std::optional<Target>& target) {
  Gauge gauge;
  if (measure == nullptr) {
    gauge.taken = group.own.taken;
  } else {
    ASSIGN_OR_RETURN(Taken taken, Take(taking, *measure));
    gauge.taken = std::make_shared<const Taken>(std::move(taken));
  }
  gauge.has_target = target.has_value();
  if (gauge.has_target && gauge.taken != nullptr) {
    ASSIGN_OR_RETURN(gauge.target, TargetOf(taking, group, *target, *gauge.taken->measure));
  }
  return gauge;
}

absl::Status Evaluator::SetGoal(const Taking& taking, Group* group) {
  const Component& component = *taking.component;
  if (component.goals.empty()) return absl::OkStatus();
  const auto chosen = reference().goals->find(
      std::make_tuple(taking.participant, group->program().plan_id, component.component_id,
                      reference().calendar().Label(taking.period)));
  if (chosen == reference().goals->end()) {
    if (component.payout.kind == Payout::Kind::kGoals) NoteNoGoal(taking);
    return absl::OkStatus();
  }
  const auto goal =
      std::find_if(component.goals.begin(), component.goals.end(),
                   [&](const Goal& offered) { return offered.goal_id == chosen->second.goal_id; });
  if (goal == component.goals.end()) {
    AddException("UNKNOWN_GOAL", chosen->second.position, chosen->second.goal_id,
                 absl::StrCat("the goal is none that ", group->program().plan_id, "/",
                              component.component_id, " offers; choose one of those"));
    return absl::OkStatus();
  }
  GoalGauge set{&*goal, {}, chosen->second.position};
  ASSIGN_OR_RETURN(set.gauge, GaugeOf(taking, *group, &goal->measure, goal->target));
  group->goal = std::move(set);
  return absl::OkStatus();
}

absl::Status Evaluator::SetPerDeal(const Taking& taking, Group* group) {
  const Measure& measure = *taking.component->measure;
  Taken whole;
  whole.measure = &measure;
  ASSIGN_OR_RETURN(whole.facts,
                   Contributions(ContextOf(taking, measure), measure, taking.days, true));
  NumberDeals(&whole);
  Taken own;
  own.measure = &measure;
  for (const Contribution& fact : whole.facts) {
    if (taking.days.Contains(fact.date)) own.facts.push_back(fact);
  }
  own.AddUp();
  group->own.taken = std::make_shared<const Taken>(std::move(own));
  group->whole_deals = std::move(whole.facts);
  return absl::OkStatus();
}

std::optional<Date> Evaluator::LastDayInPlan(const Taking& taking) {
  return DaysThatCount(*InPlan(taking.participant, *taking.history),
                       {taking.period.first(), taking.period.last()})
      .last();
}

absl::Status Evaluator::SetBands(const Taking& taking, Group* group) {
  const Payout& payout = taking.component->payout;
  group->bands = payout.kind == Payout::Kind::kPerDeal ? payout.per_deal.bands : payout.bands;
  Bands& bands = group->bands;
  // That of the plan: the group's copy does not stay where it is.
  const std::optional<Measure>& by = payout.bands.by_measure;
  if (by.has_value()) {
    const bool own_target = bands.by_component_target;
    ASSIGN_OR_RETURN(group->by,
                     GaugeOf(taking, *group, &*by, own_target ? std::nullopt : bands.by_target));
    if (own_target) {
      group->by->has_target = true;
      group->by->target = group->own.target;
    }
  }
  const bool by_attainment =
      by.has_value() ? bands.by_target.has_value() : bands.basis == Bands::Basis::kAttainment;
  const Measure& chooser = by.has_value() ? *by : *taking.component->measure;
  const Currency currency = group->currency();
  const auto scale_edge = [&](Rational* edge) -> absl::Status {
    if (by_attainment) return absl::OkStatus();
    ASSIGN_OR_RETURN(*edge,
                     Scaled(*edge, chooser.is_money(), group->edges, currency, group->rounding()));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(scale_edge(&bands.from));
  const std::optional<Date> day = LastDayInPlan(taking);
  for (Band& band : bands.bands) {
    if (band.upto.has_value()) RETURN_IF_ERROR(scale_edge(&*band.upto));
    if (band.pay == Band::Pay::kFixed) {
      ASSIGN_OR_RETURN(band.value, Scaled(band.value, group->pays_money(), group->amounts, currency,
                                          group->rounding()));
    }
    if (band.rate_by.has_value() && day.has_value()) {
      band.value = LookUpFor(taking.participant, *band.rate_by, *day).value_or(band.value);
    }
  }
  return absl::OkStatus();
}

absl::Status Evaluator::SetPayout(const Taking& taking, Group* group) {
  const Payout& payout = taking.component->payout;
  switch (payout.kind) {
    case Payout::Kind::kRate:
    case Payout::Kind::kPerUnit: {
      group->value = payout.value;
      if (!payout.rate_by.has_value()) break;
      if (LooksUpCredits(payout)) {
        group->rated =
            std::make_shared<const Taken>(Rated(*group->own.taken, *payout.rate_by, payout.value));
        break;
      }
      const std::optional<Date> day = LastDayInPlan(taking);
      if (day.has_value()) {
        group->value = LookUpFor(taking.participant, *payout.rate_by, *day).value_or(payout.value);
      }
      break;
    }
    case Payout::Kind::kBands:
    case Payout::Kind::kPerDeal:
      return SetBands(taking, group);
    case Payout::Kind::kMatrix: {
      const Matrix& matrix = payout.matrix;
      ASSIGN_OR_RETURN(group->rows,
                       GaugeOf(taking, *group, &matrix.rows.measure, matrix.rows.target));
      ASSIGN_OR_RETURN(group->columns,
                       GaugeOf(taking, *group, &matrix.columns.measure, matrix.columns.target));
      break;
    }
    case Payout::Kind::kRank:
      return SetRivals(taking, group);
    case Payout::Kind::kPool:
      return SetPool(taking, group);
    case Payout::Kind::kFixed:
    case Payout::Kind::kCurve:
    case Payout::Kind::kGoals:
      break;
  }
  return absl::OkStatus();
}

absl::Status Evaluator::SetModifiers(const Taking& taking, Group* group) {
  for (const Gate& gate : taking.component->gates) {
    Gauge gauge;
    if (!gate.component.empty()) {
      Taking money = TakingIn(taking, taking.participant, taking.period, true);
      money.days = taking.days;
      ASSIGN_OR_RETURN(gauge, GaugeOf(money, *group, &*gate.measure, gate.target));
    } else {
      ASSIGN_OR_RETURN(gauge,
                       GaugeOf(taking, *group, gate.measure.has_value() ? &*gate.measure : nullptr,
                               gate.target));
    }
    group->gates.push_back(std::move(gauge));
  }
  for (const Multiplier& multiplier : taking.component->multipliers) {
    ASSIGN_OR_RETURN(
        Gauge gauge,
        GaugeOf(taking, *group, multiplier.measure.has_value() ? &*multiplier.measure : nullptr,
                multiplier.target));
    group->multipliers.push_back(std::move(gauge));
  }
  return absl::OkStatus();
}

void Evaluator::NoteForeignIncentives(const Group& group) {
  for (const Assignment& assignment : group.history->Assignments(group.participant)) {
    if (!assignment.target_incentive.has_value() ||
        assignment.currency == group.currency().code()) {
      continue;
    }
    AddException("MISSING_RATE", assignment.position,
                 absl::StrCat(reference().org->Id(group.participant), "/", group.program().plan_id),
                 absl::StrCat("the target incentive is in ", assignment.currency, ", the plan in ",
                              group.currency().code(),
                              "; it counts 0: assign again in the plan's currency"));
  }
}

absl::StatusOr<std::vector<Contribution>> Evaluator::ContributionsToMeasure(
    uint32_t participant, const PlanHistory& history, const PublishedVersion& version,
    const Component& component, const Measure& measure, std::shared_ptr<const Deal> deal) {
  Taking taking(TermsOf(version.program, component));
  taking.participant = participant;
  taking.history = &history;
  taking.version = &version;
  taking.component = &component;
  taking.counts = InPlan(participant, history);
  return ContributionsOfDeal(ContextOf(taking, measure), measure, std::move(deal));
}

}  // namespace payfold
