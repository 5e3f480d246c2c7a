// Measures of every kind.

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/plan/compile_parts.h"

namespace payfold {
namespace {

DealValue CompileDealValue(v1::DealMeasure::Value value) {
  switch (value) {
    case v1::DealMeasure::DEAL_AMOUNT:
      return DealValue::kDealAmount;
    case v1::DealMeasure::COUNT:
      return DealValue::kCount;
    case v1::DealMeasure::SHARED_COUNT:
      return DealValue::kSharedCount;
    case v1::DealMeasure::COUNT_DISTINCT:
      return DealValue::kCountDistinct;
    default:
      return DealValue::kAmount;
  }
}

Aggregate CompileAggregate(v1::MetricMeasure::Aggregate aggregate) {
  switch (aggregate) {
    case v1::MetricMeasure::COUNT:
      return Aggregate::kCount;
    case v1::MetricMeasure::AVG:
      return Aggregate::kAvg;
    case v1::MetricMeasure::MIN:
      return Aggregate::kMin;
    case v1::MetricMeasure::MAX:
      return Aggregate::kMax;
    case v1::MetricMeasure::LAST:
      return Aggregate::kLast;
    case v1::MetricMeasure::NPS:
      return Aggregate::kNps;
    case v1::MetricMeasure::COUNT_DISTINCT:
      return Aggregate::kCountDistinct;
    default:
      return Aggregate::kSum;
  }
}

// What COUNT_DISTINCT counts, and nothing else does.
void CheckDistinct(bool is_distinct, const std::string& name, const std::string& path,
                   absl::string_view example, Findings* findings) {
  if (is_distinct && name.empty()) {
    findings->Error(path, absl::StrCat("is required by COUNT_DISTINCT: name what is counted, as "
                                       "in ",
                                       example));
  } else if (!is_distinct && !name.empty()) {
    findings->Error(path, "is for COUNT_DISTINCT only: remove it");
  }
}

Measure CompileDeals(const v1::DealMeasure& deals, const std::string& path, Compilation* c) {
  Measure result;
  result.value = CompileDealValue(deals.value());
  result.distinct = deals.attribute();
  CheckDistinct(result.value == DealValue::kCountDistinct, deals.attribute(),
                Child(path, "attribute"), "COUNT_DISTINCT(customer_id)", &c->findings);
  result.where = CompileConditions(deals.where(), true, Child(path, "where"), c);
  c->seen.deals = true;
  c->seen.deal_money |= result.is_money();
  return result;
}

Measure CompileMetric(const v1::MetricMeasure& metric, const std::string& path, Compilation* c) {
  Measure result;
  result.kind = Measure::Kind::kMetric;
  result.name = metric.name();
  c->findings.CheckId(metric.name(), Child(path, "name"));
  result.aggregate = CompileAggregate(metric.aggregate());
  result.metric_is_money = metric.unit() == v1::MetricMeasure::MONEY;
  result.distinct = metric.dimension();
  CheckDistinct(result.aggregate == Aggregate::kCountDistinct, metric.dimension(),
                Child(path, "dimension"), "COUNT_DISTINCT(customer_id)", &c->findings);
  if (result.metric_is_money && !result.is_money()) {
    c->findings.Warning(
        Child(path, "unit"),
        absl::StrCat("has no effect: ", v1::MetricMeasure::Aggregate_Name(metric.aggregate()),
                     " is a plain number, whatever the values are"));
  }
  result.where = CompileConditions(metric.where(), false, Child(path, "where"), c);
  return result;
}

// One measure inside another: an error if it is missing.
std::optional<Measure> CompilePart(bool is_given, const v1::Measure& part, const Around& around,
                                   const std::string& path, Compilation* c) {
  if (!is_given) {
    c->findings.Error(path, "is required: a measure, as in {deals: {value: AMOUNT}}");
    return std::nullopt;
  }
  return CompileMeasure(part, around, path, c);
}

std::optional<Measure> CompileRatio(const v1::RatioMeasure& ratio, const Around& around,
                                    const std::string& path, Compilation* c) {
  Measure result;
  result.kind = Measure::Kind::kRatio;
  auto numerator =
      CompilePart(ratio.has_numerator(), ratio.numerator(), around, Child(path, "numerator"), c);
  auto denominator = CompilePart(ratio.has_denominator(), ratio.denominator(), around,
                                 Child(path, "denominator"), c);
  if (!numerator.has_value() || !denominator.has_value()) return std::nullopt;
  result.parts = {*std::move(numerator), *std::move(denominator)};
  return result;
}

std::optional<Measure> CompileGrowth(const v1::GrowthMeasure& growth, const Around& around,
                                     const std::string& path, Compilation* c) {
  Measure result;
  result.kind = Measure::Kind::kGrowth;
  if (growth.periods_back() < 0) {
    c->findings.Error(Child(path, "periods_back"),
                      absl::StrCat(growth.periods_back(), " is below 1, the period before"));
  }
  result.periods_back = std::max(growth.periods_back(), 1);
  auto of = CompilePart(growth.has_of(), growth.of(), around, Child(path, "of"), c);
  if (!of.has_value()) return std::nullopt;
  result.parts = {*std::move(of)};
  return result;
}

std::optional<Measure> CompileSum(const v1::SumMeasure& sum, const Around& around,
                                  const std::string& path, Compilation* c) {
  Measure result;
  result.kind = Measure::Kind::kSum;
  const std::string list = Child(path, "measures");
  if (sum.measures().empty()) c->findings.Error(list, "is empty: name what is summed");
  bool all_made = true;
  for (int i = 0; i < sum.measures_size(); ++i) {
    auto part = CompileMeasure(sum.measures(i), around, Element(list, i), c);
    all_made = all_made && part.has_value();
    if (part.has_value()) result.parts.push_back(*std::move(part));
  }
  const std::string weights = Child(path, "weights");
  if (!sum.weights().empty() && sum.weights_size() != sum.measures_size()) {
    c->findings.Error(weights,
                      absl::StrCat("has ", sum.weights_size(), " for ", sum.measures_size(),
                                   " measures: give one each, or none for 1 each"));
    return std::nullopt;
  }
  result.weights.assign(static_cast<size_t>(sum.measures_size()), 1);
  for (int i = 0; i < sum.weights_size(); ++i) {
    const auto weight = c->findings.ReadShare(sum.weights(i), Element(weights, i));
    result.weights[static_cast<size_t>(i)] = weight.value_or(1);
  }
  if (!all_made || result.parts.empty()) return std::nullopt;
  const bool is_money = result.parts[0].is_money();
  if (std::any_of(result.parts.begin(), result.parts.end(),
                  [&](const Measure& part) { return part.is_money() != is_money; })) {
    c->findings.Warning(list,
                        "sum money with plain numbers: the money counts in major units and "
                        "the sum is a plain number");
  }
  return result;
}

ComponentRef CompileRef(const std::string& text, const std::string& path, Compilation* c) {
  const size_t slash = text.find('/');
  ComponentRef ref;
  ref.plan_id = slash == std::string::npos ? c->plan.plan_id() : text.substr(0, slash);
  ref.component_id = slash == std::string::npos ? text : text.substr(slash + 1);
  if (slash != std::string::npos) c->findings.CheckId(ref.plan_id, path);
  c->findings.CheckId(ref.component_id, path);
  if (ref.plan_id == c->plan.plan_id()) {
    c->uses.push_back({c->component, ref.component_id, path});
  }
  return ref;
}

Measure CompileEarnings(const v1::EarningsMeasure& earnings, const std::string& path,
                        Compilation* c) {
  Measure result;
  result.kind = Measure::Kind::kEarnings;
  const std::string list = Child(path, "components");
  if (earnings.components().empty()) {
    c->findings.Error(list, "is empty: name components, as in [commission, other-plan/bonus]");
  }
  std::set<std::pair<std::string, std::string>> seen;
  for (int i = 0; i < earnings.components_size(); ++i) {
    const std::string here = Element(list, i);
    ComponentRef ref = CompileRef(earnings.components(i), here, c);
    if (!seen.emplace(ref.plan_id, ref.component_id).second) {
      c->findings.Error(here, absl::StrCat(Quote(earnings.components(i)), " is named twice"));
    }
    result.components.push_back(std::move(ref));
  }
  return result;
}

std::optional<Measure> CompilePeriods(const v1::PeriodsMeasure& periods, const Around& around,
                                      const std::string& path, Compilation* c) {
  Measure result;
  result.kind = Measure::Kind::kPeriods;
  result.share = periods.share();
  Around inside = around;
  inside.period = CompileKind(periods.period());
  if (!inside.period.has_value()) {
    c->findings.Error(Child(path, "period"), "is required: the kind of sub-period, as in WEEK");
  } else if (around.period.has_value() && *inside.period >= *around.period) {
    c->findings.Warning(Child(path, "period"),
                        absl::StrCat(PeriodKindName(*inside.period), " is not shorter than ",
                                     PeriodKindName(*around.period),
                                     ", over which is measured: at most one ends in it"));
  }
  result.sub_period = inside.period.value_or(PeriodKind::kMonth);
  auto of = CompilePart(periods.has_of(), periods.of(), inside, Child(path, "of"), c);
  if (periods.at_least().empty()) {
    c->findings.Error(Child(path, "at_least"),
                      "is required: what a sub-period must reach to count, as in 50");
  } else {
    const auto bound = ReadEdge(periods.at_least(), false, of.has_value() ? &*of : nullptr,
                                Child(path, "at_least"), c);
    result.at_least = bound.value_or(0);
  }
  if (!of.has_value()) return std::nullopt;
  result.parts = {*std::move(of)};
  return result;
}

Measure CompileAttribute(const v1::Measure& measure, const std::string& path, Compilation* c) {
  Measure result;
  result.kind = Measure::Kind::kAttribute;
  result.name = measure.attribute().name();
  if (result.name.empty()) {
    c->findings.Error(Child(Child(path, "attribute"), "name"),
                      "is required: the participant's attribute");
  }
  if (measure.scope() != v1::SCOPE_UNSPECIFIED && measure.scope() != v1::OWN) {
    c->findings.Error(Child(path, "scope"),
                      absl::StrCat(v1::Scope_Name(measure.scope()),
                                   " makes no sense here: an attribute is the participant's own, "
                                   "remove it"));
  }
  return result;
}

std::optional<Measure> CompileKindOfMeasure(const v1::Measure& measure, const Around& around,
                                            const std::string& path, Compilation* c) {
  switch (measure.kind_case()) {
    case v1::Measure::kDeals:
      return CompileDeals(measure.deals(), Child(path, "deals"), c);
    case v1::Measure::kMetric:
      return CompileMetric(measure.metric(), Child(path, "metric"), c);
    case v1::Measure::kRatio:
      return CompileRatio(measure.ratio(), around, Child(path, "ratio"), c);
    case v1::Measure::kGrowth:
      return CompileGrowth(measure.growth(), around, Child(path, "growth"), c);
    case v1::Measure::kSum:
      return CompileSum(measure.sum(), around, Child(path, "sum"), c);
    case v1::Measure::kEarnings:
      return CompileEarnings(measure.earnings(), Child(path, "earnings"), c);
    case v1::Measure::kPeriods:
      return CompilePeriods(measure.periods(), around, Child(path, "periods"), c);
    case v1::Measure::kAttribute:
      return CompileAttribute(measure, path, c);
    case v1::Measure::KIND_NOT_SET:
      break;
  }
  c->findings.Error(path,
                    "names no kind of measure: give one of deals, metric, ratio, growth, sum, "
                    "earnings, periods, attribute, as in {deals: {value: AMOUNT}}");
  return std::nullopt;
}

bool HasFactsOfItsOwn(const Measure& measure) {
  return measure.kind == Measure::Kind::kDeals || measure.kind == Measure::Kind::kMetric ||
         measure.kind == Measure::Kind::kEarnings;
}

}  // namespace

Scope CompileScope(v1::Scope scope, Scope outer) {
  switch (scope) {
    case v1::OWN:
      return Scope::kOwn;
    case v1::TEAM:
      return Scope::kTeam;
    case v1::TERRITORY:
      return Scope::kTerritory;
    case v1::REPORTS:
      return Scope::kReports;
    case v1::REPORTS_AND_SELF:
      return Scope::kReportsAndSelf;
    case v1::COMPANY:
      return Scope::kCompany;
    default:
      return outer;
  }
}

std::optional<Measure> CompileMeasure(const v1::Measure& measure, const Around& around,
                                      const std::string& path, Compilation* c) {
  Around inside = around;
  if (measure.scope() != v1::SCOPE_UNSPECIFIED) {
    inside.scope = CompileScope(measure.scope(), around.scope);
    inside.is_components = false;
  }
  std::optional<Measure> result = CompileKindOfMeasure(measure, inside, path, c);
  if (!result.has_value()) return std::nullopt;
  if (result->kind != Measure::Kind::kAttribute) result->scope = inside.scope;
  if (HasFactsOfItsOwn(*result)) c->seen.outer_scope |= inside.is_components;
  return result;
}

}  // namespace payfold
