#include "tests/support/naive_group.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "ledger/money/currency.h"

namespace payfold_testing {

using ::payfold::Currency;
using ::payfold::Date;
using ::payfold::Period;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

int64_t SumOf(const NaiveElements& elements) {
  int64_t sum = 0;
  for (const auto& element : elements) sum += element.second;
  return sum;
}

NaiveGroup::NaiveGroup(NaiveGroups* groups, NaiveGroupId id)
    : groups_(*groups),
      measures_(groups->measures()),
      facts_(groups->measures().facts()),
      id_(std::move(id)),
      plan_(id_.version->plan),
      component_(*id_.component),
      minor_per_major_(Currency::Parse(plan_.currency())->minor_per_major()) {}

bool NaiveGroup::PaysMoney() const {
  return component_.reward().kind_case() == v1::Reward::KIND_NOT_SET ||
         component_.reward().has_money();
}

Rational NaiveGroup::Unit() const { return PaysMoney() ? minor_per_major_ : Rational(1); }

// --- Measures

NaiveQuestion NaiveGroup::Question(Date e, size_t steps) const {
  NaiveQuestion question;
  question.version = id_.version;
  question.component = id_.component;
  question.around = {.scope = component_.scope(), .participant = id_.participant, .unit = ""};
  question.period = id_.period;
  question.from = id_.days.first;
  question.to = e;
  question.cancellations = id_.cancellations;
  question.steps_from = id_.days.first;
  if (steps_.has_value() && steps < steps_->size()) {
    question.is_limited = true;
    // Before the first step there is nothing: no deal has an empty id.
    question.up_to = steps == 0 ? NaiveStep(id_.days.first, "") : (*steps_)[steps - 1];
  }
  return question;
}

const v1::Goal* NaiveGroup::ChosenGoal() const {
  const std::string chosen =
      facts_.GoalChosen(id_.participant, plan_.plan_id(), component_.component_id(), id_.period);
  for (const v1::Goal& goal : component_.goals()) {
    if (goal.goal_id() == chosen) return &goal;
  }
  return nullptr;
}

const v1::Measure& NaiveGroup::OwnMeasure() const {
  if (component_.payout().has_goals()) {
    const v1::Goal* goal = ChosenGoal();
    if (goal != nullptr && goal->has_measure()) return goal->measure();
  }
  return component_.measure();
}

std::optional<Rational> NaiveGroup::MeasureOr(bool given, const v1::Measure& measure, Date e,
                                              size_t steps) {
  if (given) return measures_.Value(measure, Question(e, kAllSteps));
  return measures_.Value(component_.measure(), Question(e, steps));
}

std::optional<Rational> NaiveGroup::MeasureTo(Date e, bool counts_all) {
  NaiveQuestion question = Question(e, kAllSteps);
  question.counts_all = counts_all;
  return measures_.Value(component_.measure(), question);
}

bool NaiveGroup::HasDefinedMeasure(Date e, size_t steps) {
  const bool has_measure = OwnMeasure().kind_case() != v1::Measure::KIND_NOT_SET;
  // A pool asks for the measure of all its members instead.
  return !has_measure || component_.payout().has_pool() ||
         measures_.Value(OwnMeasure(), Question(e, steps)).has_value();
}

const std::vector<NaiveStep>& NaiveGroup::Steps() {
  if (steps_.has_value()) return *steps_;
  std::set<NaiveStep> steps;
  // What a pool pays comes of no deal of one's own.
  if (!component_.payout().has_pool()) {
    for (const NaiveEntry& entry :
         measures_.Credits(OwnMeasure(), Question(id_.days.last, kAllSteps))) {
      const auto add = [&](Date d) {
        if (id_.days.first <= d && d <= id_.days.last) steps.emplace(d, entry.deal->deal_id);
      };
      add(entry.date);
      if (entry.cancelled_on.has_value()) add(*entry.cancelled_on);
    }
  }
  steps_.emplace(steps.begin(), steps.end());
  return *steps_;
}

bool NaiveGroup::HasCancellation(const v1::Measure& measure, const NaiveQuestion& asked,
                                 const Period* sub_period, const NaiveRun& run) {
  NaiveQuestion question = asked;
  question.around.scope = NaiveScope(measure.scope(), asked.around.scope);
  const auto part = [&](const v1::Measure& of) {
    return HasCancellation(of, question, sub_period, run);
  };
  switch (measure.kind_case()) {
    case v1::Measure::kRatio:
      return part(measure.ratio().numerator()) || part(measure.ratio().denominator());
    case v1::Measure::kGrowth:
      return part(measure.growth().of());
    case v1::Measure::kSum:
      return std::any_of(measure.sum().measures().begin(), measure.sum().measures().end(), part);
    case v1::Measure::kPeriods:
      // What lies in no sub-period that ends here is none of it.
      for (const Period& period : facts_.calendar().Overlapping(
               NaiveKind(measure.periods().period()), id_.days.first, id_.days.last)) {
        if (period.last() <= id_.days.last &&
            HasCancellation(measure.periods().of(), question, &period, run)) {
          return true;
        }
      }
      return false;
    default:
      break;
  }
  const auto is_in_run = [&](Date d) { return run.first <= d && d <= run.last; };
  for (const NaiveEntry& entry : measures_.Credits(measure, asked)) {
    if (sub_period != nullptr && !sub_period->Contains(entry.date)) continue;
    if (entry.is_cancellation && is_in_run(entry.date) && !entry.value.is_zero()) return true;
    const bool is_measured =
        sub_period != nullptr || (id_.days.first <= entry.date && entry.date <= id_.days.last);
    if (entry.cancelled_on.has_value() && is_in_run(*entry.cancelled_on) && is_measured) {
      return true;
    }
  }
  return false;
}

bool NaiveGroup::HasCancellation(const NaiveRun& run) {
  const auto has_one = [&](const v1::Measure& measure) {
    return HasCancellation(measure, Question(run.last, kAllSteps), nullptr, run);
  };
  const v1::Payout& payout = component_.payout();
  return has_one(OwnMeasure()) || has_one(payout.bands().by().measure()) ||
         has_one(payout.matrix().rows().measure()) || has_one(payout.matrix().columns().measure());
}

// --- Gates and multipliers

bool NaiveGroup::Holds(const v1::Gate& gate, Date e, size_t steps) {
  v1::Measure measured = gate.has_measure() ? gate.measure() : component_.measure();
  if (!gate.component().empty()) {
    measured.Clear();
    measured.mutable_earnings()->add_components(gate.component());
    measured.set_scope(v1::OWN);
  }
  const bool is_own = !gate.has_measure() && gate.component().empty();
  NaiveQuestion question = Question(e, is_own ? steps : kAllSteps);
  // A component's money is all that it pays in the period.
  question.counts_all = !gate.component().empty();
  const std::optional<Rational> measure = measures_.Value(measured, question);
  if (!measure.has_value()) return false;
  Rational x = *measure;
  Rational factor = 1;
  if (gate.has_target()) {
    const v1::Measure& of = gate.has_measure() ? gate.measure() : measured;
    const std::optional<Rational> target = Target(gate.target(), of, e);
    if (gate.compare() == v1::Gate::VALUE) {
      if (!target.has_value()) return false;
      factor = *target;
    } else {
      x = NaiveAttainment(*measure, target);
    }
  }
  if (!gate.at_least().empty()) return x >= NaiveNumber(gate.at_least()) * factor;
  if (!gate.above().empty()) return x > NaiveNumber(gate.above()) * factor;
  if (!gate.at_most().empty()) return x <= NaiveNumber(gate.at_most()) * factor;
  return x < NaiveNumber(gate.below()) * factor;
}

std::optional<Rational> NaiveGroup::GatesTo(Date e, size_t steps) {
  Rational product = 1;
  bool is_zero = false;
  for (const v1::Gate& gate : component_.gates()) {
    if (Holds(gate, e, steps)) continue;
    if (gate.otherwise().empty() || absl::AsciiStrToUpper(gate.otherwise()) == "ZERO") {
      is_zero = true;
    } else {
      product *= NaiveNumber(gate.otherwise());
    }
  }
  if (is_zero) return std::nullopt;
  return product;
}

Rational NaiveGroup::MultipliersTo(Date e, size_t steps) {
  Rational product = 1;
  for (const v1::Multiplier& multiplier : component_.multipliers()) {
    const bool given = multiplier.has_measure();
    const std::optional<Rational> measure = MeasureOr(given, multiplier.measure(), e, steps);
    if (!measure.has_value()) continue;
    Rational x = *measure;
    if (multiplier.has_target()) {
      x = NaiveAttainment(
          x, Target(multiplier.target(), given ? multiplier.measure() : component_.measure(), e));
    }
    product *= MultiplierAt(multiplier, x);
  }
  return product;
}

// --- Floor and cap

int64_t NaiveGroup::CarryTo(Date e) {
  const std::vector<Date>& days =
      measures_.DaysInPlan(id_.participant, plan_.plan_id(), id_.period);
  // It is paid from the first day in the plan on: by the first segment alone.
  if (days.empty() || days.front() < id_.days.first || e < days.front()) return 0;
  return groups_.Carried(id_.participant, plan_.plan_id(), component_, id_.period,
                         id_.cancellations);
}

NaiveElements NaiveGroup::BeforeCap(Date e, size_t steps) {
  NaiveElements elements;
  const std::optional<Rational> gates = GatesTo(e, steps);
  if (gates.has_value() && HasDefinedMeasure(e, steps)) {
    const Rational multiple = *gates * MultipliersTo(e, steps);
    for (const auto& [element, amount] : PayoutTo(e, steps)) {
      elements.emplace_back(element, NaiveRound(amount * multiple * Unit(), plan_));
    }
    if (!component_.floor().empty()) {
      const int64_t floor = NaiveRound(NaiveNumber(component_.floor()) * Unit(), plan_);
      const int64_t sum = SumOf(elements);
      if (sum < floor) elements.emplace_back("floor", floor - sum);
    }
  }
  const int64_t carry = CarryTo(e);
  if (carry != 0) elements.emplace_back("carry", carry);
  return elements;
}

int64_t NaiveGroup::Cap() {
  const v1::Cap& cap = component_.cap();
  const Rational major = cap.has_amount()
                             ? NaiveNumber(cap.amount())
                             : NaiveNumber(cap.multiple_of_target_incentive()) * TargetIncentive();
  return NaiveRound(major * Unit(), plan_);
}

// What deals are attributed above the cap.
int64_t NaiveGroup::ExcessPerDeal(Date e, size_t steps, int64_t cap) {
  const std::vector<NaiveStep>& all = Steps();
  const auto sum_at = [&](size_t step) {
    const auto [it, is_new] = sums_before_cap_.try_emplace({e, step});
    if (is_new) it->second = SumOf(BeforeCap(e, step));
    return it->second;
  };
  std::map<std::string, int64_t> attributed;
  for (size_t i = 0; i < std::min(steps, all.size()) && all[i].first <= e; ++i) {
    attributed[all[i].second] += sum_at(i + 1) - sum_at(i);
  }
  int64_t excess = 0;
  for (const auto& entry : attributed) excess += std::max<int64_t>(0, entry.second - cap);
  return excess;
}

const NaiveElements& NaiveGroup::AmountsTo(Date e, size_t steps) {
  const size_t known_steps = Steps().size();
  const auto [it, is_new] = after_cap_.try_emplace({e, std::min(steps, known_steps)});
  if (!is_new) return it->second.first;
  auto& [elements, excess] = it->second;
  const std::vector<Date>& days =
      measures_.DaysInPlan(id_.participant, plan_.plan_id(), id_.period);
  if (e < id_.days.first || (!days.empty() && e < days.front())) return elements;
  elements = BeforeCap(e, steps);
  if (!component_.has_cap()) return elements;
  const int64_t cap = Cap();
  excess = component_.cap().per() == v1::Cap::DEAL ? ExcessPerDeal(e, steps, cap)
                                                   : std::max<int64_t>(0, SumOf(elements) - cap);
  int64_t left = excess;
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    const int64_t cut = std::min(left, std::max<int64_t>(0, element->second));
    element->second -= cut;
    left -= cut;
  }
  const std::string& policy = component_.cap().excess();
  const std::string upper = absl::AsciiStrToUpper(policy);
  if (!policy.empty() && upper != "FORFEIT" && upper != "CARRY") {
    elements.emplace_back("excess", NaiveRound(Rational(excess) * NaiveNumber(policy), plan_));
  }
  return elements;
}

int64_t NaiveGroup::ExcessTo(Date e, size_t steps) {
  AmountsTo(e, steps);
  return after_cap_.at({e, std::min(steps, Steps().size())}).second;
}

// --- All groups

NaiveGroup& NaiveGroups::Of(const NaiveGroupId& id) {
  std::unique_ptr<NaiveGroup>& group = groups_[{id.participant, id.component, id.period,
                                                id.days.first, id.days.last, id.cancellations}];
  if (group == nullptr) group = std::make_unique<NaiveGroup>(this, id);
  return *group;
}

NaiveGroup& NaiveGroups::For(const std::string& participant, const NaiveVersion& version,
                             const v1::Component& component, const Period& period,
                             const NaiveRun& run, int cancellations) {
  const NaiveRun whole = {period.first(), period.last()};
  return Of({participant, &version, &component, period,
             component.segment() == v1::Component::RESTART ? run : whole, cancellations});
}

std::vector<NaiveRun> NaiveGroups::Runs(const NaiveVersion& version, const Period& period) const {
  std::vector<NaiveRun> runs;
  for (Date d = period.first(); d <= period.last(); d = d + 1) {
    if (measures_.facts().VersionOn(version.plan.plan_id(), d) != &version) continue;
    if (runs.empty() || runs.back().last + 1 != d) runs.push_back({d, d});
    runs.back().last = d;
  }
  return runs;
}

int64_t NaiveGroups::Carried(const std::string& participant, const std::string& plan_id,
                             const v1::Component& into, const Period& period, int cancellations) {
  const Period previous = measures_.facts().calendar().Previous(period);
  const std::optional<Date> earliest = measures_.facts().FirstDay();
  if (!earliest.has_value() || previous.last() < *earliest) return 0;
  int64_t carried = 0;
  bool lasts = false;
  bool there = false;
  for (const NaiveVersion& version : measures_.facts().VersionsOf(plan_id)) {
    for (const v1::Component& component : version.plan.components()) {
      if (component.component_id() != into.component_id() || !component.window().empty() ||
          component.reward().ShortDebugString() != into.reward().ShortDebugString() ||
          absl::AsciiStrToUpper(component.cap().excess()) != "CARRY" ||
          !(measures_.MeasurementPeriod(component, previous.first()) == previous)) {
        continue;
      }
      const std::vector<Date>& days = measures_.DaysInPlan(participant, plan_id, previous);
      for (const NaiveRun& run : Runs(version, previous)) {
        const bool in_plan = std::any_of(days.begin(), days.end(),
                                         [&](Date d) { return run.first <= d && d <= run.last; });
        lasts = true;
        if (!in_plan) continue;
        there = true;
        NaiveGroup& group = For(participant, version, component, previous, run, cancellations);
        carried += group.ExcessTo(run.last) - group.ExcessTo(run.first - 1);
      }
    }
  }
  // What was carried into a period of absence goes on, as long as the plan lasts.
  if (!there && lasts) return Carried(participant, plan_id, into, previous, cancellations);
  return carried;
}

}  // namespace payfold_testing
