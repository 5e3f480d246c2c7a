// Targets, target incentive and proration of a group.

#include <algorithm>

#include "ledger/base/check.h"
#include "tests/support/naive_group.h"

namespace payfold_testing {

using ::payfold::Date;
using ::payfold::Period;
using ::payfold::PeriodKind;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

bool NaiveGroup::Prorates(v1::Component::Prorate what) const {
  return std::find(component_.prorate().begin(), component_.prorate().end(), what) !=
         component_.prorate().end();
}

Rational NaiveGroup::ShareInPlan() const {
  const std::vector<Date>& all = measures_.DaysInPlan(id_.participant, plan_.plan_id(), id_.period);
  std::vector<Date> days;
  for (const Date d : all) {
    if (id_.days.first <= d && d <= id_.days.last) days.push_back(d);
  }
  if (days.empty()) return 1;  // of a leaver
  const bool restarts = component_.segment() == v1::Component::RESTART;
  const bool is_short = id_.period.first().AddMonths(1) > id_.period.last() + 1;
  if (plan_.prorate_by() != v1::Plan::MONTHS || restarts || is_short) {
    return Rational::Of(static_cast<int64_t>(days.size()), id_.period.days());
  }
  const auto month = [](Date d) { return d.year() * 12 + d.month(); };
  int64_t months = 0;
  for (size_t i = 0; i < days.size(); ++i) {
    if (i == 0 || month(days[i]) != month(days[i - 1])) ++months;
  }
  return Rational::Of(months, month(id_.period.last()) - month(id_.period.first()) + 1);
}

Rational NaiveGroup::Scaled(v1::Component::Prorate what, const Rational& value,
                            bool is_money) const {
  if (Prorates(what)) {
    const Rational prorated = value * ShareInPlan();
    if (!is_money) return prorated;
    return Rational(NaiveRound(prorated * minor_per_major_, plan_)) / minor_per_major_;
  }
  const bool restarts = component_.segment() == v1::Component::RESTART;
  if (!restarts) return value;
  return value * Rational::Of(id_.days.last - id_.days.first + 1, id_.period.days());
}

std::vector<Date> NaiveGroup::BlendDays() const {
  const std::vector<Date>& days =
      measures_.DaysInPlan(id_.participant, plan_.plan_id(), id_.period);
  if (!days.empty()) return days;
  const std::optional<Date> last =
      measures_.LastDayInPlan(id_.participant, plan_.plan_id(), id_.period);
  if (!last.has_value()) return {};
  return {*last};
}

std::optional<Rational> NaiveGroup::LookUp(
    const std::string& by, const google::protobuf::Map<std::string, std::string>& table) {
  std::optional<Rational> found;
  const auto default_value = table.find("*");
  if (default_value != table.end()) found = NaiveNumber(default_value->second);
  const std::optional<Date> day =
      measures_.LastDayInPlan(id_.participant, plan_.plan_id(), id_.period);
  if (!day.has_value()) return found;
  const v1::ParticipantChanged& state = *facts_.StateOn(id_.participant, *day);
  if (by == "tenure_months") {
    if (state.hired_on().empty()) return found;
    const Rational tenure = payfold::WholeMonths(*Date::Parse(state.hired_on()), *day);
    std::optional<Rational> highest;  // the lower bound reached
    for (const auto& [key, value] : table) {
      if (key == "*" || NaiveNumber(key) > tenure) continue;
      if (highest.has_value() && NaiveNumber(key) < *highest) continue;
      highest = NaiveNumber(key);
      found = NaiveNumber(value);
    }
    return found;
  }
  std::string value;
  if (by == "role") {
    value = state.role();
  } else if (by == "team") {
    value = state.team();
  } else if (by == "territory") {
    value = state.territory();
  } else if (state.attributes().count(by) > 0) {
    value = state.attributes().at(by);
  }
  const auto entry = table.find(value);
  if (!value.empty() && entry != table.end()) return NaiveNumber(entry->second);
  return found;
}

std::optional<Rational> NaiveGroup::TableValue(const v1::FixedTarget& fixed) {
  if (fixed.by().empty()) return NaiveNumber(fixed.value());
  return LookUp(fixed.by(), fixed.table()).value_or(0);
}

std::optional<Rational> NaiveGroup::BlendedQuota(const std::string& metric, bool is_money) {
  const std::vector<Date> days = BlendDays();
  if (days.empty()) return std::nullopt;
  std::map<std::string, std::optional<Rational>> quota_of_team;
  Rational sum;
  for (const Date d : days) {
    const std::string& team = facts_.StateOn(id_.participant, d)->team();
    const auto [it, is_new] = quota_of_team.try_emplace(team);
    if (is_new) it->second = facts_.Quota(metric, id_.participant, team, id_.period);
    if (!it->second.has_value()) return std::nullopt;
    sum += *it->second;
  }
  const Rational average = sum / Rational(static_cast<int64_t>(days.size()));
  return is_money ? average / minor_per_major_ : average;
}

std::optional<Rational> NaiveGroup::TargetTo(Date e) {
  if (!component_.has_target()) return std::nullopt;
  return Target(component_.target(), component_.measure(), e);
}

std::optional<Rational> NaiveGroup::Target(const v1::Target& target, const v1::Measure& measure,
                                           Date e) {
  const bool is_money = IsMoney(measure);
  std::optional<Rational> value;
  switch (target.kind_case()) {
    case v1::Target::kFixed:
      value = TableValue(target.fixed());
      break;
    case v1::Target::kQuota:
      value = BlendedQuota(target.quota().metric(), is_money);
      break;
    case v1::Target::kPrevious: {
      NaiveQuestion question = Question(e, kAllSteps);
      question.period = facts_.calendar().Previous(id_.period);
      question.from = question.period.first();
      question.to = question.period.last();
      question.counts_all = true;
      value = measures_.Value(measure, question);
      if (value.has_value() && !target.previous().factor().empty()) {
        *value *= NaiveNumber(target.previous().factor());
      }
      break;
    }
    case v1::Target::kPopulation:
      value = Population(target.population(), measure, e);
      // It is a multiple of the own target, which is prorated already.
      if (target.population().of() == v1::PopulationTarget::ATTAINMENT) return value;
      break;
    case v1::Target::kGoal: {
      const v1::Goal* goal = ChosenGoal();
      if (goal == nullptr || !goal->has_target()) return std::nullopt;
      return Target(goal->target(), goal->has_measure() ? goal->measure() : component_.measure(),
                    e);
    }
    default:
      return std::nullopt;
  }
  if (!value.has_value()) return std::nullopt;
  return Scaled(v1::Component::TARGET, *value, is_money);
}

Rational NaiveGroup::TargetIncentive() {
  if (incentive_.has_value()) return *incentive_;
  Rational sum;
  const std::vector<Date> days = BlendDays();
  for (const Date d : days) {
    const v1::PlanAssigned* assignment = facts_.AssignmentOn(plan_.plan_id(), id_.participant, d);
    if (assignment == nullptr || !assignment->has_target_incentive()) continue;
    if (assignment->target_incentive().currency() != plan_.currency()) continue;
    sum += assignment->target_incentive().minor_units();
  }
  if (days.empty()) return 0;
  const Rational annual = sum / Rational(static_cast<int64_t>(days.size())) / minor_per_major_;
  const Rational weight = component_.weight().empty() ? 1 : NaiveNumber(component_.weight());
  incentive_ = Scaled(v1::Component::AMOUNTS, annual * ShareOfYear() * weight, true);
  return *incentive_;
}

Rational NaiveGroup::ShareOfYear() const {
  if (!component_.target_weights().empty()) {
    const std::string label = facts_.calendar().Label(id_.period);
    constexpr size_t kYearAndDash = 5;
    if (id_.period.kind() == PeriodKind::kWindow || label.size() < kYearAndDash) return 0;
    const auto found = component_.target_weights().find(label.substr(kYearAndDash));
    return found == component_.target_weights().end() ? Rational(0) : NaiveNumber(found->second);
  }
  switch (id_.period.kind()) {
    case PeriodKind::kHalfMonth:
      return Rational::Of(1, 24);
    case PeriodKind::kMonth:
      return Rational::Of(1, 12);
    case PeriodKind::kQuarter:
      return Rational::Of(3, 12);
    case PeriodKind::kHalf:
      return Rational::Of(6, 12);
    case PeriodKind::kYear:
      return 1;
    default:
      return Rational::Of(id_.period.days(), facts_.calendar().FiscalYearOf(id_.period).days());
  }
}

}  // namespace payfold_testing
