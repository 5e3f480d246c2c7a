// Targets of every kind.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/plan/compile_parts.h"
#include "ledger/plan/lookup.h"
#include "ledger/plan/measure_range.h"

namespace payfold {
namespace {

// A number that a measure is held against.
Rational ReadTarget(const std::string& text, const TargetFor& target_for, const std::string& path,
                    Compilation* c) {
  const std::optional<Rational> number = ReadEdge(text, false, target_for.measure, path, c);
  if (!number.has_value()) return 0;
  if (number->sign() <= 0) {
    c->findings.Warning(path, absl::StrCat("a target of ", text,
                                           " makes no sense as a goal: attainment is 0 or negative "
                                           "for whoever sells"));
  } else if (target_for.measure != nullptr) {
    const MeasureRange range = RangeOf(*target_for.measure, std::nullopt);
    if (range.high.has_value() && *number > *range.high) {
      c->findings.Warning(path, absl::StrCat("a target of ", text,
                                             " can never be reached: what is measured is at most ",
                                             range.high->ToText(9)));
    }
  }
  return *number;
}

// Who matches no key has a target of 0, and earns nothing on attainment.
void WarnGap(const LookupTable& table, const std::string& path, Compilation* c) {
  if (table.by.empty() || table.values.count(std::string(kAnyKey)) > 0) return;
  if (table.by == kTenureMonths && table.values.count("0") > 0) return;
  const auto& roles = c->plan.eligibility().roles();
  const bool covers_all = table.by == "role" && !roles.empty() &&
                          std::all_of(roles.begin(), roles.end(), [&](const std::string& role) {
                            return table.values.count(role) > 0;
                          });
  if (covers_all) return;
  c->findings.Warning(path, absl::StrCat("has no key `*`: whose ", table.by,
                                         " is not named has a target of 0, so an attainment of 0"));
}

std::optional<Target> CompileFixed(const v1::FixedTarget& fixed, const TargetFor& target_for,
                                   const std::string& path, Compilation* c) {
  Target result;
  const std::string table = Child(path, "table");
  if (!fixed.value().empty()) {
    result.fixed = ReadTarget(fixed.value(), target_for, Child(path, "value"), c);
    if (!fixed.by().empty() || !fixed.table().empty()) {
      c->findings.Error(path,
                        "states both one number and a table: remove one; the number for "
                        "others stands in the table under the key `*`");
    }
    return result;
  }
  if (fixed.by().empty() && fixed.table().empty()) {
    c->findings.Error(path,
                      "states no number: write fixed: 75000, or {by: role, table: {AE: 75000}}");
    return std::nullopt;
  }
  if (fixed.by().empty()) {
    c->findings.Error(Child(path, "by"),
                      "is required by the table: tenure_months, role, team, territory or an "
                      "attribute of the participant");
  }
  if (fixed.table().empty()) {
    c->findings.Error(table,
                      "is required by `by`: give a number for each value, as in {AE: 75000}");
    return std::nullopt;
  }
  const auto read = [&](const std::string& text, const std::string& here) {
    return ReadTarget(text, target_for, here, c);
  };
  result.table = CompileTable(fixed.by(), fixed.table(), read, table, &c->findings);
  WarnGap(*result.table, table, c);
  return result;
}

Rational ReadFactor(const std::string& text, const std::string& path, Compilation* c) {
  if (text.empty()) return 1;
  const std::optional<Rational> factor = c->findings.ReadShare(text, path);
  if (factor.has_value() && factor->sign() <= 0) {
    c->findings.Error(path, absl::StrCat(text, " is not above 0, so there would be no target"));
  }
  return factor.value_or(1);
}

std::optional<Target::Stat> CompileStat(v1::PopulationTarget::Stat stat) {
  switch (stat) {
    case v1::PopulationTarget::MEAN:
      return Target::Stat::kMean;
    case v1::PopulationTarget::MAX:
      return Target::Stat::kMax;
    case v1::PopulationTarget::MIN:
      return Target::Stat::kMin;
    case v1::PopulationTarget::RANK:
      return Target::Stat::kRank;
    case v1::PopulationTarget::PERCENTILE:
      return Target::Stat::kPercentile;
    case v1::PopulationTarget::MEAN_PLUS_SIGMA:
      return Target::Stat::kMeanPlusSigma;
    default:
      return std::nullopt;
  }
}

// What is in the parentheses of RANK(3).
Rational ReadArgument(const v1::PopulationTarget& population, Target::Stat stat,
                      const std::string& path, Compilation* c) {
  const std::string& text = population.argument();
  const std::string& name = v1::PopulationTarget::Stat_Name(population.stat());
  const bool takes_one = stat == Target::Stat::kRank || stat == Target::Stat::kPercentile ||
                         stat == Target::Stat::kMeanPlusSigma;
  if (text.empty() || !takes_one) {
    if (takes_one) {
      c->findings.Error(path, absl::StrCat("is required by ", name, ": write ", name, "(n)"));
    } else if (!text.empty()) {
      c->findings.Error(path, absl::StrCat("has no meaning for ", name, ": remove it"));
    }
    return 1;
  }
  const std::optional<Rational> argument = c->findings.ReadDecimal(text, path);
  if (!argument.has_value()) return 1;
  const auto floor = argument->Floor();
  const bool is_whole = floor.ok() && Rational(*floor) == *argument;
  if (stat == Target::Stat::kRank && (!is_whole || argument->sign() <= 0)) {
    c->findings.Error(path, absl::StrCat("RANK(", text, "): a rank is a whole number from 1 on"));
  }
  if (stat == Target::Stat::kPercentile && (argument->sign() <= 0 || *argument > Rational(100))) {
    c->findings.Error(
        path, absl::StrCat("PERCENTILE(", text, "): a percentile is above 0 and at most 100"));
  }
  return *argument;
}

// Attainments are of the component's target, which `target_for` must not be.
void CheckOfAttainment(const TargetFor& target_for, const Component& so_far,
                       const std::string& path, Compilation* c) {
  if (target_for.is_components) {
    c->findings.Error(path,
                      "ATTAINMENT is of the component's target, which this is itself: use MEASURE");
  } else if (!c->source().has_target()) {
    c->findings.Error(path,
                      "ATTAINMENT is of the component's target, and it has none: add `target` to "
                      "the component, or use MEASURE");
  } else if (target_for.measure != nullptr && so_far.measure.has_value() &&
             target_for.measure->is_money() != so_far.measure->is_money()) {
    c->findings.Error(path,
                      "ATTAINMENT gives a target in the unit of the component's measure, and what "
                      "is measured here is money where that is a number, or the other way round");
  }
}

std::optional<Target> CompilePopulation(const v1::PopulationTarget& population,
                                        const TargetFor& target_for, const std::string& path,
                                        Compilation* c) {
  Target result;
  result.kind = Target::Kind::kPopulation;
  const std::optional<Target::Stat> stat = CompileStat(population.stat());
  if (!stat.has_value()) {
    c->findings.Error(Child(path, "stat"),
                      "is required: MEAN, MAX, MIN, RANK(k), PERCENTILE(p) or MEAN_PLUS_SIGMA(k)");
    return std::nullopt;
  }
  result.stat = *stat;
  result.argument = ReadArgument(population, *stat, Child(path, "argument"), c);
  result.of_attainment = population.of() == v1::PopulationTarget::ATTAINMENT;
  if (result.of_attainment) {
    CheckOfAttainment(target_for, *c->so_far, Child(path, "of"), c);
  }
  result.current = population.period() == v1::PopulationTarget::CURRENT;
  result.around = CompileScope(population.scope(), Scope::kCompany);
  if (result.around == Scope::kOwn) {
    c->findings.Warning(Child(path, "scope"),
                        "OWN compares everybody with themselves alone: name TEAM, TERRITORY, "
                        "REPORTS or COMPANY");
  }
  result.factor = ReadFactor(population.factor(), Child(path, "factor"), c);
  return result;
}

std::optional<Target> CompileGoalTarget(const TargetFor& target_for, const std::string& path,
                                        Compilation* c) {
  if (target_for.is_goals) {
    c->findings.Error(path, "is the chosen goal's target, which this is itself: state a number");
    return std::nullopt;
  }
  if (c->source().goals().empty()) {
    c->findings.Error(path, "is the chosen goal's, and the component has no `goals`: add some");
  }
  c->seen.goal_target = true;
  Target result;
  result.kind = Target::Kind::kGoal;
  return result;
}

std::optional<Target> CompileKindOfTarget(const v1::Target& target, const TargetFor& target_for,
                                          const std::string& path, Compilation* c) {
  Target result;
  switch (target.kind_case()) {
    case v1::Target::kFixed:
      return CompileFixed(target.fixed(), target_for, Child(path, "fixed"), c);
    case v1::Target::kQuota:
      result.kind = Target::Kind::kQuota;
      result.metric = target.quota().metric();
      c->findings.CheckId(result.metric, Child(Child(path, "quota"), "metric"));
      return result;
    case v1::Target::kPrevious:
      result.kind = Target::Kind::kPrevious;
      result.factor =
          ReadFactor(target.previous().factor(), Child(Child(path, "previous"), "factor"), c);
      return result;
    case v1::Target::kPopulation:
      return CompilePopulation(target.population(), target_for, Child(path, "population"), c);
    case v1::Target::kGoal:
      return CompileGoalTarget(target_for, Child(path, "goal"), c);
    case v1::Target::KIND_NOT_SET:
      break;
  }
  c->findings.Error(
      path,
      "names no kind of target: give one of fixed, quota, previous, population, goal, "
      "as in {fixed: 75000} or {quota: bookings}");
  return std::nullopt;
}

}  // namespace

std::optional<Target> CompileTarget(const v1::Target& target, const TargetFor& target_for,
                                    const std::string& path, Compilation* c) {
  c->seen.target = true;
  return CompileKindOfTarget(target, target_for, path, c);
}

}  // namespace payfold
