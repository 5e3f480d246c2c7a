#include "ledger/plan/compile.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "tests/ledger/plan/compile_testing.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Compile;
using ::payfold_testing::Compiled;
using ::payfold_testing::CompiledDocument;
using ::payfold_testing::ExpectErrors;
using ::payfold_testing::ExpectErrorsOfDocuments;
using ::payfold_testing::ExpectWarnings;
using ::payfold_testing::ExpectWarningsOfDocuments;
using ::payfold_testing::Lines;
using ::payfold_testing::PlanAnd;
using ::payfold_testing::PlanOf;
using ::payfold_testing::PlanWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

TEST(CompileTest, MistakesOfComponents) {
  ExpectErrors({
      {"display_name: " + std::string(201, 'x'), ".display_name: has 201 characters"},
      {"period: MONTH\nwindow: 2025-01-01..2025-01-31", ".window: is given beside `period`"},
      {"window: 2025-Q1", ".window: \"2025-Q1\" is not a window"},
      {"window: 2025-02-01..2025-01-01", ".window: "},
      {"weight: -1", ".weight: -1 is below 0"},
      {"period: QUARTER\ntarget_weights: {01: 1}", ".target_weights[01]: \"01\" is not the label"},
      {"target_weights: {Q1: 50%, 03: 50%}", ".target_weights[Q1]: \"Q1\" is not the label"},
      {"window: 2025-01-01..2025-01-31\ntarget_weights: {Q1: 1}", ".target_weights[Q1]: "},
      {"target_weights: {Q1: -1}", ".target_weights[Q1]: -1 is below 0"},
      {"floor: -1", ".floor: -1 is below 0"},
      {"floor: 10\ncap: 5", ".cap: of 5 is below the floor of 10"},
      {"prorate: [PRORATE]", ".prorate[0]: \"PRORATE\" is none of TARGET, AMOUNTS, BANDS"},
  });
}

TEST(CompileTest, FieldsWithoutEffectAreWarnedOf) {
  ExpectWarnings({
      {"weight: 50%", ".weight: has no effect"},
      {"target_weights: {Q1: 1}", ".target_weights: has no effect"},
      {"target_weights: {Q1: 50%, Q2: 20%}\npayout: {bands: [{multiple: 1}]}",
       ".target_weights: add up to 70%"},
      {"scope: TEAM\nmeasure: {deals: {}, scope: OWN}", ".scope: has no effect"},
      {"scope: TEAM\nmeasure: {attribute: level}", ".scope: has no effect"},
      {"window: 2024-01-01..2024-01-31", ".window: lies outside"},
      {"goals: [{goal_id: a, target: {fixed: 5}}]", ".goals: has no effect: choose payout"},
      {"measure: {metric: calls}\ntrigger: COLLECTED",
       ".trigger: has no effect: nothing here meas"},
      {"measure: {deals: {value: COUNT}}\nfx: PLAN_START", ".fx: has no effect: nothing here meas"},
      {"measure: {metric: calls}\nclawback: {mode: NONE}", ".clawback: has no effect"},
      {"prorate: [AMOUNTS]", ".prorate: has no effect on AMOUNTS"},
      {"prorate: [BANDS]", ".prorate: has no effect on BANDS"},
      {"prorate: [TARGET, TARGET]", ".prorate[1]: is named twice"},
      {"reward: points\nschedule: [{share: 1, due: BOOKED}]", ".schedule: has no effect: only mon"},
  });
}

TEST(CompileTest, ProrationIsReadAsAsked) {
  const Component component = Compiled("prorate: [TARGET, BANDS]\npayout: {bands: [{rate: 1%}]}");
  EXPECT_TRUE(component.prorate_target);
  EXPECT_FALSE(component.prorate_amounts);
  EXPECT_TRUE(component.prorate_bands);
  EXPECT_THAT(Lines(Compile("payout: {bands: [{multiple: 1}]}\nprorate: [AMOUNTS]").diagnostics),
              IsEmpty());
}

TEST(CompileTest, WhatThePlanSaysOfAllItsComponents) {
  const Program program = CompiledDocument(
      PlanAnd("cap: 5000\nbudget: {amount: 100000, period: YEAR}\nprorate_by: DAYS\n"
              "draw: {amount: 1000, per: WEEK, recover_from: EARNINGS, recoverable: true}"));
  EXPECT_EQ(program.cap, Rational(5000));
  EXPECT_EQ(program.budget->period, PeriodKind::kYear);
  EXPECT_EQ(program.draw->per, PeriodKind::kWeek);
  EXPECT_TRUE(program.draw->from_earnings && program.draw->recoverable);
  EXPECT_EQ(program.draw->recovery_rate, Rational(1));
  EXPECT_FALSE(program.prorate_by_months);
}

TEST(CompileTest, MistakesOfWhatThePlanSaysOfAllItsComponents) {
  ExpectErrorsOfDocuments({
      {PlanAnd("cap: {multiple_of_target_incentive: 3}"), "cap.multiple_of_target_incentive: is "},
      {PlanAnd("cap: {amount: 5, per: DEAL}"), "cap.per: DEAL is for a component's cap"},
      {PlanAnd("cap: {amount: 5, excess: CARRY}"), "cap.excess: is for a component's cap"},
      {PlanAnd("cap: {per: PERIOD}"), "cap: states no limit"},
      {PlanAnd("budget: {period: YEAR}"), "budget.amount: is required"},
      {PlanAnd("budget: {amount: -5}"), "budget.amount: -5 is below 0"},
      {PlanAnd("draw: {recoverable: true}"), "draw.amount: is required"},
      {PlanAnd("draw: {amount: 5, recovery_rate: 150%}"),
       "draw.recovery_rate: 150% is not a share"},
      {PlanAnd("draw: {amount: 5, recovery_cap: -1%}"), "draw.recovery_cap: -1% is not a share"},
      {PlanAnd("draw: {amount: 5, recover_after: {months: -1}}"),
       "draw.recover_after.months: -1 i"},
      {PlanAnd("draw: {amount: 5, max_balance: -1}"), "draw.max_balance: -1 is below 0"},
      {PlanAnd("draw: {amount: 5, periods: -1}"), "draw.periods: -1 is below 0"},
  });
  ExpectWarningsOfDocuments({
      {PlanAnd("cap: 0"), "cap.amount: of 0 pays nothing"},
      {PlanAnd("draw: {amount: 5, recover_from: EARNINGS, max_balance: 5}"),
       "draw.max_balance: has no effect"},
      {PlanAnd("draw: {amount: 5, recover_after: {}}"), "draw.recover_after: of 0 months has no"},
      {PlanAnd("prorate_by: MONTHS"), "prorate_by: has no effect: no component has `prorate`"},
  });
}

TEST(CompileTest, RankBandsNameTheirMeasurePeriodAndBand) {
  const std::string kBefore = "eligibility: {rank_band: {";
  const Program program =
      CompiledDocument(PlanAnd(kBefore + "measure: {deals: {}}, period: QUARTER, to_pct: 10}}"));
  ASSERT_TRUE(program.eligibility.rank_band.has_value());
  EXPECT_EQ(program.eligibility.rank_band->from_pct, Rational(0));
  EXPECT_EQ(program.eligibility.rank_band->to_pct, Rational(10));
  EXPECT_FALSE(program.eligibility.is_empty());
  const std::string kBand = "eligibility.rank_band";
  ExpectErrorsOfDocuments({
      {PlanAnd(kBefore + "period: QUARTER, to_pct: 10}}"), kBand + ".measure: is required"},
      {PlanAnd(kBefore + "measure: {deals: {}}, to_pct: 10}}"), kBand + ".period: is required"},
      {PlanAnd(kBefore + "measure: {deals: {}}, period: MONTH}}"), kBand + ": states no band"},
      {PlanAnd(kBefore + "measure: {deals: {}}, period: MONTH, from_pct: 10, to_pct: 10}}"),
       kBand + ".to_pct: 10 is not above from_pct, 10"},
      {PlanAnd(kBefore + "measure: {deals: {}}, period: MONTH, to_pct: 101}}"),
       kBand + ".to_pct: 101 is not from 0 to 100"},
  });
}

}  // namespace
}  // namespace payfold
