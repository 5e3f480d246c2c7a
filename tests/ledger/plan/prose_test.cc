#include "ledger/plan/prose.h"

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Lines;
using ::payfold_testing::PlanWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ProseOf(const std::string& component) {
  const CompiledPlan compiled = CompilePlanDocument(PlanWith(component), nullptr);
  EXPECT_TRUE(compiled.program.has_value()) << Lines(compiled.diagnostics);
  return compiled.program.has_value() ? PlanProse(*compiled.program) : "";
}

TEST(ProseTest, MeasuresReadAsText) {
  const struct {
    std::string measure;
    std::string want;
  } kCases[] = {
      {"{deals: {}}", "credited amount of own deals"},
      {"{deals: {value: DEAL_AMOUNT}, scope: TEAM}", "whole amount of deals of the team"},
      {"{deals: {value: COUNT}, scope: REPORTS}", "number of deals of one's reports"},
      {"{deals: {value: SHARED_COUNT}}", "number by share of own deals"},
      {"{deals: {where: [{attribute: product, any_of: [A, B]}]}}",
       "credited amount of own deals where product is one of A, B"},
      {"{deals: {where: [{attribute: source, none_of: [crm]}, {attribute: amount, above: 5000}]}}",
       "credited amount of own deals where source is not crm and amount is above 5,000"},
      {"{deals: {where: [{any: [[{attribute: a, any_of: [x]}, {attribute: b, below: 3}], "
       "[{attribute: c, any_of: [y]}]]}]}}",
       "credited amount of own deals where either a is x and b is below 3, or c is y"},
  };
  for (const auto& c : kCases) {
    const CompiledPlan compiled = CompilePlanDocument(PlanWith("measure: " + c.measure), nullptr);
    ASSERT_TRUE(compiled.program.has_value()) << Lines(compiled.diagnostics);
    EXPECT_EQ(MeasureText(*compiled.program->components[0].measure), c.want);
  }
}

TEST(ProseTest, APlanReadsAsParagraphs) {
  EXPECT_EQ(ProseOf("display_name: Commission\n"
                    "period: QUARTER\n"
                    "target: {fixed: 75000}\n"
                    "payout: {bands: {basis: ATTAINMENT, bands: [{upto: 100%, rate: 5%}, "
                    "{rate: 7.5%, retroactive: true}]}}"),
            "ae pays in USD from 2025-01-01 on.\n"
            "In the plan: whoever is assigned.\n"
            "\n"
            "Commission (a), each quarter.\n"
            "Measured: credited amount of own deals, against USD 75,000.\n"
            "Paid: by attainment, band by band:\n"
            "  - from 0% up to 100%: 5% of the part inside\n"
            "  - from 100%: 7.5% of the part inside, and once it is reached on everything below "
            "too\n"
            "Earned as facts arrive.\n");
}

TEST(ProseTest, EachPayoutSaysWhatItPays) {
  const struct {
    std::string component;
    std::string want;
  } kCases[] = {
      {"payout: {rate: 5%}", "Paid: 5% of that."},
      {"payout: {per_unit: 1250.5}", "Paid: USD 1,250.5 for each unit of that."},
      {"payout: {fixed: 300}", "Paid: USD 300."},
      {"payout: {per_deal: {rate: 1%, min_amount: 1000, cap: 500}}",
       "Paid: each deal by itself, from a credit of USD 1,000, at most USD 500: 1% of its credit."},
      {"payout: {bands: {mode: RETROACTIVE, by: {measure: {deals: {value: COUNT}}, target: "
       "{quota: wins}}, edges: UPPER_INCLUSIVE, bands: [{upto: 1, rate: 1%}, {rate: 2%}]}}",
       "Paid: by attainment of number of own deals against the quota of wins, the band reached "
       "counts:\n  - above 0% up to and including 100%: 1% of the whole\n  - above 100%: 2% of "
       "the whole"},
      {"payout: {bands: {mode: INTERPOLATED, bands: [{upto: 10, fixed: 5}]}}",
       "  - from USD 0 up to USD 10: USD 5 spread evenly over it"},
      {"window: 2025-04-01..2025-06-30", "a, from 2025-04-01 to 2025-06-30."},
      {"payout: {bands: [{multiple: 1}]}\nweight: 40%\ntarget_weights: {H1: 40%, H2: 60%}",
       "Its share of the target incentive is 40%.\n"
       "The annual target incentive is spread: H1 40%, H2 60%."},
  };
  for (const auto& c : kCases) EXPECT_THAT(ProseOf(c.component), HasSubstr(c.want));
}

// The page of the language shows one complete plan: it is a valid one.
TEST(ProseTest, TheExampleOfTheLanguagePageCompiles) {
  std::ifstream file(PAYFOLD_LANGUAGE_PAGE);
  std::stringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  const std::string kOpening = "```yaml\n";
  const size_t begin = text.find(kOpening);
  ASSERT_NE(begin, std::string::npos);
  const size_t end = text.find("```", begin + kOpening.size());
  ASSERT_NE(end, std::string::npos);
  const CompiledPlan compiled = CompilePlanDocument(
      text.substr(begin + kOpening.size(), end - begin - kOpening.size()), nullptr);
  EXPECT_TRUE(compiled.program.has_value());
  EXPECT_THAT(Lines(compiled.diagnostics), IsEmpty());
}

}  // namespace
}  // namespace payfold
