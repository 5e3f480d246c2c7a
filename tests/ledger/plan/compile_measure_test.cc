#include <string>
#include <vector>

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
using ::payfold_testing::ExpectWarnings;
using ::payfold_testing::Lines;
using ::payfold_testing::Mistake;

TEST(CompileMeasureTest, MetricsAreAggregatedAsNamed) {
  const struct {
    std::string aggregate;
    Aggregate want;
    bool is_money;
    bool is_additive;
    bool may_be_undefined;
  } kCases[] = {
      {"SUM", Aggregate::kSum, true, true, false},
      {"COUNT", Aggregate::kCount, false, true, false},
      {"AVG", Aggregate::kAvg, true, false, true},
      {"MIN", Aggregate::kMin, true, false, true},
      {"MAX", Aggregate::kMax, true, false, true},
      {"LAST", Aggregate::kLast, true, false, true},
      {"NPS", Aggregate::kNps, false, false, true},
      {"COUNT_DISTINCT(room)", Aggregate::kCountDistinct, false, false, false},
  };
  for (const auto& c : kCases) {
    const Measure measure =
        *Compiled("measure: {metric: {name: m, unit: MONEY, aggregate: " + c.aggregate + "}}")
             .measure;
    EXPECT_EQ(measure.aggregate, c.want) << c.aggregate;
    EXPECT_EQ(measure.is_money(), c.is_money) << c.aggregate;
    EXPECT_EQ(measure.is_additive(), c.is_additive) << c.aggregate;
    EXPECT_EQ(measure.may_be_undefined(), c.may_be_undefined) << c.aggregate;
  }
  EXPECT_FALSE(Compiled("measure: {metric: m}").measure->is_money());
}

TEST(CompileMeasureTest, ANestedMeasureTakesTheNearestScopeAroundIt) {
  const Component component = Compiled(
      "scope: TEAM\n"
      "measure:\n"
      "  ratio:\n"
      "    numerator: {growth: {of: {deals: {}}}}\n"
      "    denominator:\n"
      "      sum: {measures: [{deals: {}}, {deals: {}, scope: OWN}, {attribute: level}]}\n"
      "      scope: COMPANY");
  const Measure& growth = component.measure->parts[0];
  const Measure& sum = component.measure->parts[1];
  EXPECT_EQ(growth.parts[0].scope, Scope::kTeam);
  EXPECT_EQ(sum.parts[0].scope, Scope::kCompany);
  EXPECT_EQ(sum.parts[1].scope, Scope::kOwn);
  EXPECT_EQ(sum.parts[2].scope, Scope::kOwn);  // an attribute is one's own
}

TEST(CompileMeasureTest, EveryDefaultIsFilledIn) {
  const Measure sum = *Compiled("measure: {sum: {measures: [{deals: {}}, {deals: {}}]}}").measure;
  EXPECT_EQ(sum.weights, std::vector<Rational>({1, 1}));
  EXPECT_EQ(Compiled("measure: {growth: {of: {deals: {}}}}").measure->periods_back, 1);
  const Measure earnings = *Compiled("measure: {earnings: [other/b]}\npayout: {rate: 1%}").measure;
  EXPECT_EQ(earnings.components[0].plan_id, "other");
  EXPECT_EQ(earnings.components[0].component_id, "b");
}

TEST(CompileMeasureTest, MoneySumsAreMoneyAndMixedOnesAreNumbers) {
  const std::string kMixed = "measure: {sum: {measures: [{deals: {}}, {metric: calls}]}}";
  EXPECT_FALSE(Compiled(kMixed).measure->is_money());
  ExpectWarnings({{kMixed, ".measure.sum.measures: sum money with plain numbers"}});
  const std::string kMoney =
      "measure: {sum: {measures: [{deals: {}}, {metric: {name: fees, unit: MONEY}}]}}";
  EXPECT_TRUE(Compiled(kMoney).measure->is_money());
  EXPECT_EQ(Lines(Compile(kMoney).diagnostics), "");
}

TEST(CompileMeasureTest, Mistakes) {
  const std::string kMeasure = ".measure";
  ExpectErrors({
      {"measure: {}", ".measure: names no kind of measure"},
      {"measure: {deals: {attribute: x}}", ".measure.deals.attribute: is for COUNT_DISTINCT only"},
      {"measure: {deals: {value: COUNT_DISTINCT}}",
       ".measure.deals.attribute: is required by COUNT_DISTINCT"},
      {"measure: {metric: {aggregate: SUM}}", ".measure.metric.name: is required"},
      {"measure: {metric: {name: a b}}", ".measure.metric.name: \"a b\" is not an identifier"},
      {"measure: {metric: {name: a, dimension: b}}",
       ".measure.metric.dimension: is for COUNT_DISTINCT only"},
      {"measure: {metric: {name: a, aggregate: COUNT_DISTINCT}}",
       ".measure.metric.dimension: is required by COUNT_DISTINCT"},
      {"measure: {ratio: {numerator: {deals: {}}}}", ".measure.ratio.denominator: is required"},
      {"measure: {ratio: {denominator: {}}}", ".measure.ratio.denominator: names no kind"},
      {"measure: {growth: {periods_back: 2}}", ".measure.growth.of: is required"},
      {"measure: {growth: {of: {deals: {}}, periods_back: -1}}",
       ".measure.growth.periods_back: -1 is below 1"},
      {"measure: {sum: {measures: []}}", ".measure.sum.measures: is empty"},
      {"measure: {sum: {measures: [{deals: {}}], weights: [1, 2]}}",
       ".measure.sum.weights: has 2 for 1 measures"},
      {"measure: {sum: {measures: [{deals: {}}], weights: [much]}}",
       ".measure.sum.weights[0]: \"much\" is not"},
      {"measure: {earnings: []}", ".measure.earnings.components: is empty"},
      {"measure: {earnings: [p/x, p/x]}", ".measure.earnings.components[1]: \"p/x\" is named twi"},
      {"measure: {earnings: [p/x/y]}", ".measure.earnings.components[0]: \"x/y\" is not an ident"},
      {"measure: {earnings: [/x]}", ".measure.earnings.components[0]: is required"},
      {"measure: {periods: {of: {deals: {}}, at_least: 5}}",
       ".measure.periods.period: is required"},
      {"measure: {periods: {of: {deals: {}}, period: WEEK}}",
       ".measure.periods.at_least: is required"},
      {"measure: {periods: {period: WEEK, at_least: 5}}", ".measure.periods.of: is required"},
      {"measure: {periods: {of: {deals: {}}, period: WEEK, at_least: 5%}}",
       ".measure.periods.at_least: \"5%\" is a percentage, but what is measured is an amount"},
      {"measure: {attribute: {}}", ".measure.attribute.name: is required"},
      {"measure: {attribute: level, scope: TEAM}", ".measure.scope: TEAM makes no sense here"},
  });
}

TEST(CompileMeasureTest, Warnings) {
  ExpectWarnings({
      {"measure: {metric: {name: a, aggregate: NPS, unit: MONEY}}",
       ".measure.metric.unit: has no effect: NPS is a plain number"},
      {"period: MONTH\nmeasure: {periods: {of: {deals: {}}, period: MONTH, at_least: 5}}",
       ".measure.periods.period: MONTH is not shorter than MONTH"},
      {"measure: {deals: {where: [{attribute: prodct, any_of: [A]}]}}",
       ".measure.deals.where[0].attribute: \"prodct\" is taken as an attribute of your own: did "
       "you mean `product`?"},
      {"measure: {deals: {where: [{attribute: product, any_of: ['']}]}}",
       ".measure.deals.where[0].any_of: tests for an empty text"},
  });
  // An attribute of one's own that is like none is no typo.
  EXPECT_EQ(
      Lines(Compile("measure: {deals: {where: [{attribute: account, any_of: [A]}]}}").diagnostics),
      "");
}

TEST(CompileMeasureTest, MistakesOfConditions) {
  const Mistake kMistakes[] = {
      {"{attribute: x}", ": has 0 tests"},
      {"{attribute: x, any_of: [a], none_of: [b]}", ": has 2 tests"},
      {"{any_of: [a]}", ".attribute: is required"},
      {"{attribute: x, any: [[{attribute: y, any_of: [a]}]]}", ".attribute: is given beside `any`"},
      {"{any: [[]]}", ".any[0]: is empty"},
      {"{any: [[{attribute: y}]]}", ".any[0].all[0]: has 0 tests"},
      {"{attribute: amount, above: much}", ".above: "},
  };
  for (const Mistake& m : kMistakes) {
    ExpectErrors(
        {{"measure: {deals: {where: [" + m.text + "]}}", ".measure.deals.where[0]" + m.want}});
    ExpectErrors({{"measure: {metric: {name: a, where: [" + m.text + "]}}",
                   ".measure.metric.where[0]" + m.want}});
  }
}

TEST(CompileMeasureTest, TargetsOfEveryKind) {
  const Target table = *Compiled("target: {fixed: {by: role, table: {AE: 5, '*': 3}}}").target;
  EXPECT_EQ(table.table->by, "role");
  EXPECT_EQ(table.table->values.at("*"), Rational(3));
  const Target previous = *Compiled("target: {previous: 110%}").target;
  EXPECT_EQ(previous.kind, Target::Kind::kPrevious);
  EXPECT_EQ(previous.factor, Rational::Of(11, 10));
  EXPECT_EQ(Compiled("target: {previous: {}}").target->factor, Rational(1));
  const Target population = *Compiled("target: {population: {stat: RANK(3)}}").target;
  EXPECT_EQ(population.stat, Target::Stat::kRank);
  EXPECT_EQ(population.argument, Rational(3));
  EXPECT_EQ(population.around, Scope::kCompany);
  EXPECT_FALSE(population.current || population.of_attainment);
  // A population is named by itself alone: not by the component's scope.
  EXPECT_EQ(Compiled("scope: TEAM\ntarget: {population: {stat: MEAN}}").target->around,
            Scope::kCompany);
  // A ratio's target may be written as a percentage.
  EXPECT_EQ(Compiled("measure: {growth: {of: {deals: {}}}}\ntarget: {fixed: 20%}").target->fixed,
            Rational::Of(1, 5));
}

TEST(CompileMeasureTest, MistakesOfTargets) {
  ExpectErrors({
      {"target: {}", ".target: names no kind of target"},
      {"target: {fixed: {}}", ".target.fixed: states no number"},
      {"target: {fixed: 50%}", ".target.fixed.value: \"50%\" is a percentage"},
      {"target: {fixed: {value: 5, by: role, table: {AE: 5}}}", ".target.fixed: states both"},
      {"target: {fixed: {table: {AE: 5}}}", ".target.fixed.by: is required by the table"},
      {"target: {fixed: {by: role}}", ".target.fixed.table: is required by `by`"},
      {"target: {fixed: {by: tenure_months, table: {new: 5}}}",
       ".target.fixed.table[new]: \"new\" is not a number of whole months"},
      {"target: {quota: {}}", ".target.quota.metric: is required"},
      {"target: {quota: a b}", ".target.quota.metric: \"a b\" is not an identifier"},
      {"target: {previous: 0}", ".target.previous.factor: 0 is not above 0"},
      {"target: {population: {of: MEASURE}}", ".target.population.stat: is required"},
      {"target: {population: {stat: RANK}}", ".target.population.argument: is required by RANK"},
      {"target: {population: {stat: RANK(1.5)}}", ".target.population.argument: RANK(1.5): a rank"},
      {"target: {population: {stat: RANK(0)}}", ".target.population.argument: RANK(0): a rank"},
      {"target: {population: {stat: PERCENTILE(0)}}",
       ".target.population.argument: PERCENTILE(0): a percentile is above 0 and at most 100"},
      {"target: {population: {stat: PERCENTILE(100.1)}}", ".target.population.argument: PERC"},
      {"target: {population: {stat: MEAN, argument: 3}}",
       ".target.population.argument: has no meaning for MEAN"},
      {"target: {population: {stat: MEAN, of: ATTAINMENT}}",
       ".target.population.of: ATTAINMENT is of the component's target, which this is itself"},
      {"target: goal", ".target.goal: is the chosen goal's, and the component has no `goals`"},
      {"goals: [{goal_id: a, target: goal}]\npayout: goals",
       ".goals[0].target.goal: is the chosen goal's target, which this is itself"},
      {"target: goal\ngoals: [{goal_id: a, measure: {deals: {value: COUNT}}, target: {fixed: 5}}]",
       ".target: is the chosen goal's, and goal \"a\" measures money where"},
  });
  ExpectWarnings({
      {"target: {fixed: 0}", ".target.fixed.value: a target of 0"},
      {"target: {fixed: {by: role, table: {AE: 5}}}",
       ".target.fixed.table: has no key `*`: whose role is not named"},
      {"target: {fixed: {by: tenure_months, table: {6: 5}}}", ".target.fixed.table: has no key"},
      {"target: {population: {stat: MEAN, scope: OWN}}", ".target.population.scope: OWN compares"},
      {"measure: {metric: {name: n, aggregate: NPS}}\ntarget: {fixed: 110}",
       ".target.fixed.value: a target of 110 can never be reached"},
  });
}

TEST(CompileMeasureTest, ATableWithoutGapsIsNotWarnedOf) {
  EXPECT_EQ(Lines(Compile("target: {fixed: {by: tenure_months, table: {0: 5, 6: 9}}}").diagnostics),
            "");
}

}  // namespace
}  // namespace payfold
