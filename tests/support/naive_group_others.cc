// What a group takes from other participants: statistics of a population, ranks
// and pools.

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "tests/support/naive_group.h"

namespace payfold_testing {
namespace {

using ::payfold::Date;
using ::payfold::Period;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

int64_t Floor(const Rational& value) {
  const absl::StatusOr<int64_t> floor = value.Floor();
  CHECK(floor.ok());
  return *floor;
}

// The square root, rounded down to 9 digits after the point.
Rational RootDown(const Rational& square) {
  const Rational nanos = 1'000'000'000;
  const Rational wanted = square * nanos * nanos;
  int64_t low = 0;
  int64_t high = 4'000'000'000'000'000'000;  // its square is above `wanted`
  while (low + 1 < high) {
    const int64_t middle = low + (high - low) / 2;
    if (Rational(middle) * Rational(middle) <= wanted) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return Rational(low) / nanos;
}

Rational Mean(const std::vector<Rational>& values) {
  Rational sum;
  for (const Rational& value : values) sum += value;
  return sum / static_cast<int64_t>(values.size());
}

// The statistic of values in ascending order; none of too few.
std::optional<Rational> Statistic(const v1::PopulationTarget& target,
                                  const std::vector<Rational>& values) {
  const int64_t n = static_cast<int64_t>(values.size());
  if (n == 0) return std::nullopt;
  const Rational argument = NaiveNumber(target.argument());
  const auto from_below = [&](int64_t k) { return values[static_cast<size_t>(k - 1)]; };
  switch (target.stat()) {
    case v1::PopulationTarget::MAX:
      return values.back();
    case v1::PopulationTarget::MIN:
      return values.front();
    case v1::PopulationTarget::RANK: {
      const int64_t k = Floor(argument);
      if (k > n) return std::nullopt;
      return from_below(n - k + 1);
    }
    case v1::PopulationTarget::PERCENTILE:
      return from_below(-Floor(-(argument * n / Rational(100))));
    case v1::PopulationTarget::MEAN_PLUS_SIGMA: {
      const Rational mean = Mean(values);
      std::vector<Rational> squares;
      for (const Rational& value : values) squares.push_back((value - mean) * (value - mean));
      return mean + argument * RootDown(Mean(squares));
    }
    default:
      return Mean(values);
  }
}

}  // namespace

// Those in the plan on a day and around the participant on it; left out, all.
std::vector<std::string> NaiveGroup::PeopleInPlan(v1::Scope around, Date d) const {
  std::vector<std::string> people;
  for (const std::string& other : facts_.participants()) {
    if (!measures_.InPlan(other, plan_.plan_id(), d)) continue;
    if (around == v1::SCOPE_UNSPECIFIED || around == v1::COMPANY ||
        facts_.InScope(id_.participant, around, other, d)) {
      people.push_back(other);
    }
  }
  return people;
}

NaiveGroup& NaiveGroup::GroupOf(const std::string& other, const Period& period,
                                const NaiveRun& days) {
  return groups_.Of({other, id_.version, id_.component, period, days, id_.cancellations});
}

std::optional<Rational> NaiveGroup::Population(const v1::PopulationTarget& target,
                                               const v1::Measure& measure, Date e) {
  const bool is_current = target.period() == v1::PopulationTarget::CURRENT;
  const bool of_attainment = target.of() == v1::PopulationTarget::ATTAINMENT;
  const Period period = is_current ? id_.period : facts_.calendar().Previous(id_.period);
  const NaiveRun days = {period.first(), period.last()};  // whatever the segment
  const Date to = period.last();
  std::vector<Rational> values;
  for (const std::string& other : PeopleInPlan(target.scope(), period.last())) {
    std::optional<Rational> value;
    NaiveGroup& group = GroupOf(other, period, days);
    if (of_attainment || &measure == &component_.measure()) {
      value = group.MeasureTo(to, !is_current);
    } else {
      NaiveQuestion question = Question(to, kAllSteps);
      question.around.participant = other;
      question.period = period;
      question.from = days.first;
      question.counts_all = !is_current;
      value = measures_.Value(measure, question);
    }
    if (!value.has_value()) continue;
    if (of_attainment) value = NaiveAttainment(*value, group.TargetTo(to));
    values.push_back(*value);
  }
  std::sort(values.begin(), values.end());
  std::optional<Rational> statistic = Statistic(target, values);
  if (!statistic.has_value()) return std::nullopt;
  if (!target.factor().empty()) *statistic *= NaiveNumber(target.factor());
  if (!of_attainment) return statistic;
  const std::optional<Rational> own = TargetTo(e);
  if (!own.has_value()) return std::nullopt;
  return *statistic * *own;
}

NaiveGroup::Exact NaiveGroup::RankTo(Date e, size_t steps) {
  const v1::Rank& rank = component_.payout().rank();
  const Date last = id_.period.last();
  const std::vector<std::string> people = PeopleInPlan(rank.population(), last);
  if (std::find(people.begin(), people.end(), id_.participant) == people.end()) return {};
  std::optional<Rational> own = MeasureOr(false, {}, e, steps);
  if (steps >= Steps().size()) {
    own = GroupOf(id_.participant, id_.period, id_.days).MeasureTo(e);
  }
  if (!own.has_value() || own->sign() <= 0) return {};
  int place = 1;
  for (const std::string& other : people) {
    if (other == id_.participant) continue;
    const std::optional<Rational> theirs = GroupOf(other, id_.period, id_.days).MeasureTo(e);
    if (theirs.has_value() && *theirs > *own) ++place;
  }
  if (place > rank.awards_size()) return {};
  return {{absl::StrCat("award", place), NaiveNumber(rank.awards(place - 1))}};
}

// --- Pools

std::optional<Rational> NaiveGroup::PoolTarget(const NaiveQuestion& question) {
  if (!component_.has_target()) return std::nullopt;
  const v1::Target& target = component_.target();
  const bool is_money = IsMoney(component_.measure());
  std::optional<Rational> value;
  if (target.has_fixed()) {
    const auto& table = target.fixed().table();
    const auto own = table.find(question.around.unit);
    const auto entry = own == table.end() ? table.find("*") : own;
    value = target.fixed().by().empty() ? NaiveNumber(target.fixed().value())
            : entry == table.end()      ? Rational(0)
                                        : NaiveNumber(entry->second);
  } else if (target.has_quota()) {
    const std::string team = question.around.scope == v1::TEAM ? question.around.unit : "";
    value = facts_.Quota(target.quota().metric(), "", team, id_.period);
    if (value.has_value() && is_money) *value /= minor_per_major_;
  } else if (target.has_previous()) {
    NaiveQuestion before = question;
    before.period = facts_.calendar().Previous(id_.period);
    before.from = before.period.first();
    before.to = before.period.last();
    v1::Measure measure = component_.measure();
    measure.set_scope(before.around.scope);
    value = measures_.Value(measure, before);
    if (value.has_value() && !target.previous().factor().empty()) {
      *value *= NaiveNumber(target.previous().factor());
    }
  }
  if (!value.has_value() || component_.segment() != v1::Component::RESTART) return value;
  return *value * Rational::Of(id_.days.last - id_.days.first + 1, id_.period.days());
}

Rational NaiveGroup::PoolWeight(const std::string& member, Date e) {
  const v1::Pool& pool = component_.payout().pool();
  const Date last = id_.period.last();
  NaiveGroup& group = GroupOf(member, id_.period, id_.days);
  switch (pool.share()) {
    case v1::Pool::BY_MEASURE: {
      NaiveQuestion question = group.Question(e, kAllSteps);
      question.around.scope = v1::OWN;
      v1::Measure own = group.component_.measure();
      own.clear_scope();
      return Max(0, measures_.Value(own, question).value_or(0));
    }
    case v1::Pool::BY_TARGET_INCENTIVE:
      return group.TargetIncentive();
    case v1::Pool::BY_ATTRIBUTE:
      return Max(0, measures_.Attribute(member, pool.attribute(), last).value_or(0));
    default:
      return 1;
  }
}

Rational NaiveGroup::PoolTo(Date e) {
  const v1::Pool& pool = component_.payout().pool();
  const Date last = id_.period.last();
  const v1::ParticipantChanged* state = facts_.StateOn(id_.participant, last);
  if (state == nullptr || !measures_.InPlan(id_.participant, plan_.plan_id(), last)) return 0;
  NaiveQuestion question = Question(e, kAllSteps);
  question.counts_all = true;
  v1::Scope& scope = question.around.scope;
  scope = NaiveScope(component_.scope(), component_.measure().scope());
  if (scope == v1::OWN) scope = v1::COMPANY;
  if (scope == v1::TEAM) question.around.unit = state->team();
  if (scope == v1::TERRITORY) question.around.unit = state->territory();
  const bool is_reports = scope == v1::REPORTS || scope == v1::REPORTS_AND_SELF;
  if (is_reports) question.around.participant = state->manager_id();
  const bool is_of_nobody =
      (scope == v1::TEAM || scope == v1::TERRITORY) && question.around.unit.empty();
  if (is_of_nobody || (is_reports && state->manager_id().empty())) return 0;

  std::optional<Rational> measured = 0;  // where none is needed
  if (component_.has_measure()) {
    v1::Measure measure = component_.measure();
    measure.set_scope(scope);
    measured = measures_.Value(measure, question);
  }
  if (!measured.has_value()) return 0;
  Rational size =
      pool.has_amount() ? NaiveNumber(pool.amount()) : NaiveNumber(pool.rate()) * *measured;
  if (pool.scale() == v1::Pool::ATTAINMENT) {
    size *= NaiveAttainment(*measured, PoolTarget(question));
  }
  std::vector<std::string> members;
  std::vector<Rational> weights;
  for (const std::string& other : PeopleInPlan(v1::COMPANY, last)) {
    const v1::ParticipantChanged* theirs = facts_.StateOn(other, last);
    const bool belongs = scope == v1::TEAM        ? theirs->team() == state->team()
                         : scope == v1::TERRITORY ? theirs->territory() == state->territory()
                         : is_reports             ? theirs->manager_id() == state->manager_id()
                                                  : true;
    if (!belongs) continue;
    if (!GroupOf(other, id_.period, id_.days).GatesTo(e).has_value()) continue;
    members.push_back(other);
    weights.push_back(PoolWeight(other, e));
  }
  const std::vector<int64_t> parts = NaiveSplit(NaiveRound(size * Unit(), plan_), weights);
  for (size_t i = 0; i < members.size(); ++i) {
    if (members[i] == id_.participant) return parts[i];
  }
  return 0;
}

}  // namespace payfold_testing
