#include "ledger/plan/prose.h"

#include <string>

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
      {"{deals: {value: COUNT_DISTINCT(customer_id)}}",
       "number of different customer_id among own deals"},
      {"{metric: {name: calls, aggregate: SUM}, scope: COMPANY}", "total of calls of the company"},
      {"{metric: {name: score, aggregate: AVG}}", "average of own score"},
      {"{metric: {name: score, aggregate: NPS}}", "net promoter score of own score"},
      {"{ratio: {numerator: {deals: {}}, denominator: {metric: calls}}}",
       "credited amount of own deals divided by total of own calls"},
      {"{growth: {of: {deals: {}}}}",
       "growth of credited amount of own deals over the period bef"
       "ore"},
      {"{growth: {of: {deals: {}}, periods_back: 4}}",
       "growth of credited amount of own deals over 4 periods before"},
      {"{sum: {measures: [{metric: {name: a, aggregate: COUNT}}, {attribute: level}], weights: "
       "[40%, -1]}}",
       "40% of number of own a minus one's own level"},
      {"{earnings: [p/a, p/b], scope: REPORTS}", "earnings of one's reports from p/a, p/b"},
      {"{periods: {of: {metric: calls}, period: WEEK, at_least: 50}}",
       "number of weeks in which the total of own calls is at least 50"},
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

TEST(ProseTest, TargetsReadAsText) {
  const struct {
    std::string target;
    std::string want;
  } kCases[] = {
      {"{fixed: {by: tenure_months, table: {0: 5, 12: 9}}}",
       "a number by tenure_months (from month 0 5, from month 12 9) in USD."},
      {"{previous: 1}", "against that of the period before."},
      {"{population: {stat: PERCENTILE(10), scope: TEAM, period: CURRENT, factor: 110%}}",
       "against 110% of the percentile 10 from below of the team in the same period."},
      {"{population: {stat: MEAN_PLUS_SIGMA(2)}}",
       "against the average plus 2 standard deviations of all in the plan in the period before."},
  };
  for (const auto& c : kCases) EXPECT_THAT(ProseOf("target: " + c.target), HasSubstr(c.want));
}

TEST(ProseTest, WhatHoldsForTheWholePlanStandsAtTheEnd) {
  const CompiledPlan compiled = CompilePlanDocument(
      "cap: 5000\nbudget: {amount: 100000, period: YEAR}\n"
      "draw: {amount: 1000, per: WEEK, recoverable: true, recovery_rate: 50%, recovery_cap: 25%, "
      "recover_after: {months: 3}, max_balance: 4000, periods: 6, prorate: true}\n"
      "eligibility: {rank_band: {measure: {deals: {}}, period: QUARTER, to_pct: 10}}\n" +
          PlanWith(""),
      nullptr);
  ASSERT_TRUE(compiled.program.has_value()) << Lines(compiled.diagnostics);
  const std::string prose = PlanProse(*compiled.program);
  EXPECT_THAT(prose, HasSubstr("rank above 0% up to 10% by credited amount of own deals in the "
                               "quarter before"));
  EXPECT_THAT(
      prose,
      HasSubstr("\n\nAn advance of USD 1,000 each week in the first 6 payout periods, by the days "
                "in the plan, which tops up what is earned and is paid back from what is earned "
                "above it (50% of what can be taken, at most 25% of what is earned, not in the "
                "first 3 months); never more than USD 4,000 is owed.\n"
                "At most USD 5,000 for each participant in a payout period.\n"
                "At most USD 100,000 for all together each year, shared in proportion.\n"));
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
      {"payout: {rate: 5%, rate_by: {product: {A: 6%, B: 7%}}}",
       "Paid: 5% (by product: A 6%, B 7%) of that."},
      {"payout: {curve: {points: [{attainment: 50%, multiple: 0.5}, {attainment: 1, multiple: "
       "1}]}}",
       "  - at 50%: 0.5\n  - at 100%: 1\n  - outside: as at the ends"},
      {"payout: {matrix: {rows: {edges: [5]}, columns: {measure: {deals: {}}, target: {quota: q}, "
       "edges: [50%]}, cells: [[{fixed: 1}, {rate: 2%}], [{multiple: 3}, {fixed: 0}]]}}",
       "  - rows by credited amount of own deals, from USD 5\n"
       "  - columns by attainment of credited amount of own deals against the quota of q, from "
       "50%\n"
       "  - row 1: USD 1 | 2% of the measure\n"
       "  - row 2: 3 × target incentive | USD 0"},
      {"payout: {rank: {population: TEAM, awards: [500, 300]}}",
       "Paid: by rank among the team: rank 1 USD 500, rank 2 USD 300."},
      {"scope: TEAM\npayout: {pool: {rate: 1%, scale: ATTAINMENT, share: BY_MEASURE}}",
       "Paid: a pool of 1% of what is measured for the team times the attainment of the team, "
       "shared among the team by what each has measured."},
      {"payout: goals\ngoals: [{goal_id: g, display_name: Five deals, measure: {deals: {value: "
       "COUNT}}, target: {fixed: 5}, amount: 500}]",
       "  - Five deals: USD 500 for number of own deals reaching 5"},
      {"payout: {fixed: 2}\nreward: points", "Paid: 2 points."},
      {"payout: {fixed: 1}\nreward: {badge: rookie}", "Paid: the badge rookie."},
      {"payout: {fixed: 1}\nreward: {item: {name: Dinner, fair_value: 200}}",
       "Paid: Dinner (worth USD 200)."},
      {"gates: [{measure: {deals: {value: COUNT}}, at_least: 5}]",
       "\nOnly if the number of own deals is at least 5; otherwise nothing."},
      {"gates: [{target: {previous: 110%}, above: 80%, otherwise: 50%}]",
       "\nOnly if the credited amount of own deals is above 80% of 110% of that of the period "
       "before; otherwise 50% of it."},
      {"multipliers: [{target: {quota: q}, bands: [{upto: 70%, multiple: 0.5}, {multiple: 2}]}]",
       "\nMultiplied by what the attainment of credited amount of own deals against the quota of q "
       "is: 0.5 up to 70%, 2 from 70%."},
      {"floor: 10\ncap: {amount: 50, excess: CARRY}",
       "\nAt least USD 10.\nAt most USD 50; what is above joins the next period."},
      {"cap: {multiple_of_target_incentive: 3, excess: 10%}",
       "\nAt most 300% of the target incentive; of what is above, 10%."},
      {"clawback: {mode: REVERSE, linear: true, window_months: 12}",
       "\nOf cancelled deals is taken back what remains of 12 months."},
      {"clawback: {mode: REVERSE, window_days: 90}",
       "\nOf cancelled deals is taken back what they paid within 90 days."},
      {"clawback: {mode: REVERSE, schedule: [{upto: 30, percent: 1}, {upto: 60, percent: 50%}]}",
       "\nOf cancelled deals is taken back 100% before day 30, 50% before day 60."},
      {"schedule: [{share: 60%, due: BOOKED}, {share: 40%, due: COLLECTED}]",
       "\nDue: 60% at once, 40% as customers pay."},
      {"prorate: [TARGET]", "\nBy the days in the plan: targets."},
      {"trigger: COLLECTED\nfx: PLAN_START\nsegment: RESTART",
       "\nDeals count when customers pay.\n"
       "Other currencies are converted by the rate of the plan's first day.\n"
       "Earned as facts arrive.\nA change of the plan starts the measure anew."},
      {"window: 2025-04-01..2025-06-30", "a, from 2025-04-01 to 2025-06-30."},
      {"payout: {bands: [{multiple: 1}]}\nweight: 40%\ntarget_weights: {H1: 40%, H2: 60%}",
       "Its share of the target incentive is 40%.\n"
       "The annual target incentive is spread: H1 40%, H2 60%."},
  };
  for (const auto& c : kCases) EXPECT_THAT(ProseOf(c.component), HasSubstr(c.want));
}

// The n-th example of the page of the language, from 0.
std::string ExampleOfThePage(int n) {
  const std::string text = payfold_testing::ReadPlanPage("language.md");
  const std::string kOpening = "```yaml\n";
  size_t begin = 0;
  for (int i = 0; i <= n; ++i) {
    begin = text.find(kOpening, begin);
    if (begin == std::string::npos) return "";
    begin += kOpening.size();
  }
  return text.substr(begin, text.find("```", begin) - begin);
}

// The page shows one complete plan, and one component's parts: they are valid.
TEST(ProseTest, TheExamplesOfTheLanguagePageCompile) {
  for (const std::string& document : {ExampleOfThePage(0), PlanWith(ExampleOfThePage(1))}) {
    const CompiledPlan compiled = CompilePlanDocument(document, nullptr);
    EXPECT_TRUE(compiled.program.has_value());
    EXPECT_THAT(Lines(compiled.diagnostics), IsEmpty());
  }
}

}  // namespace
}  // namespace payfold
