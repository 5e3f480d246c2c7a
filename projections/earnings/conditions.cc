#include "projections/earnings/conditions.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/money/decimal.h"

namespace payfold {
namespace {

bool Compares(Condition::Test test, const Rational& value, const Rational& bound) {
  switch (test) {
    case Condition::Test::kAtLeast:
      return value >= bound;
    case Condition::Test::kAbove:
      return value > bound;
    case Condition::Test::kAtMost:
      return value <= bound;
    case Condition::Test::kBelow:
      return value < bound;
    default:
      return false;
  }
}

bool MatchesOne(const Condition& condition, AttributeOf attribute) {
  if (condition.test == Condition::Test::kAny) {
    return std::any_of(
        condition.any.begin(), condition.any.end(),
        [&](const std::vector<Condition>& list) { return MatchesAll(list, attribute); });
  }
  std::string scratch;
  const std::string* value = attribute(condition.attribute, &scratch);
  const bool listed =
      value != nullptr &&
      std::find(condition.values.begin(), condition.values.end(), *value) != condition.values.end();
  if (condition.test == Condition::Test::kNoneOf) return !listed;
  if (condition.test == Condition::Test::kAnyOf) return listed;
  if (value == nullptr) return false;
  const absl::StatusOr<Decimal> number = Decimal::Parse(*value);
  return number.ok() && Compares(condition.test, Rational(*number), condition.bound);
}

std::string Wanted(const Condition& condition) {
  const std::string values = absl::StrJoin(condition.values, " or ");
  switch (condition.test) {
    case Condition::Test::kAnyOf:
      return values;
    case Condition::Test::kNoneOf:
      return absl::StrCat("anything but ", values);
    case Condition::Test::kAtLeast:
      return absl::StrCat("at least ", condition.bound.ToText(9));
    case Condition::Test::kAbove:
      return absl::StrCat("above ", condition.bound.ToText(9));
    case Condition::Test::kAtMost:
      return absl::StrCat("at most ", condition.bound.ToText(9));
    case Condition::Test::kBelow:
      return absl::StrCat("below ", condition.bound.ToText(9));
    case Condition::Test::kAny:
      return "one of the alternatives";
  }
  return "";
}

}  // namespace

bool MatchesAll(const std::vector<Condition>& conditions, AttributeOf attribute) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&](const Condition& condition) { return MatchesOne(condition, attribute); });
}

bool MatchesAll(const std::vector<Condition>& conditions, const Deal& deal) {
  return MatchesAll(conditions, [&](absl::string_view name, std::string* scratch) {
    return deal.Attribute(name, scratch);
  });
}

bool MatchesAll(const std::vector<Condition>& conditions, const MetricFact& metric) {
  return MatchesAll(conditions,
                    [&](absl::string_view name, std::string*) { return metric.Dimension(name); });
}

std::string WhyLeftOut(const std::vector<Condition>& conditions, const Deal& deal) {
  const auto attribute = [&](absl::string_view name, std::string* scratch) {
    return deal.Attribute(name, scratch);
  };
  for (const Condition& condition : conditions) {
    if (MatchesOne(condition, attribute)) continue;
    if (condition.test == Condition::Test::kAny) return "none of the alternatives holds";
    std::string scratch;
    const std::string* value = deal.Attribute(condition.attribute, &scratch);
    return absl::StrCat(condition.attribute, " is ", value == nullptr ? "missing" : *value,
                        ", not ", Wanted(condition));
  }
  return "";
}

}  // namespace payfold
