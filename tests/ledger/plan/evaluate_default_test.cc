#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/compile.h"
#include "tests/ledger/plan/compile_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Compiled;
using ::payfold_testing::CompiledDocument;

// Calculation 8: RUNNING is the default for rate, per_unit, bands, curve and
// per_deal over deals, metric SUM, COUNT, COUNT_DISTINCT and sums of these,
// without gates on anything else, multipliers or population targets.
// [8.running.default]
TEST(EvaluateDefaultTest, ByPayout) {
  const struct {
    std::string payout;
    bool running;
  } kCases[] = {
      {"{rate: 5%}", true},
      {"{per_unit: 5}", true},
      {"{bands: [{fixed: 5}]}", true},
      {"{curve: {points: [{attainment: 1, multiple: 1}]}}", true},
      {"{per_deal: {rate: 5%}}", true},
      {"{fixed: 5}", false},
      {"{matrix: {rows: {edges: [5]}, columns: {edges: [5]}, cells: [[{fixed: 1}, {fixed: 1}], "
       "[{fixed: 1}, {fixed: 1}]]}}",
       false},
      {"{rank: {awards: [5]}}", false},
      {"{pool: {amount: 5}}", false},
      {"goals\ngoals: [{goal_id: a, target: {fixed: 5}, amount: 5}]", false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Compiled("payout: " + c.payout).running, c.running) << c.payout;
  }
}

// [8.running.default]
TEST(EvaluateDefaultTest, ByMeasure) {
  const struct {
    std::string measure;
    bool running;
  } kCases[] = {
      {"{deals: {value: DEAL_AMOUNT}}", true},
      {"{deals: {value: COUNT}}", true},
      {"{deals: {value: SHARED_COUNT}, scope: COMPANY}", true},
      {"{deals: {value: COUNT_DISTINCT(customer_id)}}", true},
      {"{metric: a}", true},
      {"{metric: {name: a, aggregate: COUNT}}", true},
      {"{metric: {name: a, aggregate: COUNT_DISTINCT(room)}}", true},
      {"{metric: {name: a, aggregate: AVG}}", false},
      {"{metric: {name: a, aggregate: MIN}}", false},
      {"{metric: {name: a, aggregate: MAX}}", false},
      {"{metric: {name: a, aggregate: LAST}}", false},
      {"{metric: {name: a, aggregate: NPS}}", false},
      {"{sum: {measures: [{deals: {}}, {sum: {measures: [{metric: a}]}}]}}", true},
      {"{sum: {measures: [{deals: {}}, {metric: {name: a, aggregate: AVG}}]}}", false},
      {"{ratio: {numerator: {deals: {}}, denominator: {deals: {}}}}", false},
      {"{growth: {of: {deals: {}}}}", false},
      {"{earnings: [other/a]}", false},
      {"{periods: {of: {deals: {}}, period: WEEK, at_least: 5}}", false},
      {"{attribute: level}", false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Compiled("measure: " + c.measure).running, c.running) << c.measure;
  }
}

// [8.running.default]
TEST(EvaluateDefaultTest, ByGatesMultipliersAndTargets) {
  const struct {
    std::string lines;
    bool running;
  } kCases[] = {
      {"gates: [{at_least: 5}]", true},
      {"gates: [{at_least: 50%, target: {quota: a}}]", true},
      {"gates: [{measure: {metric: calls}, at_least: 5}]", true},
      {"gates: [{measure: {metric: {name: a, aggregate: AVG}}, at_least: 5}]", false},
      {"gates: [{at_least: 5}, {measure: {earnings: [p/a]}, at_least: 5}]", false},
      {"gates: [{at_least: 50%, target: {population: {stat: MEAN}}}]", false},
      {"multipliers: [{bands: [{upto: 5, multiple: 2}]}]", false},
      {"target: {population: {stat: MEAN}}", false},
      {"target: {previous: 1}", true},
      {"cap: 5\nfloor: 1", true},
      // `by` does not change the default, whatever it measures.
      {"payout: {bands: {mode: RETROACTIVE, by: {measure: {metric: {name: a, aggregate: AVG}}, "
       "target: {population: {stat: MEAN}}}, bands: [{rate: 5%}]}}",
       true},
  };
  for (const auto& c : kCases) EXPECT_EQ(Compiled(c.lines).running, c.running) << c.lines;
}

// [8.running.default]
TEST(EvaluateDefaultTest, AGateOnAComponentIsOnSomethingElse) {
  const Program program = CompiledDocument(
      "plan_id: p\ncurrency: USD\neffective: {start: 2025-01-01}\ncomponents:\n"
      "  - {component_id: a, measure: {deals: {}}, payout: {rate: 1%}}\n"
      "  - {component_id: b, measure: {deals: {}}, payout: {rate: 1%}, gates: [{component: a, "
      "above: 0}]}\n");
  EXPECT_TRUE(program.components[0].running);
  EXPECT_FALSE(program.components[1].running);
}

// [8.running.default]
TEST(EvaluateDefaultTest, AComponentMayNameEither) {
  EXPECT_FALSE(Compiled("evaluate: PERIOD_END").running);
  EXPECT_TRUE(Compiled("payout: {fixed: 5}\nevaluate: running").running);
  EXPECT_TRUE(Compiled("measure: {attribute: level}\nevaluate: RUNNING").running);
}

}  // namespace
}  // namespace payfold
