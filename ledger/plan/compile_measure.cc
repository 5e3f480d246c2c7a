// Measures, their conditions, and targets.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/plan/compile_parts.h"

namespace payfold {
namespace {

std::optional<DealValue> CompileDealValue(v1::DealMeasure::Value value) {
  switch (value) {
    case v1::DealMeasure::VALUE_UNSPECIFIED:
    case v1::DealMeasure::AMOUNT:
      return DealValue::kAmount;
    case v1::DealMeasure::DEAL_AMOUNT:
      return DealValue::kDealAmount;
    case v1::DealMeasure::COUNT:
      return DealValue::kCount;
    case v1::DealMeasure::SHARED_COUNT:
      return DealValue::kSharedCount;
    default:
      return std::nullopt;
  }
}

Condition CompileCondition(const v1::Condition& condition, const std::string& path,
                           Findings* findings);

std::vector<Condition> CompileConditions(
    const google::protobuf::RepeatedPtrField<v1::Condition>& conditions, const std::string& path,
    Findings* findings) {
  std::vector<Condition> result;
  for (int i = 0; i < conditions.size(); ++i) {
    result.push_back(CompileCondition(conditions[i], Element(path, i), findings));
  }
  return result;
}

void CompileBound(Condition::Test test, const std::string& text, absl::string_view name,
                  const std::string& path, Findings* findings, Condition* result) {
  if (text.empty()) return;
  result->test = test;
  result->bound = findings->ReadDecimal(text, Child(path, name)).value_or(0);
}

void CompileAny(const v1::Condition& condition, const std::string& path, Findings* findings,
                Condition* result) {
  result->test = Condition::Test::kAny;
  for (int i = 0; i < condition.any_size(); ++i) {
    const std::string list = Element(Child(path, "any"), i);
    if (condition.any(i).all().empty()) {
      findings->Error(list, "is empty and would match everything: name at least one condition");
    }
    result->any.push_back(CompileConditions(condition.any(i).all(), Child(list, "all"), findings));
  }
  if (!condition.attribute().empty()) {
    findings->Error(Child(path, "attribute"),
                    "is given beside `any`, which stands instead of an attribute: remove one");
  }
}

int TestCount(const v1::Condition& c) {
  return !c.any_of().empty() + !c.none_of().empty() + !c.at_least().empty() + !c.above().empty() +
         !c.at_most().empty() + !c.below().empty() + !c.any().empty();
}

Condition CompileCondition(const v1::Condition& condition, const std::string& path,
                           Findings* findings) {
  using Test = Condition::Test;
  Condition result;
  result.attribute = condition.attribute();
  if (TestCount(condition) != 1) {
    findings->Error(path, absl::StrCat("has ", TestCount(condition),
                                       " tests: give exactly one of any_of, none_of, at_least, "
                                       "above, at_most, below, any"));
  }
  if (!condition.any_of().empty()) {
    result.test = Test::kAnyOf;
    result.values.assign(condition.any_of().begin(), condition.any_of().end());
  } else if (!condition.none_of().empty()) {
    result.test = Test::kNoneOf;
    result.values.assign(condition.none_of().begin(), condition.none_of().end());
  }
  CompileBound(Test::kAtLeast, condition.at_least(), "at_least", path, findings, &result);
  CompileBound(Test::kAbove, condition.above(), "above", path, findings, &result);
  CompileBound(Test::kAtMost, condition.at_most(), "at_most", path, findings, &result);
  CompileBound(Test::kBelow, condition.below(), "below", path, findings, &result);
  if (!condition.any().empty()) {
    CompileAny(condition, path, findings, &result);
  } else if (condition.attribute().empty()) {
    findings->Error(Child(path, "attribute"), "is required: the attribute that is tested");
  }
  return result;
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

std::optional<Measure> CompileMeasure(const v1::Measure& measure, Scope outer,
                                      const std::string& path, Findings* findings) {
  if (measure.kind_case() == v1::Measure::KIND_NOT_SET) {
    findings->Error(path, "names no kind of measure: give `deals`, as in {deals: {value: AMOUNT}}");
    return std::nullopt;
  }
  if (!measure.has_deals()) return std::nullopt;
  const v1::DealMeasure& deals = measure.deals();
  const std::string here = Child(path, "deals");
  Measure result;
  result.scope = CompileScope(measure.scope(), outer);
  result.where = CompileConditions(deals.where(), Child(here, "where"), findings);
  const std::optional<DealValue> value = CompileDealValue(deals.value());
  result.value = value.value_or(DealValue::kAmount);
  if (!deals.attribute().empty() && deals.value() != v1::DealMeasure::COUNT_DISTINCT) {
    findings->Error(Child(here, "attribute"), "is for COUNT_DISTINCT only: remove it");
  }
  if (!value.has_value()) return std::nullopt;
  return result;
}

std::optional<Target> CompileTarget(const v1::Target& target, const std::string& path,
                                    Findings* findings) {
  Target result;
  switch (target.kind_case()) {
    case v1::Target::kFixed: {
      const v1::FixedTarget& fixed = target.fixed();
      const std::string here = Child(path, "fixed");
      if (fixed.value().empty()) {
        if (fixed.by().empty() && fixed.table().empty()) {
          findings->Error(here, "states no number: write fixed: 75000");
        }
        return std::nullopt;
      }
      const std::string value = Child(here, "value");
      result.kind = Target::Kind::kFixed;
      if (const auto number = findings->ReadDecimal(fixed.value(), value); number.has_value()) {
        result.fixed = *number;
        if (number->sign() <= 0) {
          findings->Warning(value, absl::StrCat("a target of ", fixed.value(),
                                                " makes no sense as a goal: attainment is 0 or "
                                                "negative for whoever sells"));
        }
      }
      return result;
    }
    case v1::Target::kQuota:
      result.kind = Target::Kind::kQuota;
      result.metric = target.quota().metric();
      findings->CheckId(result.metric, Child(Child(path, "quota"), "metric"));
      return result;
    case v1::Target::KIND_NOT_SET:
      findings->Error(path, "names no kind of target: give `fixed: n` or `quota: {metric: name}`");
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace payfold
