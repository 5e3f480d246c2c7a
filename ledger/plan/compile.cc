#include "ledger/plan/compile.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "ledger/base/quote.h"
#include "ledger/plan/compile_parts.h"
#include "ledger/plan/findings.h"
#include "ledger/plan/unsupported.h"

namespace payfold {
namespace {

Currency CompileCurrency(const v1::Plan& plan, Findings* findings) {
  const absl::StatusOr<Currency> currency = Currency::Parse(plan.currency());
  if (currency.ok()) return *currency;
  if (plan.currency().empty()) {
    findings->Error("currency", "is required: the ISO 4217 code in which the plan pays, as in EUR");
  } else {
    findings->Error("currency", currency.status().message());
  }
  // Only to go on checking: there is no program after an error.
  const absl::StatusOr<Currency> any = Currency::Parse("USD");
  CHECK(any.ok());
  return *any;
}

void CompileEffective(const v1::Plan& plan, Findings* findings, Program* program) {
  const v1::Effective& effective = plan.effective();
  if (effective.start().empty()) {
    findings->Error("effective.start", "is required: the first day of this version, YYYY-MM-DD");
  } else if (const auto start = Date::Parse(effective.start()); start.ok()) {
    program->start = *start;
  } else {
    findings->Error("effective.start", start.status().message());
  }
  program->end = Date::Max();
  if (effective.end().empty()) return;
  const absl::StatusOr<Date> end = Date::Parse(effective.end());
  if (!end.ok()) {
    findings->Error("effective.end", end.status().message());
    return;
  }
  program->end = *end;
  if (*end < program->start) {
    findings->Error("effective.end",
                    absl::StrCat(effective.end(), " is before the start, ", effective.start()));
  }
}

using Texts = google::protobuf::RepeatedPtrField<std::string>;

std::vector<std::string> CompileTexts(const Texts& texts, const std::string& path,
                                      Findings* findings) {
  for (int i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) findings->Error(Element(path, i), "is empty: name a value");
  }
  return {texts.begin(), texts.end()};
}

Eligibility CompileEligibility(const v1::Eligibility& eligibility, Findings* findings) {
  Eligibility result;
  result.roles = CompileTexts(eligibility.roles(), "eligibility.roles", findings);
  result.teams = CompileTexts(eligibility.teams(), "eligibility.teams", findings);
  result.territories = CompileTexts(eligibility.territories(), "eligibility.territories", findings);
  result.participants.assign(eligibility.participants().begin(), eligibility.participants().end());
  for (int i = 0; i < eligibility.participants_size(); ++i) {
    findings->CheckId(eligibility.participants(i), Element("eligibility.participants", i));
  }
  for (const auto& [name, list] : eligibility.attributes()) {
    const std::string here = Entry("eligibility.attributes", name);
    if (name.empty()) findings->Error(here, "has no name: name the attribute");
    if (list.values().empty()) {
      findings->Error(here, "is empty and would match nobody: name at least one value");
    }
    result.attributes[name] = CompileTexts(list.values(), Child(here, "values"), findings);
  }
  return result;
}

void CompilePeriod(const v1::Component& component, const std::string& path, Findings* findings,
                   Component* result) {
  if (component.period() != v1::PERIOD_KIND_UNSPECIFIED) {
    const auto kind = ParsePeriodKind(v1::PeriodKind_Name(component.period()));
    if (kind.ok()) result->period = *kind;
  }
  if (component.window().empty()) return;
  const std::string here = Child(path, "window");
  if (component.period() != v1::PERIOD_KIND_UNSPECIFIED) {
    findings->Error(here, "is given beside `period`: a component has one or the other");
  }
  const absl::StatusOr<Period> window = Calendar().Parse(component.window());
  if (!window.ok()) {
    findings->Error(here, window.status().message());
  } else if (window->kind() != PeriodKind::kWindow) {
    findings->Error(here, absl::StrCat(Quote(component.window()),
                                       " is not a window: write its first and last day, as in "
                                       "2025-04-01..2025-06-30"));
  } else {
    result->window = *window;
  }
}

// The kind of period that a label without the year names.
std::optional<PeriodKind> KindOfLabel(const std::string& label) {
  // 2020 has a 29 February and a week 53.
  const absl::StatusOr<Period> period = Calendar().Parse(absl::StrCat("2020-", label));
  if (!period.ok() || period->kind() == PeriodKind::kWindow) return std::nullopt;
  return period->kind();
}

void CompileTargetWeights(const v1::Component& component, const std::string& path,
                          Findings* findings, Component* result) {
  const std::string list = Child(path, "target_weights");
  std::optional<PeriodKind> kind = result->period;
  Rational sum;
  // In the order of the labels, whatever the map's.
  const std::map<std::string, std::string> weights(component.target_weights().begin(),
                                                   component.target_weights().end());
  for (const auto& [label, text] : weights) {
    const std::string here = Entry(list, label);
    const std::optional<PeriodKind> named = KindOfLabel(label);
    if (result->window.has_value() || !named.has_value() || named != kind.value_or(*named)) {
      findings->Error(
          here, absl::StrCat(Quote(label), " is not the label, without the year, of a ",
                             kind.has_value() ? PeriodKindName(*kind) : "period",
                             ": write as in Q1, 03, H2 or W07, as the component's period is"));
    } else {
      kind = named;
    }
    const Rational weight = findings->ReadShare(text, here).value_or(0);
    if (weight.sign() < 0) findings->Error(here, absl::StrCat(text, " is below 0"));
    sum += weight;
    result->target_weights[label] = weight;
  }
  if (!weights.empty() && sum != Rational(1)) {
    findings->Warning(list, absl::StrCat("add up to ", (sum * 100).ToText(7),
                                         "%, not to 100% of the annual target incentive"));
  }
}

void CompileWeights(const v1::Component& component, const std::string& path, Findings* findings,
                    Component* result) {
  if (!component.weight().empty()) {
    const std::string here = Child(path, "weight");
    result->weight = findings->ReadShare(component.weight(), here).value_or(1);
    if (result->weight.sign() < 0) {
      findings->Error(here, absl::StrCat(component.weight(), " is below 0"));
    }
  }
  CompileTargetWeights(component, path, findings, result);
  if (PaysTargetIncentive(result->payout)) return;
  const auto warn = [&](bool is_given, absl::string_view field) {
    if (!is_given) return;
    findings->Warning(Child(path, field),
                      "has no effect: nothing here pays a multiple of the target incentive");
  };
  warn(!component.weight().empty(), "weight");
  warn(!component.target_weights().empty(), "target_weights");
}

bool IsRunning(const v1::Component& component, const Component& result) {
  switch (component.evaluate()) {
    case v1::Component::RUNNING:
      return true;
    case v1::Component::PERIOD_END:
      return false;
    default:
      return result.measure.has_value() && result.payout.kind != Payout::Kind::kFixed;
  }
}

Component CompileComponent(const v1::Component& component, const std::string& path,
                           Findings* findings) {
  Component result;
  result.component_id = component.component_id();
  result.display_name = component.display_name();
  findings->CheckId(result.component_id, Child(path, "component_id"));
  findings->CheckDisplayName(result.display_name, Child(path, "display_name"));
  CompilePeriod(component, path, findings, &result);
  if (component.has_measure()) {
    const Scope outer = CompileScope(component.scope(), Scope::kOwn);
    result.measure = CompileMeasure(component.measure(), outer, Child(path, "measure"), findings);
    if (component.scope() != v1::SCOPE_UNSPECIFIED && result.measure.has_value() &&
        result.measure->scope != outer) {
      findings->Warning(Child(path, "scope"), "has no effect on the measure, which names its own");
    }
  }
  if (component.has_target()) {
    result.target = CompileTarget(component.target(), Child(path, "target"), findings);
    if (!component.has_measure()) {
      findings->Warning(Child(path, "target"), "has no effect: there is no measure to hold to it");
    }
  }
  result.payout = CompilePayout(component, result, path, findings);
  CompileWeights(component, path, findings, &result);
  result.running = IsRunning(component, result);
  return result;
}

void WarnWeights(const Program& program, Findings* findings) {
  Rational sum;
  bool any = false;
  for (const Component& component : program.components) {
    if (!PaysTargetIncentive(component.payout)) continue;
    any = true;
    sum += component.weight;
  }
  if (any && sum != Rational(1)) {
    findings->Warning("components",
                      absl::StrCat("the weights of those that pay target incentive add up to ",
                                   (sum * 100).ToText(7), "%, not to 100%"));
  }
}

void CompileComponents(const v1::Plan& plan, Findings* findings, Program* program) {
  if (plan.components().empty()) {
    findings->Error("components", "is empty: a plan has at least one component");
  }
  std::set<std::string> seen;
  for (int i = 0; i < plan.components_size(); ++i) {
    const std::string here = Element("components", i);
    Component component = CompileComponent(plan.components(i), here, findings);
    if (!seen.insert(component.component_id).second && !component.component_id.empty()) {
      findings->Error(Child(here, "component_id"),
                      absl::StrCat(Quote(component.component_id),
                                   " is the id of an earlier component: ids are unique"));
    }
    const std::optional<Period>& window = component.window;
    if (window.has_value() && (window->last() < program->start || program->end < window->first())) {
      findings->Warning(Child(here, "window"), "lies outside the plan's effective dates");
    }
    program->components.push_back(std::move(component));
  }
  WarnWeights(*program, findings);
}

}  // namespace

CompiledPlan CompilePlan(const v1::Plan& plan) {
  Findings findings;
  ReportUnsupported(plan, &findings);
  Program program{
      .plan_id = plan.plan_id(),
      .display_name = plan.display_name(),
      .currency = CompileCurrency(plan, &findings),
      .start = {},
      .end = {},
      .rounding = plan.rounding() == v1::HALF_EVEN ? Rounding::kHalfEven : Rounding::kHalfUp,
      .eligibility = {},
      .components = {}};
  findings.CheckId(plan.plan_id(), "plan_id");
  findings.CheckDisplayName(plan.display_name(), "display_name");
  CompileEffective(plan, &findings, &program);
  program.eligibility = CompileEligibility(plan.eligibility(), &findings);
  CompileComponents(plan, &findings, &program);
  CompiledPlan result;
  if (!findings.has_errors()) result.program = std::move(program);
  result.diagnostics = findings.Take();
  return result;
}

}  // namespace payfold
