#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/compile.h"
#include "ledger/plan/document.h"
#include "tests/ledger/plan/compile_testing.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::ExpectErrorsOfDocuments;
using ::payfold_testing::ExpectWarningsOfDocuments;
using ::payfold_testing::Lines;
using ::payfold_testing::PlanAnd;

// A plan of components, each in the flow style: "component_id: a, payout: {…}".
std::string PlanOfComponents(const std::vector<std::string>& components) {
  std::string document = "plan_id: p\ncurrency: USD\neffective: {start: 2025-01-01}\ncomponents:\n";
  for (const std::string& component : components) {
    absl::StrAppend(&document, "  - {", component, "}\n");
  }
  return document;
}

std::string Pays(const std::string& id) {
  return absl::StrCat("component_id: ", id, ", measure: {deals: {}}, payout: {rate: 1%}");
}

std::string PaysOn(const std::string& id, const std::string& used) {
  return absl::StrCat("component_id: ", id, ", measure: {earnings: [", used,
                      "]}, payout: {rate: 1%}");
}

std::string GatedBy(const std::string& id, const std::string& used) {
  return absl::StrCat(Pays(id), ", gates: [{component: ", used, ", above: 0}]");
}

TEST(CompileUsesTest, ComponentsMayUseOthersInAnyOrder) {
  const std::string document = PlanOfComponents(
      {PaysOn("a", "b, p/c, other/a"), GatedBy("b", "c"), Pays("c"), GatedBy("d", "c")});
  EXPECT_EQ(Lines(CompilePlanDocument(document, nullptr).diagnostics), "");
}

// [5.earnings.cycle]
TEST(CompileUsesTest, AComponentThatDependsOnItselfDoesNotCompile) {
  const std::string kEarnings = "measure.earnings.components[0]";
  ExpectErrorsOfDocuments({
      {PlanOfComponents({PaysOn("a", "a")}),
       "components[0]." + kEarnings + ": makes the component depend on itself, on a: remove it"},
      {PlanOfComponents({PaysOn("a", "p/a")}), "components[0]." + kEarnings + ": makes the compon"},
      {PlanOfComponents({GatedBy("a", "a")}), "components[0].gates[0].component: makes the compon"},
      {PlanOfComponents({PaysOn("a", "b"), PaysOn("b", "c"), GatedBy("c", "a")}),
       "components[0]." + kEarnings +
           ": makes the component depend on itself, on b, which depends on c, which depends on a: "
           "break the circle"},
      {PlanOfComponents({Pays("a") + ", multipliers: [{measure: {ratio: {numerator: {earnings: "
                                     "[a]}, denominator: {deals: {}}}}, bands: [{multiple: 2}]}]"}),
       "components[0].multipliers[0].measure.ratio.numerator.earnings.components[0]: makes the "},
      {PlanAnd("eligibility: {rank_band: {measure: {earnings: [a]}, period: MONTH, to_pct: 10}}"),
       "eligibility.rank_band.measure.earnings.components[0]: ranks by what a of this plan pays"},
  });
}

TEST(CompileUsesTest, EveryCircleIsNamedOnce) {
  const std::string document = PlanOfComponents(
      {PaysOn("a", "b"), PaysOn("b", "a"), PaysOn("c", "d"), PaysOn("d", "c"), PaysOn("e", "a")});
  EXPECT_EQ(CompilePlanDocument(document, nullptr).diagnostics.size(), 2U);
}

TEST(CompileUsesTest, AComponentThatIsNotThereIsNamedWithTheNearest) {
  ExpectErrorsOfDocuments({
      {PlanOfComponents({Pays("commission"), GatedBy("bonus", "comission")}),
       "components[1].gates[0].component: \"comission\" is not a component of this plan: did you "
       "mean `commission`?"},
      {PlanOfComponents({Pays("a"), PaysOn("b", "zzzzzz")}),
       "components[1].measure.earnings.components[0]: \"zzzzzz\" is not a component of this plan: "
       "they are a, b"},
  });
}

TEST(CompileUsesTest, WhatPaysNoMoneyIsWarnedOf) {
  ExpectWarningsOfDocuments({{PlanOfComponents({Pays("a") + ", reward: points", GatedBy("b", "a")}),
                              "components[1].gates[0].component: \"a\" pays no money"}});
}

}  // namespace
}  // namespace payfold
