// Targets of a measurement period.
//
// Source: specification, calculation 6.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/lookup.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/statistics.h"

namespace payfold {
namespace {

const std::string* TextOf(const ParticipantState& state, const std::string& name) {
  if (name == "role") return &state.role;
  if (name == "team") return &state.team;
  if (name == "territory") return &state.territory;
  const auto at = state.attributes.find(name);
  return at == state.attributes.end() ? nullptr : &at->second;
}

// The chosen goal's target, as a number of another measure.
std::optional<Sourced> GoalTarget(const Group& group, const Rational& per_unit) {
  const Gauge& gauge = group.goal->gauge;
  if (!gauge.target.has_value()) return std::nullopt;
  Sourced target = *gauge.target;
  target.value = InPlanUnit(target.value, *gauge.taken->measure, group.currency()) * per_unit;
  target.positions.push_back(group.goal->position);
  return target;
}

}  // namespace

std::optional<Rational> Evaluator::LookUpFor(uint32_t participant, const LookupTable& table,
                                             Date day) const {
  const ParticipantState* state = reference().org->StateOn(participant, day);
  if (state == nullptr) return std::nullopt;
  const Rational* value = nullptr;
  if (table.by == kTenureMonths) {
    value = state->hired_on.has_value() ? LookUpTenure(table, WholeMonths(*state->hired_on, day))
                                        : LookUp(table, kAnyKey);
  } else {
    const std::string* text = TextOf(*state, table.by);
    value = LookUp(table, text == nullptr || text->empty() ? kAnyKey : absl::string_view(*text));
  }
  if (value == nullptr) return std::nullopt;
  return *value;
}

void Evaluator::NoteUndefined(absl::string_view kind, const Taking& taking, std::string message) {
  if (taking.component == nullptr) return;
  AddException(kind, 0,
               absl::StrCat(reference().org->Id(taking.participant), "/",
                            taking.version->program.plan_id, "/", taking.component->component_id,
                            "/", reference().calendar().Label(taking.period)),
               std::move(message));
}

void Evaluator::NoteNoGoal(const Taking& taking) {
  NoteUndefined("UNDEFINED_TARGET", taking,
                "no goal is chosen for this period; append a GoalChosen");
}

absl::StatusOr<std::optional<Sourced>> Evaluator::TargetOf(const Taking& taking, const Group& group,
                                                           const Target& target,
                                                           const Measure& measure) {
  ASSIGN_OR_RETURN(std::optional<Sourced> found, UnscaledTarget(taking, group, target, measure));
  // These are targets that are scaled already, or multiples of one.
  const bool is_scaled = target.kind == Target::Kind::kGoal || target.of_attainment;
  if (!found.has_value() || is_scaled) return found;
  const Currency currency = group.currency();
  const bool is_money = measure.is_money();
  const Rational per_unit(is_money ? currency.minor_per_major() : 1);
  ASSIGN_OR_RETURN(const Rational scaled, Scaled(found->value / per_unit, is_money, group.targets,
                                                 currency, group.rounding()));
  found->value = scaled * per_unit;
  return found;
}

absl::StatusOr<std::optional<Sourced>> Evaluator::UnscaledTarget(const Taking& taking,
                                                                 const Group& group,
                                                                 const Target& target,
                                                                 const Measure& measure) {
  const Rational per_unit(measure.is_money() ? group.currency().minor_per_major() : 1);
  const DaySet days = DaysThatCount(*InPlan(taking.participant, *taking.history),
                                    {taking.period.first(), taking.period.last()});
  switch (target.kind) {
    case Target::Kind::kFixed: {
      Rational value = target.fixed;
      if (target.table.has_value()) {
        const std::optional<Date> last = days.last();
        value = last.has_value() ? LookUpFor(taking.participant, *target.table, *last).value_or(0)
                                 : Rational(0);
      }
      return Sourced{value * per_unit, {}};
    }
    case Target::Kind::kQuota: {
      std::optional<Sourced> quota =
          QuotaOf(reference(), target.metric, taking.participant, taking.period, days);
      if (!quota.has_value()) {
        const std::string label = reference().calendar().Label(taking.period);
        NoteUndefined("UNDEFINED_TARGET", taking,
                      absl::StrCat("no quota for ", target.metric, " in ", label, " is set for ",
                                   reference().org->Id(taking.participant),
                                   ", the team or \"*\"; append a QuotaSet"));
      }
      return quota;
    }
    case Target::Kind::kPrevious: {
      const Period before = reference().calendar().Previous(taking.period);
      Taking earlier = TakingIn(taking, taking.participant, before, true);
      ASSIGN_OR_RETURN(const Taken taken, Take(earlier, measure));
      const std::optional<Rational> value = ValueAt(taken, {before.last()}, group.currency());
      if (!value.has_value()) {
        NoteUndefined("UNDEFINED_TARGET", taking,
                      absl::StrCat("the measure of the period before, ",
                                   reference().calendar().Label(before), ", has no value"));
        return std::optional<Sourced>();
      }
      return Sourced{*value * target.factor, {}};
    }
    case Target::Kind::kPopulation: {
      ASSIGN_OR_RETURN(const std::optional<Rational> value,
                       PopulationTarget(taking, group, target, measure));
      if (!value.has_value()) {
        NoteUndefined("UNDEFINED_TARGET", taking,
                      "the statistic has no value: too few people have a measure in its period");
        return std::optional<Sourced>();
      }
      return Sourced{*value, {}};
    }
    case Target::Kind::kGoal:
      if (!group.goal.has_value()) {
        NoteNoGoal(taking);
        return std::optional<Sourced>();
      }
      return GoalTarget(group, per_unit);
  }
  return std::optional<Sourced>();
}

absl::StatusOr<std::optional<Rational>> Evaluator::PopulationTarget(const Taking& taking,
                                                                    const Group& group,
                                                                    const Target& target,
                                                                    const Measure& measure) {
  const Period period =
      target.current ? taking.period : reference().calendar().Previous(taking.period);
  const Target* own = group.component->target.has_value() ? &*group.component->target : nullptr;
  std::vector<Rational> values;
  for (const uint32_t person : PeopleInPlan(taking, target.around, period.last())) {
    const Taking theirs = TakingIn(taking, person, period, !target.current);
    ASSIGN_OR_RETURN(const std::shared_ptr<const Taken> taken, TakeShared(theirs, measure));
    std::optional<Rational> value = ValueAt(*taken, {period.last()}, group.currency());
    if (!value.has_value()) continue;
    if (target.of_attainment) {
      GroupQuery query = GroupQuery::Of(group);
      query.participant = person;
      query.period = period;
      // All of the period, whatever the segment.
      query.run.first = period.first();
      query.run.last = period.last();
      Group member = StartGroup(query, group.terms);
      RETURN_IF_ERROR(SetGoal(theirs, &member));
      ASSIGN_OR_RETURN(const std::optional<Sourced> goal,
                       TargetOf(theirs, member, *own, *group.component->measure));
      value = goal.has_value() && !goal->value.is_zero() ? *value / goal->value : Rational(0);
    }
    values.push_back(*std::move(value));
  }
  // Sigma has its 9 digits in the unit in which plans state numbers.
  const Rational per_unit(
      measure.is_money() && !target.of_attainment ? group.currency().minor_per_major() : 1);
  for (Rational& value : values) value /= per_unit;
  std::optional<Rational> statistic = StatisticOf(target, std::move(values));
  if (!statistic.has_value()) return statistic;
  *statistic *= target.factor * per_unit;
  if (!target.of_attainment) return statistic;
  ASSIGN_OR_RETURN(const std::optional<Sourced> mine,
                   TargetOf(taking, group, *own, *group.component->measure));
  if (!mine.has_value()) return std::optional<Rational>();
  return *statistic * mine->value;
}

}  // namespace payfold
