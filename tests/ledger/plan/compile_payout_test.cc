#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/compile.h"
#include "tests/ledger/plan/compile_testing.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Compile;
using ::payfold_testing::Compiled;
using ::payfold_testing::ExpectErrors;
using ::payfold_testing::ExpectErrorsOfDocuments;
using ::payfold_testing::ExpectWarnings;
using ::payfold_testing::Lines;

// A component without measure and target.
std::string Bare(const std::string& rest) {
  return "plan_id: p\ncurrency: USD\neffective: {start: 2025-01-01}\ncomponents:\n"
         "  - {component_id: a, " +
         rest + "}\n";
}

TEST(CompilePayoutTest, SimpleMistakes) {
  ExpectErrors({
      {"payout: {}", ".payout: is required"},
      {"payout: {}\nreward: money", ".payout: is required"},
      {"payout: {rate: five}", ".payout.rate: "},
      {"payout: {per_unit: 5%}", ".payout.per_unit: \"5%\" is a percentage"},
      {"payout: {fixed: 0.1234567891}", ".payout.fixed: "},
  });
  ExpectWarnings({
      {"payout: {rate: -5%}", ".payout.rate: -5% is negative"},
      {"payout: {rate: 5}", ".payout.rate: a rate of 5 is 500%: write \"5%\""},
      {"payout: {fixed: -5}", ".payout.fixed: -5 is negative"},
  });
}

TEST(CompilePayoutTest, WhatIsMissingIsNamedWithWhatToAdd) {
  const std::string kComponent = "components[0]";
  ExpectErrorsOfDocuments({
      {Bare("payout: {rate: 5%}"), kComponent + ".measure: is required by this payout"},
      {Bare("payout: {rank: {awards: [5]}}"), kComponent + ".measure: is required by this payout"},
      {Bare("payout: {pool: {rate: 1%}}"), kComponent + ".measure: is required by this payout"},
      {Bare("measure: {deals: {}}, payout: {curve: {points: [{attainment: 1, multiple: 1}]}}"),
       kComponent +
           ".payout.curve: pays by attainment, measure / target, and the component has no"},
      {Bare("measure: {deals: {}}, payout: {pool: {rate: 1%, scale: ATTAINMENT}}"),
       kComponent + ".payout.pool.scale: ATTAINMENT is measure / target, and the component has no"},
      {Bare("measure: {deals: {}}, payout: {bands: {basis: ATTAINMENT, bands: [{rate: 1%}]}}"),
       kComponent +
           ".payout.bands.basis: ATTAINMENT is measure / target, and the component has no"},
      {Bare("payout: {matrix: {rows: {edges: [1]}, columns: {edges: [1]}, cells: []}}"),
       kComponent + ".payout.matrix.rows.measure: is required: the component has no measure"},
      {Bare("payout: {matrix: {rows: {measure: {deals: {}}, edges: []}, columns: {measure: {deals: "
            "{}}, edges: []}, cells: [[{rate: 1%}]]}}"),
       kComponent + ".payout.matrix.cells[0].cells[0].rate: is of the component's measure"},
      {Bare("payout: {fixed: 5}, gates: [{at_least: 5}]"),
       kComponent + ".gates[0].measure: is required: the component has no measure"},
      {Bare("payout: {fixed: 5}, multipliers: [{bands: [{multiple: 2}]}]"),
       kComponent + ".multipliers[0].measure: is required: the component has no measure"},
      {Bare("payout: goals, goals: [{goal_id: g, target: {fixed: 5}, amount: 5}]"),
       kComponent + ".goals[0].measure: is required: the component has no measure"},
  });
}

TEST(CompilePayoutTest, ARateByNamesOneAttributeAndItsRates) {
  const Component deal = Compiled("payout: {rate: 5%, rate_by: {product: {A: 6%, B: 7%}}}");
  EXPECT_EQ(deal.payout.rate_by->by, "product");
  EXPECT_EQ(deal.payout.rate_by->values.at("B"), Rational::Of(7, 100));
  EXPECT_EQ(deal.payout.value, Rational::Of(5, 100));
  const Component unit =
      Compiled("measure: {metric: calls}\npayout: {per_unit: 5, rate_by: {role: {AE: 600}}}");
  EXPECT_EQ(unit.payout.rate_by->values.at("AE"), Rational(600));
  const std::string kBy = ".payout.rate_by";
  ExpectErrors({
      {"payout: {fixed: 5, rate_by: {product: {A: 6%}}}", kBy + ": is for payout `rate` or `per_u"},
      {"payout: {rate: 5%, rate_by: {product: {A: 6%}, role: {B: 1%}}}", kBy + ": names 2 attribu"},
      {"payout: {rate: 5%, rate_by: {product: {}}}", kBy + "[product]: is empty"},
      {"payout: {rate: 5%, rate_by: {product: {A: x}}}", kBy + "[product].rates[A]: \"x\" is not"},
      {"payout: {rate: 5%, rate_by: {tenure_months: {-1: 1%}}}",
       kBy + "[tenure_months].rates[-1]: \"-1\" is not a number of whole months"},
      {"measure: {metric: calls}\npayout: {rate: 5%, rate_by: {product: {A: 6%}}}",
       kBy + "[product]: \"product\" is looked up in each deal credited, and the measure is not"},
      {"measure: {deals: {value: COUNT_DISTINCT(customer_id)}}\n"
       "payout: {per_unit: 5, rate_by: {product: {A: 6}}}",
       kBy + "[product]: \"product\" is looked up in each deal credited"},
  });
}

TEST(CompilePayoutTest, PerDealPaysOnTheOwnCreditOfEachDealAlone) {
  const std::string kDeal = ".payout.per_deal";
  ExpectErrors({
      {"measure: {deals: {value: COUNT}}\npayout: {per_deal: {rate: 1%}}",
       ".measure.deals.value: COUNT does not go with per_deal"},
      {"measure: {metric: calls}\npayout: {per_deal: {rate: 1%}}",
       ".measure: does not go with per_deal"},
      {"scope: TEAM\npayout: {per_deal: {rate: 1%}}", ".scope: per_deal pays on the "},
      {"measure: {deals: {}, scope: TEAM}\npayout: {per_deal: {rate: 1%}}",
       ".measure.scope: per_deal pays on the "},
      {"payout: {per_deal: {}}", kDeal + ": says not what a deal pays"},
      {"payout: {per_deal: {rate: 1%, min_amount: -1}}", kDeal + ".min_amount: -1 is below"},
      {"payout: {per_deal: {rate: 1%, cap: 0}}", kDeal + ".cap: 0 is not above 0"},
      {"payout: {per_deal: {bands: {basis: ATTAINMENT, bands: [{rate: 1%}]}}}",
       kDeal + ".bands.basis: ATTAINMENT is of the period's measure, and per_deal pays"},
      {"payout: {per_deal: {bands: [{multiple: 1}]}}",
       kDeal + ".bands.bands[0].multiple: is of the target incentive by attainment, and per_deal"},
      {"payout: {per_deal: {bands: {mode: RETROACTIVE, by: {measure: {deals: {}}}, bands: [{rate: "
       "1%}]}}}",
       kDeal + ".bands.by: lets another measure choose the band, and per_deal"},
  });
}

TEST(CompilePayoutTest, RankNamesItsAwards) {
  const Rank rank = Compiled("payout: {rank: {awards: [500, 300]}}").payout.rank;
  EXPECT_EQ(rank.population, Scope::kCompany);
  EXPECT_EQ(rank.awards.size(), 2U);
  ExpectErrors({{"payout: {rank: {awards: []}}", ".payout.rank.awards: is empty"}});
  ExpectWarnings({
      {"payout: {rank: {awards: [300, 500]}}", ".payout.rank.awards[1]: 500 is more than the bet"},
      {"payout: {rank: {population: OWN, awards: [5]}}", ".payout.rank.population: OWN ranks"},
  });
}

TEST(CompilePayoutTest, APoolBelongsToTheScopeOfItsComponentOrMeasure) {
  EXPECT_EQ(Compiled("payout: {pool: {amount: 5}}").scope, Scope::kOwn);  // the company's
  EXPECT_EQ(Compiled("scope: TEAM\npayout: {pool: {amount: 5}}").scope, Scope::kTeam);
  EXPECT_EQ(Compiled("measure: {deals: {}, scope: REPORTS}\npayout: {pool: {amount: 5}}").scope,
            Scope::kReports);
  const std::string kPool = ".payout.pool";
  ExpectErrors({
      {"scope: TEAM\nmeasure: {deals: {}, scope: COMPANY}\npayout: {pool: {amount: 5}}",
       ".measure.scope: COMPANY is not the component's scope, TEAM"},
      {"scope: REPORTS_AND_SELF\npayout: {pool: {amount: 5}}", kPool + ": belongs to one group"},
      {"payout: {pool: {share: EQUAL}}", kPool + ": says not how much there is to share"},
      {"payout: {pool: {amount: -5}}", kPool + ".amount: -5 is below 0"},
      {"payout: {pool: {amount: 5, share: BY_ATTRIBUTE}}", kPool + ".attribute: is required by"},
      {"payout: {pool: {amount: 5, attribute: level}}", kPool + ".attribute: is for share BY_ATTR"},
      {"target: goal\ngoals: [{goal_id: a, target: {fixed: 5}}]\n"
       "payout: {pool: {amount: 5, scale: ATTAINMENT}}",
       kPool + ".scale: is by the attainment of the whole group"},
      {"target: {fixed: {by: role, table: {'*': 5}}}\npayout: {pool: {amount: 5, scale: "
       "ATTAINMENT}}",
       kPool + ".scale: is by the attainment of the whole group"},
  });
  EXPECT_TRUE(Compiled("target: {quota: a}\npayout: {pool: {amount: 5, scale: ATTAINMENT}}")
                  .payout.pool.scaled);
}

TEST(CompilePayoutTest, GoalsTakeTheComponentsMeasureUnlessTheyNameTheirOwn) {
  const Component component = Compiled(
      "payout: goals\ngoals: [{goal_id: a, target: {fixed: 5}, amount: 7}, {goal_id: b, measure: "
      "{deals: {value: COUNT}}, target: {fixed: 5}, amount: 8}]");
  ASSERT_EQ(component.goals.size(), 2U);
  EXPECT_EQ(component.goals[0].measure.value, DealValue::kAmount);
  EXPECT_EQ(component.goals[1].measure.value, DealValue::kCount);
  EXPECT_EQ(component.goals[1].amount, Rational(8));
  ExpectErrors({
      {"payout: goals", ".payout.goals: pays the chosen goal, and the component has no `goals`"},
      {"payout: goals\ngoals: [{goal_id: a, amount: 5}]", ".goals[0].target: is required"},
      {"payout: goals\ngoals: [{goal_id: a, target: {fixed: 5}}]", ".goals[0].amount: is required"},
      {"payout: goals\ngoals: [{target: {fixed: 5}, amount: 5}]", ".goals[0].goal_id: is required"},
      {"payout: goals\ngoals: [{goal_id: a, target: {fixed: 5}, amount: 5}, {goal_id: a, target: "
       "{fixed: 5}, amount: 5}]",
       ".goals[1].goal_id: \"a\" is the id of an earlier goal"},
  });
  ExpectWarnings({{"target: goal\ngoals: [{goal_id: a, target: {fixed: 5}, amount: 5}]",
                   ".goals[0].amount: has no effect"}});
}

TEST(CompilePayoutTest, TheDefaultPayoutOfARewardIsOne) {
  for (const std::string reward : {"points", "{badge: rookie}", "{item: {name: Dinner}}"}) {
    const Component component = Compiled("payout: {}\nreward: " + reward);
    EXPECT_EQ(component.payout.kind, Payout::Kind::kFixed) << reward;
    EXPECT_EQ(component.payout.value, Rational(1)) << reward;
  }
  ExpectErrors({
      {"reward: {}", ".reward: names no kind of reward"},
      {"reward: {badge: {}}", ".reward.badge.badge_id: is required"},
      {"reward: {item: {}}", ".reward.item.name: is required"},
      {"reward: {item: {name: Dinner, fair_value: -1}}", ".reward.item.fair_value: -1 is below 0"},
  });
}

}  // namespace
}  // namespace payfold
