#include "projections/earnings/taken.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace payfold {
namespace {

using Facts = std::vector<Contribution>;

Facts::const_iterator EndOf(const Facts& facts, const Cut& cut) {
  return std::partition_point(facts.begin(), facts.end(), [&](const Contribution& fact) {
    return fact.date <= cut.day && fact.order <= cut.order;
  });
}

Rational Total(const Taken& taken, const Cut& cut) {
  const auto end = EndOf(taken.facts, cut);
  if (end == taken.facts.begin()) return 0;
  return taken.totals[static_cast<size_t>(end - taken.facts.begin()) - 1];
}

// Distinct texts among deals (or facts) that were not cancelled in full.
Rational Distinct(Facts::const_iterator begin, Facts::const_iterator end) {
  std::set<const Deal*> cancelled;
  for (auto fact = begin; fact != end; ++fact) {
    if (fact->in_full) cancelled.insert(fact->deal.get());
  }
  std::set<std::string> texts;
  for (auto fact = begin; fact != end; ++fact) {
    const bool counts = fact->deal == nullptr || cancelled.count(fact->deal.get()) == 0;
    if (counts && !fact->text.empty()) texts.insert(fact->text);
  }
  return Rational(absl::int128(texts.size()));
}

Rational NetPromoterScore(Facts::const_iterator begin, Facts::const_iterator end) {
  int64_t promoters = 0;
  int64_t detractors = 0;
  for (auto fact = begin; fact != end; ++fact) {
    if (fact->value >= Rational(9)) ++promoters;
    if (fact->value <= Rational(6)) ++detractors;
  }
  return Rational::Of(absl::int128(100) * (promoters - detractors), end - begin);
}

// The value of the latest date, the highest of several.
Rational Last(Facts::const_iterator begin, Facts::const_iterator end) {
  auto last = std::prev(end);
  Rational value = last->value;
  for (auto fact = begin; fact != end; ++fact) {
    if (fact->date == last->date) value = Max(value, fact->value);
  }
  return value;
}

std::optional<Rational> MetricAt(const Taken& taken, const Cut& cut) {
  const Aggregate aggregate = taken.measure->aggregate;
  if (aggregate == Aggregate::kSum || aggregate == Aggregate::kCount) return Total(taken, cut);
  const auto begin = taken.facts.begin();
  const auto end = EndOf(taken.facts, cut);
  if (aggregate == Aggregate::kCountDistinct) return Distinct(begin, end);
  if (begin == end) return std::nullopt;
  const auto by_value = [](const Contribution& a, const Contribution& b) {
    return a.value < b.value;
  };
  switch (aggregate) {
    case Aggregate::kMin:
      return std::min_element(begin, end, by_value)->value;
    case Aggregate::kMax:
      return std::max_element(begin, end, by_value)->value;
    case Aggregate::kLast:
      return Last(begin, end);
    case Aggregate::kNps:
      return NetPromoterScore(begin, end);
    default: {
      Rational sum;
      for (auto fact = begin; fact != end; ++fact) sum += fact->value;
      return sum / Rational(absl::int128(end - begin));
    }
  }
}

std::optional<Rational> PartInPlanUnit(const Taken& part, const Cut& cut, Currency currency) {
  const std::optional<Rational> value = ValueAt(part, cut, currency);
  if (!value.has_value()) return std::nullopt;
  return InPlanUnit(*value, *part.measure, currency);
}

std::optional<Rational> RatioAt(const Taken& taken, const Cut& cut, Currency currency) {
  const std::optional<Rational> above = PartInPlanUnit(taken.parts[0], cut, currency);
  const std::optional<Rational> below = PartInPlanUnit(taken.parts[1], cut, currency);
  if (!above.has_value() || !below.has_value() || below->is_zero()) return std::nullopt;
  return *above / *below;
}

std::optional<Rational> GrowthAt(const Taken& taken, const Cut& cut, Currency currency) {
  const std::optional<Rational> now = ValueAt(taken.parts[0], cut, currency);
  if (!now.has_value() || !taken.before.has_value() || taken.before->sign() <= 0) {
    return std::nullopt;
  }
  return (*now - *taken.before) / *taken.before;
}

std::optional<Rational> SumAt(const Taken& taken, const Cut& cut, Currency currency) {
  const bool is_money = taken.measure->is_money();
  Rational sum;
  for (size_t i = 0; i < taken.parts.size(); ++i) {
    const Taken& part = taken.parts[i];
    const std::optional<Rational> value =
        is_money ? ValueAt(part, cut, currency) : PartInPlanUnit(part, cut, currency);
    if (!value.has_value()) return std::nullopt;
    sum += *value * taken.measure->weights[i];
  }
  return sum;
}

std::optional<Rational> LevelAt(const Taken& taken, Date day) {
  std::optional<Rational> value;
  for (const auto& [from, level] : taken.levels) {
    if (from <= day) value = level;
  }
  return value;
}

// How many of the sub-periods that have ended reach what they must.
std::optional<Rational> PeriodsAt(const Taken& taken, const Cut& cut, Currency currency) {
  int64_t reached = 0;
  int64_t ended = 0;
  for (size_t i = 0; i < taken.parts.size(); ++i) {
    if (cut.day < taken.sub_periods[i].last()) continue;
    ++ended;
    const std::optional<Rational> value = PartInPlanUnit(taken.parts[i], cut, currency);
    if (value.has_value() && *value >= taken.measure->at_least) ++reached;
  }
  if (!taken.measure->share) return Rational(reached);
  if (ended == 0) return std::nullopt;
  return Rational::Of(reached, ended);
}

template <typename TakenType, typename Visit>
void ForEachDeal(TakenType* taken, const Visit& visit) {
  for (auto& fact : taken->facts) {
    if (fact.deal != nullptr) visit(&fact);
  }
  for (auto& part : taken->parts) ForEachDeal(&part, visit);
}

}  // namespace

void Taken::AddUp() {
  if (!measure->is_additive()) return;
  totals.clear();
  totals.reserve(facts.size());
  Rational total;
  for (const Contribution& fact : facts) totals.push_back(total += fact.value);
}

std::optional<Rational> ValueAt(const Taken& taken, const Cut& cut, Currency currency) {
  switch (taken.measure->kind) {
    case Measure::Kind::kDeals:
      if (taken.measure->value == DealValue::kCountDistinct) {
        return Distinct(taken.facts.begin(), EndOf(taken.facts, cut));
      }
      return Total(taken, cut);
    case Measure::Kind::kEarnings:
      return Total(taken, cut);
    case Measure::Kind::kMetric:
      return MetricAt(taken, cut);
    case Measure::Kind::kRatio:
      return RatioAt(taken, cut, currency);
    case Measure::Kind::kGrowth:
      return GrowthAt(taken, cut, currency);
    case Measure::Kind::kSum:
      return SumAt(taken, cut, currency);
    case Measure::Kind::kPeriods:
      return PeriodsAt(taken, cut, currency);
    case Measure::Kind::kAttribute:
      return LevelAt(taken, cut.day);
  }
  return std::nullopt;
}

Rational InPlanUnit(const Rational& value, const Measure& measure, Currency currency) {
  return measure.is_money() ? value / Rational(currency.minor_per_major()) : value;
}

std::vector<const Contribution*> NumberDeals(Taken* taken) {
  using Key = std::tuple<Date, std::string, uint32_t>;
  std::map<Key, uint32_t> places;
  const auto key_of = [](const Contribution& fact) {
    return Key(fact.date, fact.deal->deal_id, fact.base);
  };
  ForEachDeal(taken, [&](Contribution* fact) { places[key_of(*fact)] = 0; });
  uint32_t order = 0;
  for (auto& [key, place] : places) place = ++order;
  ForEachDeal(taken, [&](Contribution* fact) { fact->order = places[key_of(*fact)]; });
  return NumberedDeals(*taken);
}

std::vector<const Contribution*> NumberedDeals(const Taken& taken) {
  std::vector<const Contribution*> facts;
  ForEachDeal(&taken, [&](const Contribution* fact) { facts.push_back(fact); });
  std::stable_sort(facts.begin(), facts.end(), [](const Contribution* a, const Contribution* b) {
    return a->order < b->order;
  });
  return facts;
}

bool HasCancellation(const Taken& taken, Date first, Date last) {
  // Distinct values are taken back of the deals that are measured, of no others.
  const bool is_distinct = taken.measure->kind == Measure::Kind::kDeals &&
                           taken.measure->value == DealValue::kCountDistinct;
  const auto is_measured = [&](const Contribution& cancellation) {
    return !is_distinct ||
           std::any_of(taken.facts.begin(), taken.facts.end(), [&](const Contribution& fact) {
             return fact.deal == cancellation.deal && !fact.cancels;
           });
  };
  const bool here =
      std::any_of(taken.facts.begin(), taken.facts.end(), [&](const Contribution& fact) {
        return fact.cancels && first <= fact.date && fact.date <= last && !fact.value.is_zero() &&
               is_measured(fact);
      });
  return here || std::any_of(taken.parts.begin(), taken.parts.end(),
                             [&](const Taken& part) { return HasCancellation(part, first, last); });
}

}  // namespace payfold
