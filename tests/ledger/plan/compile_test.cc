#include "ledger/plan/compile.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Lines;
using ::payfold_testing::PlanOf;
using ::payfold_testing::PlanWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Compiles a document of one component; see PlanWith.
CompiledPlan Compile(const std::string& component) {
  return CompilePlanDocument(PlanWith(component), nullptr);
}

Component Compiled(const std::string& component) {
  const CompiledPlan compiled = Compile(component);
  EXPECT_TRUE(compiled.program.has_value()) << Lines(compiled.diagnostics);
  return compiled.program.has_value() ? compiled.program->components[0] : Component();
}

struct Mistake {
  std::string component;
  std::string want;  // "field: message" begins so
};

void ExpectFinding(const std::string& severity, const Mistake& mistake) {
  SCOPED_TRACE(mistake.component);
  const CompiledPlan compiled = Compile(mistake.component);
  std::string found;
  for (const PlanDiagnostic& d : compiled.diagnostics) {
    const bool is_error = d.severity == PlanDiagnostic::Severity::kError;
    absl::StrAppend(&found, is_error ? "error " : "warning ", d.field, ": ", d.message, "\n");
  }
  EXPECT_THAT(found, HasSubstr(absl::StrCat(severity, " components[0]", mistake.want)));
  EXPECT_EQ(compiled.program.has_value(), severity == "warning");
}

TEST(CompileTest, EveryDefaultIsFilledIn) {
  const CompiledPlan compiled = Compile("");
  ASSERT_TRUE(compiled.program.has_value()) << Lines(compiled.diagnostics);
  EXPECT_THAT(compiled.diagnostics, IsEmpty());
  const Program& program = *compiled.program;
  EXPECT_EQ(program.plan_id, "ae");
  EXPECT_EQ(program.start, Date::Of(2025, 1, 1));
  EXPECT_EQ(program.end, Date::Max());
  EXPECT_EQ(program.rounding, Rounding::kHalfUp);
  EXPECT_TRUE(program.eligibility.is_empty());
  const Component& component = program.components[0];
  EXPECT_EQ(component.measure->value, DealValue::kAmount);
  EXPECT_EQ(component.measure->scope, Scope::kOwn);
  EXPECT_FALSE(component.period.has_value());
  EXPECT_FALSE(component.window.has_value());
  EXPECT_EQ(component.weight, Rational(1));
  EXPECT_EQ(component.payout.value, Rational::Of(1, 20));
}

TEST(CompileTest, AnInnerScopeHoldsBeforeTheOuterOne) {
  EXPECT_EQ(Compiled("scope: TEAM").measure->scope, Scope::kTeam);
  EXPECT_EQ(Compiled("measure: {deals: {}, scope: COMPANY}").measure->scope, Scope::kCompany);
  const Component by = Compiled(
      "scope: TEAM\n"
      "payout: {bands: {mode: RETROACTIVE, by: {measure: {deals: {value: COUNT}}}, "
      "bands: [{rate: 5%}]}}");
  EXPECT_EQ(by.payout.bands.by_measure->scope, Scope::kTeam);
}

TEST(CompileTest, RunningIsTheDefaultForPayOnDeals) {
  const struct {
    std::string component;
    bool running;
  } kCases[] = {
      {"payout: {rate: 5%}", true},
      {"payout: {per_unit: 5}", true},
      {"payout: {bands: [{fixed: 5}]}", true},
      {"payout: {per_deal: {rate: 5%}}", true},
      {"payout: {fixed: 5}", false},
      {"payout: {rate: 5%}\nevaluate: PERIOD_END", false},
      {"payout: {fixed: 5}\nevaluate: running", true},
  };
  for (const auto& c : kCases) EXPECT_EQ(Compiled(c.component).running, c.running) << c.component;
}

TEST(CompileTest, AByWithoutTargetOnAttainmentTakesTheComponents) {
  const Component component = Compiled(
      "payout: {bands: {basis: ATTAINMENT, mode: RETROACTIVE, by: {measure: {deals: {}}}, "
      "bands: [{rate: 5%}]}}");
  ASSERT_TRUE(component.payout.bands.by_target.has_value());
  EXPECT_EQ(component.payout.bands.by_target->fixed, Rational(100));
}

TEST(CompileTest, AByInAnotherUnitOnAttainmentNeedsATargetOfItsOwn) {
  const std::string before =
      "payout: {bands: {basis: ATTAINMENT, mode: RETROACTIVE, by: {measure: {deals: {value: "
      "COUNT}}";
  const std::string after = "}, bands: [{rate: 5%}]}}";
  ExpectFinding("error", {before + after, ".payout.bands.by: measures money where"});
  EXPECT_EQ(Compiled(before + ", target: {fixed: 3}" + after).payout.bands.by_target->fixed,
            Rational(3));
}

TEST(CompileTest, EdgesCarryTheirInclusion) {
  const Component upper = Compiled(
      "payout: {bands: {edges: UPPER_INCLUSIVE, bands: [{upto: 5, rate: 1%}, {rate: 2%}]}}");
  EXPECT_TRUE(upper.payout.bands.from_excluded);
  EXPECT_TRUE(upper.payout.bands.bands[0].includes_upto);
  EXPECT_FALSE(upper.payout.bands.bands[1].includes_upto);
}

TEST(CompileTest, MistakesOfComponents) {
  const Mistake kMistakes[] = {
      {"display_name: " + std::string(201, 'x'), ".display_name: has 201 characters"},
      {"period: MONTH\nwindow: 2025-01-01..2025-01-31", ".window: is given beside `period`"},
      {"window: 2025-Q1", ".window: \"2025-Q1\" is not a window"},
      {"window: 2025-02-01..2025-01-01", ".window: "},
      {"measure: {}", ".measure: names no kind of measure"},
      {"measure: {deals: {attribute: x}}", ".measure.deals.attribute: is for COUNT_DISTINCT only"},
      {"target: {}", ".target: names no kind of target"},
      {"target: {fixed: {}}", ".target.fixed: states no number"},
      {"target: {fixed: 50%}", ".target.fixed.value: \"50%\" is a percentage"},
      {"target: {quota: {}}", ".target.quota.metric: is required"},
      {"target: {quota: a b}", ".target.quota.metric: \"a b\" is not an identifier"},
      {"payout: {}", ".payout: is required"},
      {"payout: {rate: five}", ".payout.rate: "},
      {"payout: {per_unit: 5%}", ".payout.per_unit: \"5%\" is a percentage"},
      {"payout: {fixed: 0.1234567891}", ".payout.fixed: "},
      {"weight: -1", ".weight: -1 is below 0"},
      {"period: QUARTER\ntarget_weights: {01: 1}", ".target_weights[01]: \"01\" is not the label"},
      {"target_weights: {Q1: 50%, 03: 50%}", ".target_weights[Q1]: \"Q1\" is not the label"},
      {"window: 2025-01-01..2025-01-31\ntarget_weights: {Q1: 1}", ".target_weights[Q1]: "},
      {"target_weights: {Q1: -1}", ".target_weights[Q1]: -1 is below 0"},
      {"measure: {deals: {value: COUNT}}\npayout: {per_deal: {rate: 1%}}",
       ".measure.deals.value: COUNT does not go with per_deal"},
      {"scope: TEAM\npayout: {per_deal: {rate: 1%}}", ".scope: per_deal pays on the "},
      {"measure: {deals: {}, scope: TEAM}\npayout: {per_deal: {rate: 1%}}",
       ".measure.scope: per_deal pays on the "},
      {"payout: {per_deal: {}}", ".payout.per_deal: says not what a deal pays"},
      {"payout: {per_deal: {rate: 1%, min_amount: -1}}",
       ".payout.per_deal.min_amount: -1 is below"},
      {"payout: {per_deal: {rate: 1%, cap: 0}}", ".payout.per_deal.cap: 0 is not above 0"},
      {"payout: {per_deal: {bands: {basis: ATTAINMENT, bands: [{rate: 1%}]}}}",
       ".payout.per_deal.bands.basis: not supported yet: "},
      {"payout: {per_deal: {bands: [{multiple: 1}]}}",
       ".payout.per_deal.bands.bands[0].multiple: not supported yet: "},
  };
  for (const Mistake& mistake : kMistakes) ExpectFinding("error", mistake);
}

TEST(CompileTest, MistakesOfBands) {
  const std::string kBands = ".payout.bands";
  const Mistake kMistakes[] = {
      {"payout: {bands: []}", kBands + ".bands: has no band"},
      {"payout: {bands: [{upto: 5}]}", kBands + ".bands[0]: pays nothing"},
      {"payout: {bands: [{rate: 1%}, {rate: 2%}]}", kBands + ".bands[0].upto: is required"},
      {"payout: {bands: [{upto: 5, rate: 1%}, {upto: 5, rate: 2%}]}",
       kBands + ".bands[1].upto: 5 is not above 5"},
      {"payout: {bands: [{upto: 0, rate: 1%}]}", kBands + ".bands[0].upto: 0 is not above 0"},
      {"payout: {bands: [{upto: 50%, rate: 1%}]}", kBands + ".bands[0].upto: \"50%\" is a perc"},
      {"payout: {bands: [{includes_upto: true, rate: 1%}]}",
       kBands + ".bands[0].includes_upto: has no `upto`"},
      {"payout: {bands: {from: x, bands: [{rate: 1%}]}}", kBands + ".from: "},
      {"payout: {bands: {mode: INTERPOLATED, bands: [{upto: 5, rate: 1%}]}}",
       kBands + ".bands[0]: mode INTERPOLATED accrues fixed"},
      {"payout: {bands: {mode: RETROACTIVE, bands: [{rate: 1%, retroactive: true}]}}",
       kBands + ".bands[0].retroactive: is for mode MARGINAL"},
      {"payout: {bands: [{upto: 5, rate: 1%}, {fixed: 1, retroactive: true}]}",
       kBands + ".bands[1].retroactive: is for a rate"},
      {"payout: {bands: {by: {measure: {deals: {}}}, bands: [{rate: 1%}]}}",
       kBands + ".by: is for mode RETROACTIVE only"},
      {"payout: {bands: {mode: RETROACTIVE, by: {}, bands: [{rate: 1%}]}}",
       kBands + ".by.measure: is required"},
  };
  for (const Mistake& mistake : kMistakes) ExpectFinding("error", mistake);
}

TEST(CompileTest, MistakesOfConditions) {
  const std::string kWhere = ".measure.deals.where[0]";
  const struct {
    std::string condition;
    std::string want;
  } kMistakes[] = {
      {"{attribute: x}", ": has 0 tests"},
      {"{attribute: x, any_of: [a], none_of: [b]}", ": has 2 tests"},
      {"{any_of: [a]}", ".attribute: is required"},
      {"{attribute: x, any: [[{attribute: y, any_of: [a]}]]}", ".attribute: is given beside `any`"},
      {"{any: [[]]}", ".any[0]: is empty"},
      {"{any: [[{attribute: y}]]}", ".any[0].all[0]: has 0 tests"},
      {"{attribute: amount, above: much}", ".above: "},
  };
  for (const auto& m : kMistakes) {
    ExpectFinding("error", {absl::StrCat("measure: {deals: {where: [", m.condition, "]}}"),
                            absl::StrCat(kWhere, m.want)});
  }
}

TEST(CompileTest, Warnings) {
  const Mistake kWarnings[] = {
      {"payout: {rate: -5%}", ".payout.rate: -5% is negative"},
      {"payout: {rate: 5}", ".payout.rate: a rate of 5 is 500%: write \"5%\""},
      {"payout: {fixed: -5}", ".payout.fixed: -5 is negative"},
      {"target: {fixed: 0}", ".target.fixed.value: a target of 0"},
      {"payout: {bands: [{upto: 5, rate: 1%}]}",
       ".payout.bands.bands[0]: is the last band and ends: nothing more is paid above 5"},
      {"payout: {bands: {mode: RETROACTIVE, bands: [{upto: 5, fixed: 1}]}}",
       ".payout.bands.bands[0]: is the last band and ends: nothing is paid above 5"},
      {"payout: {bands: {mode: INTERPOLATED, bands: [{fixed: 1}]}}",
       ".payout.bands.bands[0]: accrues nothing"},
      {"payout: {bands: [{rate: 1%, retroactive: true}]}",
       ".payout.bands.bands[0].retroactive: has no effect on the first band"},
      {"measure: {deals: {value: COUNT}}\n"
       "payout: {bands: {mode: RETROACTIVE, bands: [{upto: 1.2, fixed: 1}, {upto: 1.5, fixed: 2}, "
       "{fixed: 3}]}}",
       ".payout.bands.bands[1]: can never be reached"},
      {"weight: 50%", ".weight: has no effect"},
      {"target_weights: {Q1: 1}", ".target_weights: has no effect"},
      {"target_weights: {Q1: 50%, Q2: 20%}\npayout: {bands: [{multiple: 1}]}",
       ".target_weights: add up to 70%"},
      {"scope: TEAM\nmeasure: {deals: {}, scope: OWN}", ".scope: has no effect"},
      {"window: 2024-01-01..2024-01-31", ".window: lies outside"},
  };
  for (const Mistake& warning : kWarnings) ExpectFinding("warning", warning);
}

TEST(CompileTest, AMissingTargetIsNamedWithWhatToAdd) {
  v1::Plan plan = PlanOf(PlanWith("payout: {bands: {basis: ATTAINMENT, bands: [{multiple: 1}]}}"));
  plan.mutable_components(0)->clear_target();
  const std::string text = ErrorText(CompilePlan(plan).diagnostics);
  EXPECT_THAT(text, HasSubstr("components[0].payout.bands.basis: ATTAINMENT is measure / target, "
                              "and the component has no target: add `target`"));
  EXPECT_THAT(text, HasSubstr("components[0].payout.bands.bands[0].multiple: "));
}

TEST(CompileTest, AMissingMeasureIsNamedOnlyWhereOneIsNeeded) {
  for (const bool fixed : {false, true}) {
    v1::Plan plan = PlanOf(PlanWith(fixed ? "payout: {fixed: 5}" : "payout: {rate: 5%}"));
    plan.mutable_components(0)->clear_measure();
    EXPECT_EQ(CompilePlan(plan).program.has_value(), fixed);
  }
}

TEST(CompileTest, MistakesOfThePlanAreAllNamedAtOnce) {
  v1::Plan plan = PlanOf(PlanWith(""));
  plan.set_plan_id("-x");
  plan.set_currency("usd");
  plan.mutable_effective()->set_start("2025-02-30");
  plan.mutable_effective()->set_end("soon");
  plan.mutable_eligibility()->add_participants("a b");
  plan.mutable_eligibility()->add_roles("");
  (*plan.mutable_eligibility()->mutable_attributes())["region"];
  *plan.add_components() = plan.components(0);
  std::vector<std::string> fields;
  for (const PlanDiagnostic& d : CompilePlan(plan).diagnostics) fields.push_back(d.field);
  EXPECT_THAT(fields, testing::UnorderedElementsAre(
                          "plan_id", "currency", "effective.start", "effective.end",
                          "eligibility.participants[0]", "eligibility.roles[0]",
                          "eligibility.attributes[region]", "components[1].component_id"));
}

TEST(CompileTest, AnEmptyPlanNamesWhatItNeeds) {
  std::vector<std::string> fields;
  for (const PlanDiagnostic& d : CompilePlan(v1::Plan()).diagnostics) fields.push_back(d.field);
  EXPECT_THAT(fields, testing::UnorderedElementsAre("plan_id", "currency", "effective.start",
                                                    "components"));
}

TEST(CompileTest, AnEndBeforeTheStartIsAMistake) {
  v1::Plan plan = PlanOf(PlanWith(""));
  plan.mutable_effective()->set_end("2024-12-31");
  EXPECT_EQ(ErrorText(CompilePlan(plan).diagnostics),
            "effective.end: 2024-12-31 is before the start, 2025-01-01");
  plan.mutable_effective()->set_end("2025-01-01");
  EXPECT_TRUE(CompilePlan(plan).program.has_value());
}

TEST(CompileTest, WeightsOfTargetIncentiveAddUpToOneOrAreWarnedOf) {
  v1::Plan plan = PlanOf(PlanWith("payout: {bands: [{multiple: 1}]}\nweight: 60%"));
  *plan.add_components() = plan.components(0);
  plan.mutable_components(1)->set_component_id("b");
  EXPECT_THAT(
      Lines(CompilePlan(plan).diagnostics),
      HasSubstr("components: the weights of those that pay target incentive add up to 120%"));
  plan.mutable_components(1)->set_weight("0.4");
  EXPECT_THAT(CompilePlan(plan).diagnostics, IsEmpty());
}

TEST(CompileTest, WhatALaterReleaseWroteIsRefused) {
  v1::Plan plan = PlanOf(PlanWith(""));
  plan.mutable_components(0)->set_scope(static_cast<v1::Scope>(99));
  v1::Component* component = plan.mutable_components(0);
  component->GetReflection()->MutableUnknownFields(component)->AddVarint(4711, 1);
  EXPECT_EQ(ErrorText(CompilePlan(plan).diagnostics),
            "components[0]: has a field number 4711 that this release does not know\n"
            "components[0].scope: has a value 99 that this release does not know");
}

}  // namespace
}  // namespace payfold
