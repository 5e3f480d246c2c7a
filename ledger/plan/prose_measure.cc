// Measures and targets in words.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/plan/lookup.h"
#include "ledger/plan/prose.h"
#include "ledger/plan/prose_parts.h"

namespace payfold {
namespace {

// "own deals", "deals of the team".
std::string OfScope(Scope scope, absl::string_view noun) {
  if (scope == Scope::kOwn) return absl::StrCat("own ", noun);
  return absl::StrCat(noun, " of ", PeopleText(scope));
}

std::string ConditionText(const Condition& condition);

std::string AllText(const std::vector<Condition>& conditions) {
  return absl::StrJoin(conditions, " and ", [](std::string* out, const Condition& condition) {
    out->append(ConditionText(condition));
  });
}

std::string ListText(absl::string_view one, absl::string_view several, const Condition& c) {
  return absl::StrCat(c.attribute, c.values.size() == 1 ? one : several,
                      absl::StrJoin(c.values, ", "));
}

std::string ConditionText(const Condition& c) {
  switch (c.test) {
    case Condition::Test::kAnyOf:
      return ListText(" is ", " is one of ", c);
    case Condition::Test::kNoneOf:
      return ListText(" is not ", " is none of ", c);
    case Condition::Test::kAtLeast:
      return absl::StrCat(c.attribute, " is at least ", NumberText(c.bound));
    case Condition::Test::kAbove:
      return absl::StrCat(c.attribute, " is above ", NumberText(c.bound));
    case Condition::Test::kAtMost:
      return absl::StrCat(c.attribute, " is at most ", NumberText(c.bound));
    case Condition::Test::kBelow:
      return absl::StrCat(c.attribute, " is below ", NumberText(c.bound));
    case Condition::Test::kAny:
      break;
  }
  return absl::StrCat("either ",
                      absl::StrJoin(c.any, ", or ", [](std::string* out, const auto& conditions) {
                        out->append(AllText(conditions));
                      }));
}

std::string DealsText(const Measure& measure) {
  const std::string deals = OfScope(measure.scope, "deals");
  switch (measure.value) {
    case DealValue::kAmount:
      return absl::StrCat("credited amount of ", deals);
    case DealValue::kDealAmount:
      return absl::StrCat("whole amount of ", deals);
    case DealValue::kCount:
      return absl::StrCat("number of ", deals);
    case DealValue::kSharedCount:
      return absl::StrCat("number by share of ", deals);
    case DealValue::kCountDistinct:
      return absl::StrCat("number of different ", measure.distinct, " among ", deals);
  }
  return deals;
}

std::string MetricText(const Measure& measure) {
  const std::string facts = OfScope(measure.scope, measure.name);
  switch (measure.aggregate) {
    case Aggregate::kSum:
      return absl::StrCat("total of ", facts);
    case Aggregate::kCount:
      return absl::StrCat("number of ", facts);
    case Aggregate::kAvg:
      return absl::StrCat("average of ", facts);
    case Aggregate::kMin:
      return absl::StrCat("lowest of ", facts);
    case Aggregate::kMax:
      return absl::StrCat("highest of ", facts);
    case Aggregate::kLast:
      return absl::StrCat("latest of ", facts);
    case Aggregate::kNps:
      return absl::StrCat("net promoter score of ", facts);
    case Aggregate::kCountDistinct:
      return absl::StrCat("number of different ", measure.distinct, " among ", facts);
  }
  return facts;
}

std::string SumText(const Measure& measure) {
  std::string text;
  for (size_t i = 0; i < measure.parts.size(); ++i) {
    const Rational& weight = measure.weights[i];
    const bool is_less = weight.sign() < 0;
    if (i > 0) {
      text += is_less ? " minus " : " plus ";
    } else if (is_less) {
      text += "minus ";
    }
    const Rational size = is_less ? -weight : weight;
    if (size != Rational(1)) absl::StrAppend(&text, PercentText(size), " of ");
    absl::StrAppend(&text, MeasureText(measure.parts[i]));
  }
  return text;
}

std::string EarningsText(const Measure& measure) {
  const std::string names =
      absl::StrJoin(measure.components, ", ", [](std::string* out, const ComponentRef& ref) {
        absl::StrAppend(out, ref.plan_id, "/", ref.component_id);
      });
  return absl::StrCat(OfScope(measure.scope, "earnings"), " from ", names);
}

std::string PeriodsText(const Measure& measure) {
  return absl::StrCat(measure.share ? "share of " : "number of ",
                      PeriodNoun(measure.sub_period, true), " in which the ",
                      MeasureText(measure.parts[0]), " is at least ", NumberText(measure.at_least));
}

std::string GrowthText(const Measure& measure) {
  const std::string of = MeasureText(measure.parts[0]);
  if (measure.periods_back == 1) return absl::StrCat("growth of ", of, " over the period before");
  return absl::StrCat("growth of ", of, " over ", measure.periods_back, " periods before");
}

std::string KindText(const Measure& measure) {
  switch (measure.kind) {
    case Measure::Kind::kDeals:
      return DealsText(measure);
    case Measure::Kind::kMetric:
      return MetricText(measure);
    case Measure::Kind::kRatio:
      return absl::StrCat(MeasureText(measure.parts[0]), " divided by ",
                          MeasureText(measure.parts[1]));
    case Measure::Kind::kGrowth:
      return GrowthText(measure);
    case Measure::Kind::kSum:
      return SumText(measure);
    case Measure::Kind::kEarnings:
      return EarningsText(measure);
    case Measure::Kind::kPeriods:
      return PeriodsText(measure);
    case Measure::Kind::kAttribute:
      return absl::StrCat("one's own ", measure.name);
  }
  return "";
}

std::string FixedText(const Target& target, const Measure& measure, const Program& program) {
  if (!target.table.has_value()) return InUnitOf(measure, target.fixed, program);
  const bool is_money = measure.is_money();
  return absl::StrCat("a number by ", target.table->by, " (", TableText(*target.table, NumberText),
                      ")", is_money ? absl::StrCat(" in ", program.currency.code()) : "");
}

std::string StatText(const Target& target) {
  const std::string argument = NumberText(target.argument);
  switch (target.stat) {
    case Target::Stat::kMean:
      return "the average";
    case Target::Stat::kMax:
      return "the highest";
    case Target::Stat::kMin:
      return "the lowest";
    case Target::Stat::kRank:
      return absl::StrCat("that of rank ", argument);
    case Target::Stat::kPercentile:
      return absl::StrCat("the percentile ", argument, " from below");
    case Target::Stat::kMeanPlusSigma:
      return absl::StrCat("the average plus ", argument, " standard deviations");
  }
  return "";
}

std::string PopulationText(const Target& target) {
  std::string text;
  if (target.factor != Rational(1)) absl::StrAppend(&text, PercentText(target.factor), " of ");
  absl::StrAppend(&text, StatText(target));
  if (target.of_attainment) absl::StrAppend(&text, " attainment");
  absl::StrAppend(&text, " of ",
                  target.around == Scope::kCompany ? "all in the plan" : PeopleText(target.around),
                  target.current ? " in the same period" : " in the period before");
  if (target.of_attainment) absl::StrAppend(&text, " times one's own target");
  return text;
}

}  // namespace

std::string MeasureText(const Measure& measure) {
  std::string text = KindText(measure);
  if (!measure.where.empty()) absl::StrAppend(&text, " where ", AllText(measure.where));
  return text;
}

std::string PeopleText(Scope scope) {
  switch (scope) {
    case Scope::kOwn:
      return "oneself";
    case Scope::kTeam:
      return "the team";
    case Scope::kTerritory:
      return "the territory";
    case Scope::kReports:
      return "one's reports";
    case Scope::kReportsAndSelf:
      return "oneself and one's reports";
    case Scope::kCompany:
      return "the company";
  }
  return "";
}

std::string PeriodNoun(PeriodKind kind, bool plural) {
  constexpr absl::string_view kNouns[] = {"day",     "week",      "half-month", "month",
                                          "quarter", "half-year", "year",       "window"};
  return absl::StrCat(kNouns[static_cast<int>(kind)], plural ? "s" : "");
}

std::string TableText(const LookupTable& table, std::string (*text)(const Rational&)) {
  std::vector<std::string> entries;
  std::string others;
  for (const auto& [key, value] : table.values) {
    if (key == kAnyKey) {
      others = absl::StrCat("others ", text(value));
    } else if (table.by == kTenureMonths) {
      entries.push_back(absl::StrCat("from month ", key, " ", text(value)));
    } else {
      entries.push_back(absl::StrCat(key, " ", text(value)));
    }
  }
  if (!others.empty()) entries.push_back(others);
  return absl::StrJoin(entries, ", ");
}

std::string TargetText(const Target& target, const Measure& measure, const Program& program) {
  switch (target.kind) {
    case Target::Kind::kFixed:
      return FixedText(target, measure, program);
    case Target::Kind::kQuota:
      return absl::StrCat("the quota of ", target.metric);
    case Target::Kind::kPrevious:
      if (target.factor == Rational(1)) return "that of the period before";
      return absl::StrCat(PercentText(target.factor), " of that of the period before");
    case Target::Kind::kPopulation:
      return PopulationText(target);
    case Target::Kind::kGoal:
      return "the target of the chosen goal";
  }
  return "";
}

std::string HeldText(const Measure& measure, const Target* target, const Program& program) {
  if (target == nullptr) return MeasureText(measure);
  return absl::StrCat("attainment of ", MeasureText(measure), " against ",
                      TargetText(*target, measure, program));
}

}  // namespace payfold
