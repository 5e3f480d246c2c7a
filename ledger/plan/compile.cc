#include "ledger/plan/compile.h"

#include <algorithm>
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
#include "ledger/plan/unknown.h"

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

void CompileComponents(Compilation* c, Program* program) {
  const v1::Plan& plan = c->plan;
  if (plan.components().empty()) {
    c->findings.Error("components", "is empty: a plan has at least one component");
  }
  std::set<std::string> seen;
  for (int i = 0; i < plan.components_size(); ++i) {
    const std::string here = Element("components", i);
    Component component = CompileComponent(i, c);
    if (!seen.insert(component.component_id).second && !component.component_id.empty()) {
      c->findings.Error(Child(here, "component_id"),
                        absl::StrCat(Quote(component.component_id),
                                     " is the id of an earlier component: ids are unique"));
    }
    const std::optional<Period>& window = component.window;
    if (window.has_value() && (window->last() < program->start || program->end < window->first())) {
      c->findings.Warning(Child(here, "window"), "lies outside the plan's effective dates");
    }
    program->components.push_back(std::move(component));
  }
  WarnWeights(*program, &c->findings);
}

// The plan's cap is of what all its components pay in a payout period.
void CompilePlanCap(const v1::Plan& plan, Findings* findings, Program* program) {
  if (!plan.has_cap()) return;
  if (plan.cap().has_multiple_of_target_incentive()) {
    findings->Error("cap.multiple_of_target_incentive",
                    "is for a component's cap: give the plan's as `amount`");
    return;
  }
  const Cap cap = CompileCap(plan.cap(), "cap", findings);
  if (cap.per_deal) {
    findings->Error("cap.per", "DEAL is for a component's cap: the plan's is of a payout period");
  }
  if (cap.excess != Cap::Excess::kForfeit) {
    findings->Error("cap.excess", "is for a component's cap: above the plan's nothing is paid");
  }
  program->cap = cap.amount;
}

void WarnMonths(const Program& program, Findings* findings) {
  const bool any = std::any_of(
      program.components.begin(), program.components.end(), [](const Component& component) {
        return component.prorate_target || component.prorate_amounts || component.prorate_bands;
      });
  if (any) return;
  findings->Warning("prorate_by", "has no effect: no component has `prorate`");
}

}  // namespace

CompiledPlan CompilePlan(const v1::Plan& plan) {
  Compilation c(plan);
  ReportUnknown(plan, &c.findings);
  Program program{
      .plan_id = plan.plan_id(),
      .display_name = plan.display_name(),
      .currency = CompileCurrency(plan, &c.findings),
      .start = {},
      .end = {},
      .rounding = plan.rounding() == v1::HALF_EVEN ? Rounding::kHalfEven : Rounding::kHalfUp,
      .eligibility = {},
      .components = {},
      .draw = {},
      .cap = {},
      .budget = {},
      .prorate_by_months = plan.prorate_by() == v1::Plan::MONTHS};
  c.findings.CheckId(plan.plan_id(), "plan_id");
  c.findings.CheckDisplayName(plan.display_name(), "display_name");
  CompileEffective(plan, &c.findings, &program);
  program.eligibility = CompileEligibility(plan.eligibility(), &c);
  CompileComponents(&c, &program);
  CheckUses(program, &c);
  if (plan.has_draw()) program.draw = CompileDraw(plan.draw(), &c.findings);
  CompilePlanCap(plan, &c.findings, &program);
  if (plan.has_budget()) program.budget = CompileBudget(plan.budget(), &c.findings);
  if (plan.prorate_by() != v1::Plan::PRORATE_BY_UNSPECIFIED) WarnMonths(program, &c.findings);
  CompiledPlan result;
  if (!c.findings.has_errors()) result.program = std::move(program);
  result.diagnostics = c.findings.Take();
  return result;
}

}  // namespace payfold
