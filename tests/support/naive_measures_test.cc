// The judge against figures worked out by hand: measures and targets.

#include <string>

#include "gtest/gtest.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

// What `measure` pays somebody at 1.00 a unit, by the month.
std::string PerUnit(Script s, const std::string& measure, const std::string& more = "") {
  s.Pays("evaluate: PERIOD_END measure {" + measure + "} payout {per_unit: '1'} " + more);
  return s.Paid();
}

// [5.metric]
TEST(NaiveMeasuresTest, MetricsAreAggregatedAsNamed) {
  // January: 10, 4 and 9 (the last two on one day); February: none; b has 7 in January.
  Script s;
  s.Person("a", "2025-01-01", "team: 'red'").Person("b", "2025-01-01", "team: 'red' role: 'x'");
  s.Metric("m", "a", "10", "2025-01-05", "dimensions {key: 'k' value: 'x'}");
  s.Metric("m", "a", "4", "2025-01-07", "dimensions {key: 'k' value: 'y'}");
  s.Metric("m", "a", "9", "2025-01-07", "dimensions {key: 'k' value: 'x'}");
  s.Metric("m", "b", "7", "2025-01-08").Metric("m", "*", "100", "2025-01-08");
  s.Metric("other", "a", "1000", "2025-01-05");
  const struct {
    std::string measure;
    std::string paid;
  } kCases[] = {
      {"metric {name: 'm'}", "per_unit/2025-01 2300"},
      {"metric {name: 'm' aggregate: COUNT}", "per_unit/2025-01 300"},
      {"metric {name: 'm' aggregate: AVG}", "per_unit/2025-01 767"},
      {"metric {name: 'm' aggregate: MIN}", "per_unit/2025-01 400"},
      {"metric {name: 'm' aggregate: MAX}", "per_unit/2025-01 1000"},
      {"metric {name: 'm' aggregate: LAST}", "per_unit/2025-01 900"},
      // Two promoters, one detractor of three scores.
      {"metric {name: 'm' aggregate: NPS}", "per_unit/2025-01 3333"},
      {"metric {name: 'm' aggregate: COUNT_DISTINCT dimension: 'k'}", "per_unit/2025-01 200"},
      // Minor units of money.
      {"metric {name: 'm' unit: MONEY}", "per_unit/2025-01 23"},
      {"metric {name: 'm' where {attribute: 'k' none_of: 'y'}}", "per_unit/2025-01 1900"},
      {"metric {name: 'm' where {attribute: 'source' any_of: 'hris'}}", ""},
      {"metric {name: 'm'} scope: TEAM", "per_unit/2025-01 3000"},
      {"metric {name: 'm'} scope: COMPANY", "per_unit/2025-01 13000"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.measure);
    EXPECT_EQ(PerUnit(s, c.measure), c.paid);
  }
}

TEST(NaiveMeasuresTest, MeasuresAreMadeOfMeasures) {
  // 200.00 in January, of which 50.00 of product x; 300.00 in February; 30 calls in March.
  Script s;
  s.Person("a", "2025-01-01", "attributes {key: 'grade' value: '7.5'}");
  s.Book("d1", "a", 5000, "2025-01-05", "product: 'x'").Book("d2", "a", 15000, "2025-01-20");
  s.Book("d3", "a", 30000, "2025-02-05").Metric("calls", "a", "30", "2025-03-05");
  const std::string amount = "{deals {}}";
  const std::string calls = "{metric {name: 'calls'}}";
  const struct {
    std::string measure;
    std::string paid;
  } kCases[] = {
      {"ratio {numerator {deals {where {attribute: 'product' any_of: 'x'}}} denominator " + amount +
           "}",
       "per_unit/2025-01 25"},
      // (300 − 200) / 200; nothing before January; (0 − 300) / 300; nothing before April.
      {"growth {of " + amount + "}", "per_unit/2025-02 50, per_unit/2025-03 -100"},
      // March against January.
      {"growth {periods_back: 2 of " + amount + "}",
       "per_unit/2025-03 -100, per_unit/2025-04 -100"},
      {"sum {measures " + amount + " measures " + calls + " weights: '0.5' weights: '2'}",
       "per_unit/2025-01 10000, per_unit/2025-02 15000, per_unit/2025-03 6000"},
      // Undefined in every month without a call.
      {"sum {measures " + amount + " measures {metric {name: 'calls' aggregate: AVG}}}",
       "per_unit/2025-03 3000"},
      // Weeks that end in the month with at least 100.00: that of 20 January and, of
      // February, that of the 5th.
      {"periods {period: WEEK at_least: '100' of " + amount + "}",
       "per_unit/2025-01 100, per_unit/2025-02 100"},
      // Of four Sundays in January and four in February.
      {"periods {period: WEEK at_least: '100' share: true of " + amount + "}",
       "per_unit/2025-01 25, per_unit/2025-02 25"},
      {"deals {value: COUNT_DISTINCT attribute: 'product'}", "per_unit/2025-01 100"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.measure);
    EXPECT_EQ(PerUnit(s, c.measure), c.paid);
  }
  s.Pays(
      "window: '2025-01-01..2025-01-31' measure {attribute {name: 'grade'}} "
      "payout {per_unit: '1'}");
  EXPECT_EQ(s.Paid(), "per_unit/2025-01 750");
}

// [5.count-distinct]
TEST(NaiveMeasuresTest, ADistinctValueIsCountedAmongDealsNotCancelledInFull) {
  // k1 of d1 (cancelled in January) and of d2 (cancelled in February), k2 of d3.
  Script s;
  s.Person("a").Book("d1", "a", 1, "2025-01-05", "customer_id: 'k1'").Cancel("d1", "2025-01-20");
  s.Book("d3", "a", 1, "2025-01-06", "customer_id: 'k2'").Book("d4", "a", 1, "2025-01-06");
  const std::string measure = "deals {value: COUNT_DISTINCT attribute: 'customer_id'}";
  EXPECT_EQ(PerUnit(s, measure), "per_unit/2025-01 100");
  s.Book("d2", "a", 1, "2025-01-07", "customer_id: 'k1'").Cancel("d2", "2025-02-01");
  EXPECT_EQ(PerUnit(s, measure), "per_unit/2025-01 200");
}

// [5.earnings]
TEST(NaiveMeasuresTest, EarningsAreLinesDatedInThePeriod) {
  // The manager m has 5% of what a and b of the team earn: 100 in January, 40 in February.
  Script s;
  s.Person("m", "2025-01-01", "role: 'boss' team: 'red'");
  s.Person("a", "2025-01-01", "team: 'red'").Person("b", "2025-01-01", "team: 'red'");
  s.Person("c", "2025-01-01", "team: 'blue'").Book("d4", "c", 500000, "2025-01-09");
  s.Book("d1", "a", 60000, "2025-01-05").Book("d2", "b", 40000, "2025-01-05");
  s.Book("d3", "b", 40000, "2025-02-05");
  s.Pays("measure {deals {}} payout {rate: '10%'}");
  s.Say(
      "plan_published {plan {plan_id: 'q' currency: 'USD' effective {start: '2025-01-01'} "
      "eligibility {roles: 'boss'} components {component_id: 'o' "
      "measure {earnings {components: 'p/c'} scope: TEAM} payout {rate: '5%'}}}}");
  EXPECT_EQ(s.Paid("m"), "2025-01 500, 2025-02 200");
}

// 100 × measure / target cents, on attainment.
std::string Attained(Script s, const std::string& target, const std::string& measure = "deals {}") {
  s.Incentive("a", 1200);
  s.Pays("measure {" + measure + "} target {" + target +
         "} evaluate: PERIOD_END payout {curve {points {attainment: '0' multiple: '0'} "
         "points {attainment: '1' multiple: '1'} beyond: EXTEND}}");
  return s.Paid("a", "2025-02-28");
}

TEST(NaiveTargetsTest, ATargetIsWhatItSays) {
  // a sells 100 in January and 300 in February; b 200 and c 600 in January, 50 and 0 then.
  Script s;
  s.Person("a", "2025-01-01",
           "hired_on: '2024-01-31' territory: 'north' attributes {key: 'level' value: 'L2'}");
  s.Person("b").Person("c").Person("x", "2025-01-01", "role: 'x'");
  s.Book("a1", "a", 10000, "2025-01-05").Book("a2", "a", 30000, "2025-02-05");
  s.Book("b1", "b", 20000, "2025-01-05").Book("b2", "b", 5000, "2025-02-05");
  s.Book("c1", "c", 60000, "2025-01-05").Book("x1", "x", 990000, "2025-01-05");
  const struct {
    std::string target;
    std::string paid;
  } kCases[] = {
      {"fixed {value: '50'}", "curve/2025-01 200, curve/2025-02 600"},
      // 12 whole months on 31 January, 13 on 28 February.
      {"fixed {by: 'tenure_months' table {key: '0' value: '25'} table {key: '12' value: '50'} "
       "table {key: '13' value: '100'}}",
       "curve/2025-01 200, curve/2025-02 300"},
      {"fixed {by: 'territory' table {key: 'north' value: '100'} table {key: '*' value: '1'}}",
       "curve/2025-01 100, curve/2025-02 300"},
      {"fixed {by: 'role' table {key: 'se' value: '1'} table {key: '*' value: '100'}}",
       "curve/2025-01 100, curve/2025-02 300"},
      {"fixed {by: 'level' table {key: 'L1' value: '100'}}", ""},
      {"previous {}", "curve/2025-02 300"},
      {"previous {factor: '150%'}", "curve/2025-02 200"},
      // Of the 100, 200 and 600 of January.
      {"population {stat: MEAN}", "curve/2025-02 100"},
      {"population {stat: MEAN factor: '2'}", "curve/2025-02 50"},
      {"population {stat: MAX}", "curve/2025-02 50"},
      {"population {stat: MIN}", "curve/2025-02 300"},
      {"population {stat: RANK argument: '2'}", "curve/2025-02 150"},
      {"population {stat: RANK argument: '4'}", ""},
      {"population {stat: PERCENTILE argument: '10'}", "curve/2025-02 300"},
      {"population {stat: PERCENTILE argument: '34'}", "curve/2025-02 150"},
      {"population {stat: PERCENTILE argument: '100'}", "curve/2025-02 50"},
      // Deviations −200, −100, 300: sigma = √(140,000 / 3) = 216.02…; 300 / 516.02….
      {"population {stat: MEAN_PLUS_SIGMA argument: '1'}", "curve/2025-02 58"},
      {"population {stat: MAX period: CURRENT}", "curve/2025-01 17, curve/2025-02 100"},
      {"population {stat: MAX scope: OWN}", "curve/2025-02 300"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.target);
    EXPECT_EQ(Attained(s, c.target), c.paid);
  }
}

// [6.population.attainment]
TEST(NaiveTargetsTest, TheAttainmentOfOthersTimesTheOwnTarget) {
  // January: a 100 of 200, b 300 of 200. In February a must reach b's 150% of 200: 300.
  Script s;
  s.Person("a").Person("b").Book("a1", "a", 10000, "2025-01-05");
  s.Book("b1", "b", 30000, "2025-01-05").Book("a2", "a", 30000, "2025-02-05");
  s.Pays(
      "measure {deals {}} target {fixed {value: '200'}} payout {fixed: '7'} "
      "gates {target {population {stat: MAX of: ATTAINMENT}} at_least: '100%'}");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "2025-02 700");
}

// [6.goal] [7.goals]
TEST(NaiveTargetsTest, AGoalIsChosenForAPeriod) {
  const std::string goal =
      "measure {deals {}} goals {goal_id: 'g' target {fixed {value: '100'}} amount: '5'} ";
  const std::string goals =
      goal +
      "goals {goal_id: 'h' measure {deals {value: COUNT}} target {fixed {value: '2'}} "
      "amount: '8'} ";
  const auto chosen = [&](const std::string& id, const std::string& payout) {
    Script s;
    s.Person("a").Book("d1", "a", 9000, "2025-01-05").Book("d2", "a", 1000, "2025-01-06");
    s.Book("d3", "a", 10000, "2025-02-06").Incentive("a", 1200);
    for (const std::string& choice : {std::string("old"), id}) {
      s.Say("goal_chosen {participant_id: 'a' plan_id: 'p' component_id: 'c' goal_id: '" + choice +
            "' period: '2025-01'}");
    }
    s.Pays(payout);
    return s.Paid();
  };
  EXPECT_EQ(chosen("g", goals + "payout {goals {}}"), "goal:g/2025-01 500");
  EXPECT_EQ(chosen("h", goals + "payout {goals {}}"), "goal:h/2025-01 800");
  EXPECT_EQ(chosen("z", goals + "payout {goals {}}"), "");
  // The component's measure against the goal's target: 100 of 100.
  const std::string curve =
      goal + "target {goal {}} payout {curve {points {attainment: '1' multiple: '2'}}}";
  EXPECT_EQ(chosen("g", curve), "curve/2025-01 200");
}

// [6.prorate]
TEST(NaiveTargetsTest, WhatIsProratedFollowsTheDaysInThePlan) {
  // Hired on 17 January: 15 days of 31. 100 sold.
  const auto paid = [](const std::string& component) {
    Script s;
    s.Person("a", "2025-01-17").Incentive("a", 1200).Book("d1", "a", 10000, "2025-01-20");
    s.Plan("prorate_by: DAYS components {component_id: 'c' " + component + "}");
    return s.Paid("a", "2025-01-31");
  };
  const std::string measure = "measure {deals {}} ";
  const std::string curve =
      "payout {curve {points {attainment: '0' multiple: '0'} points {attainment: '1' "
      "multiple: '1'} beyond: EXTEND}} ";
  // 200 × 15 / 31 = 96.77 (rounded): 100 / 96.77 of 1.00.
  EXPECT_EQ(paid(measure + curve + "target {fixed {value: '200'}} prorate: TARGET"),
            "curve/2025-01 103");
  // 1.00 × 15 / 31 = 0.48 (rounded), of it half.
  EXPECT_EQ(paid(measure + curve + "target {fixed {value: '200'}} prorate: AMOUNTS"),
            "curve/2025-01 24");
  EXPECT_EQ(paid("payout {fixed: '310'} prorate: AMOUNTS"), "2025-01 15000");
  EXPECT_EQ(paid("payout {fixed: '310'} prorate: TARGET"), "2025-01 31000");
  // The edge of 124 is at 60: 10% of 60, 20% of 40.
  EXPECT_EQ(paid(measure + "prorate: BANDS payout {bands {bands {upto: '124' rate: '10%'} "
                           "bands {rate: '20%'}}}"),
            "band1/2025-01 600, band2/2025-01 800");
}

// [6.prorate.months]
TEST(NaiveTargetsTest, MonthsProrateByMonthsBegun) {
  // In the plan from 20 February: two months of the quarter. Half-months go by days.
  Script s("payout_period: QUARTER");
  s.Person("a", "2025-02-20");
  s.Plan(
      "prorate_by: MONTHS components {component_id: 'c' payout {fixed: '300'} prorate: AMOUNTS} "
      "components {component_id: 'h' window: '2025-02-11..2025-03-01' payout {fixed: '190'} "
      "prorate: AMOUNTS}");
  // 10 of 19 days.
  EXPECT_EQ(s.Paid("a", "2025-03-31"), "2025-Q1 20000, 2025-Q1 10000");
}

}  // namespace
}  // namespace payfold_testing
