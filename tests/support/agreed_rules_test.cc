// Rules that engine and judge once read differently, each in the smallest company
// that tells: the figures are worked out by hand, and both must come to them.

#include <string>

#include "gtest/gtest.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

// a is there all January, b from the 17th on: 15 of 31 days.
Script PoolOfTwo(const std::string& pool, const std::string& more) {
  Script s;
  s.Person("a").Person("b", "2025-01-17").Incentive("a", 120000).Incentive("b", 120000);
  s.Book("a1", "a", 200, "2025-01-20").Book("b1", "b", 97, "2025-01-20");
  s.Pays("measure {deals {}} payout {pool {" + pool + "}} " + more);
  return s;
}

// [7.pool] [6.prorate.target]
TEST(PoolTest, AMembersGatesAreHeldAgainstTheirOwnProratedTarget) {
  // 2.00 of a, 0.97 of b: both reach theirs, whoever asks.
  const Script s = PoolOfTwo("amount: '0.10'",
                             "prorate: TARGET gates {target {fixed {value: '2'}} at_least: '1'}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "pool/2025-01 5");
  EXPECT_EQ(s.Paid("b", "2025-01-31"), "pool/2025-01 5");
}

TEST(PoolTest, AMembersGatesAreHeldAgainstTheirOwnGoal) {
  Script s;
  s.Person("a").Person("b").Book("a1", "a", 200, "2025-01-20").Book("b1", "b", 100, "2025-01-20");
  for (const std::string who : {"a", "b"}) {
    s.Say("goal_chosen {plan_id: 'p' component_id: 'c' period: '2025-01' participant_id: '" + who +
          "' goal_id: 'goal_of_" + who + "'}");
  }
  s.Pays(
      "measure {deals {}} payout {pool {amount: '0.10'}} goals {goal_id: 'goal_of_a' target {fixed "
      "{value: '2'}}} goals {goal_id: 'goal_of_b' target {fixed {value: '1'}}} "
      "gates {target {goal {}} at_least: '100%'}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "pool/2025-01 5");
  EXPECT_EQ(s.Paid("b", "2025-01-31"), "pool/2025-01 5");
}

// [7.pool.share] [6.prorate.amounts]
TEST(PoolTest, TargetIncentivesWeighAsTheyAreProrated) {
  // 100.00 a month; of b round(100.00 × 15 / 31) = 48.39.
  const std::string pool = "amount: '148.39' share: BY_TARGET_INCENTIVE";
  const Script prorated = PoolOfTwo(pool, "prorate: AMOUNTS");
  EXPECT_EQ(prorated.Paid("a", "2025-01-31"), "pool/2025-01 10000");
  EXPECT_EQ(prorated.Paid("b", "2025-01-31"), "pool/2025-01 4839");
  const Script whole = PoolOfTwo(pool, "");
  EXPECT_EQ(whole.Paid("a", "2025-01-31"), "pool/2025-01 7420");
  EXPECT_EQ(whole.Paid("b", "2025-01-31"), "pool/2025-01 7419");
}

// [7.pool.scale] [6.prorate.never]
TEST(PoolTest, WhatScalesItIsOneTargetForAllAndNotProrated) {
  // 2.97 of 5.94 were sold: half the pool, shared equally.
  const Script s = PoolOfTwo("amount: '0.20' scale: ATTAINMENT",
                             "prorate: TARGET target {fixed {value: '5.94'}}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "pool/2025-01 5");
  EXPECT_EQ(s.Paid("b", "2025-01-31"), "pool/2025-01 5");
}

TEST(PoolTest, ThePreviousPeriodThatScalesItIsThatOfTheWholeGroup) {
  // 2.97 in January; 1.00 and 0.485 in February are half of it.
  Script s = PoolOfTwo("amount: '0.20' scale: ATTAINMENT", "target {previous {}}");
  s.Book("a2", "a", 100, "2025-02-03").Adjust("b1", 145, "2025-02-03");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "pool/2025-02 5");
  EXPECT_EQ(s.Paid("b", "2025-02-28"), "pool/2025-02 5");
}

// a sells 100.00 on 5 January, and is away from 1 February on.
Script Leaver(const std::string& component) {
  Script s;
  s.Person("a", "2025-01-01", "attributes {key: 'grade' value: '7'}");
  s.Person("a", "2025-02-01", "status: LEAVE");
  s.Book("d1", "a", 10000, "2025-01-05").Cancel("d1", "2025-02-10").Pays(component);
  return s;
}

// [5.attribute] [8.leaver]
TEST(LeaverTest, AnAttributeIsThatOfTheLastDayInThePlan) {
  const Script s = Leaver(
      "measure {deals {}} payout {bands {mode: RETROACTIVE by {measure {attribute {name: 'grade'}}}"
      " bands {upto: '5' rate: '1%'} bands {rate: '10%'}}}");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "band2/2025-01 1000, band2/2025-02 -1000");
}

// The plan pays component "c" but from one day on, up to another, nothing.
void PaysExcept(const std::string& from, const std::string& to, const std::string& component,
                Script* s) {
  s->Pays(component);
  s->Say("plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '" + from +
         "' end: '" + to +
         "'} eligibility {roles: 'ae'} components {component_id: 'd' measure {deals {}} payout "
         "{rate: '1%'}}}}");
}

// [5.attribute]
TEST(AbsenceTest, AnAttributeIsThatOfTheLastDayInThePlanSoFar) {
  // Away from 6 January to 5 February. The version of 21 January measures anew: on the 31st
  // the last day in the plan so far is the 5th.
  Script s;
  s.Person("a", "2025-01-01", "attributes {key: 'grade' value: '7'}");
  s.Person("a", "2025-01-06", "attributes {key: 'grade' value: '9'} status: LEAVE");
  s.Person("a", "2025-02-06", "attributes {key: 'grade' value: '7'}");
  PaysExcept("2025-01-11", "2025-01-20",
             "period: QUARTER evaluate: RUNNING segment: RESTART measure {attribute {name: "
             "'grade'}} payout {per_unit: '1'}",
             &s);
  EXPECT_EQ(s.Lines("2025-03-31"),
            "a/p/c/2025-Q1/per_unit/2025-01 2025-01-10 700 v1\n"
            "a/p/c/2025-Q1/per_unit/2025-01@2025-01-21 2025-01-31 700 v1\n");
}

// [5.attribute] [7.rank]
TEST(AbsenceTest, WhoIsBackOnThePeriodsLastDayIsRankedByTheLastDayInThePlanSoFar) {
  // On 14 February, when the version that ranks ends, b was last there in January.
  Script s;
  s.Person("a", "2025-01-01", "attributes {key: 'grade' value: '3'}");
  s.Person("b", "2025-01-01", "attributes {key: 'grade' value: '7'}");
  s.Person("b", "2025-02-01", "status: LEAVE");
  s.Person("b", "2025-02-20", "attributes {key: 'grade' value: '7'}");
  PaysExcept("2025-02-15", "2025-12-31",
             "measure {attribute {name: 'grade'}} payout {rank {awards: '50' awards: '20'}}", &s);
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "award2/2025-01 2000, award2/2025-02 2000");
  EXPECT_EQ(s.Paid("b", "2025-02-28"), "award1/2025-01 5000");
}

TEST(LeaverTest, ACellIsTakenBackByWhatItsAxesMeasure) {
  const Script s = Leaver(
      "period: QUARTER evaluate: RUNNING measure {metric {name: 'm'}} payout {matrix {rows "
      "{measure "
      "{deals {}} edges: '1'} columns {measure {metric {name: 'm'}}} "
      "cells {cells {fixed: '0'}} cells {cells {fixed: '5'}}}}");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "cell2.1/2025-01 500, cell2.1/2025-02 -500");
  // The leaver's own segment is a second version's.
  Script versions = Leaver(
      "measure {metric {name: 'm'}} payout {matrix {rows {measure {deals {}} edges: '-1'} columns "
      "{measure {metric {name: 'm'}}} cells {cells {fixed: '-5'}} cells {cells {fixed: '5'}}}}");
  EXPECT_EQ(versions.Paid("a", "2025-02-28"), "cell2.1/2025-01 500, cell1.1/2025-02 -500");
}

TEST(LeaverTest, ACancellationThatTakesNothingBackEvaluatesNobody) {
  // Of two products in January none was sold in February: growth is −1, of no deal.
  const Script s = Leaver(
      "measure {growth {of {deals {value: COUNT_DISTINCT attribute: 'currency'}}}} "
      "payout {per_unit: '5'}");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "");
}

// [6.population.current]
TEST(PopulationTest, CurrentIsTheWholePeriodWhateverTheSegment) {
  // 100.00 on 5 January; from the 17th on, 15 of 31 days, a second version measures anew:
  // nothing, against 100.00 × 15 / 31.
  Script s;
  s.Person("a").Book("d1", "a", 10000, "2025-01-05");
  const std::string component =
      "components {component_id: 'c' segment: RESTART measure {deals {}} target {population {stat: "
      "MAX period: CURRENT}} payout {bands {basis: ATTAINMENT mode: RETROACTIVE bands {upto: '0.5' "
      "fixed: '31'} bands {fixed: '0'}}}}";
  s.Plan(component);
  s.Say(
      "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-01-17'} "
      "eligibility {roles: 'ae'} " +
      component + "}}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "band1/2025-01 1500");
}

// [6.population.attainment]
TEST(PopulationTest, AttainmentsAreThoseOfEachOnesProratedTarget) {
  // b is there 15 of 31 days and sold all of round(100.00 × 15 / 31) = 48.39; a a half.
  // The best attainment, 1, of a's own target is not reached; a pays nothing.
  Script s;
  s.Person("a").Person("b", "2025-01-17");
  s.Book("d1", "a", 5000, "2025-01-20").Book("d2", "b", 4839, "2025-01-20");
  s.Pays(
      "measure {deals {}} target {fixed {value: '100'}} prorate: TARGET payout {rate: '10%'} "
      "gates {target {population {stat: MAX of: ATTAINMENT period: CURRENT}} at_least: '1'}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "");
  EXPECT_EQ(s.Paid("b", "2025-01-31"), "2025-01 484");
}

// [7.plan-cap]
TEST(PlanCapTest, ElementsComeBeforeVersions) {
  // Two versions, each with a band of 5.00 and one of 3.00 when January ends; 9.00 at most.
  Script s;
  s.Person("a").Book("d1", "a", 10000, "2025-01-05").Book("d2", "a", 10000, "2025-01-20");
  const std::string rest =
      "cap {amount: '9'} components {component_id: 'c' evaluate: PERIOD_END segment: RESTART "
      "measure {deals {}} payout {bands {bands {upto: '50' rate: '10%'} bands {rate: '6%'}}}}";
  s.Plan(rest);
  s.Say(
      "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-01-17'} "
      "eligibility {roles: 'ae'} " +
      rest + "}}");
  EXPECT_EQ(s.Lines("2025-01-31"),
            "a/p/c/2025-01/band1/2025-01 2025-01-31 500 v1\n"
            "a/p/c/2025-01/band1/2025-01@2025-01-17 2025-01-31 400 v2\n");
}

// One version from 1 January and again from the 21st on, another one between.
Script TwiceInForce(const std::string& clawback) {
  const std::string component =
      "components {component_id: 'c' segment: RESTART measure {deals {}} "
      "payout {rate: '10%'} ";
  Script s;
  s.Person("a").Book("d1", "a", 10000, "2025-01-05").Adjust("d1", 30000, "2025-01-25");
  s.Cancel("d1", "2025-02-10");
  s.Plan(component + clawback + "}");
  s.Say(
      "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-01-11' end: "
      "'2025-01-20'} eligibility {roles: 'ae'} " +
      component + "}}}");
  return s;
}

// [4.reverse] [8.line-id]
TEST(TakenBackTest, AVersionInForceTwiceInAPeriodHasOneLine) {
  EXPECT_EQ(TwiceInForce("clawback {mode: REVERSE}").Lines("2025-02-28"),
            "a/p/c/2025-01/rate/2025-01 2025-01-10 1000 v1\n"
            "a/p/c/2025-01/rate/2025-01@2025-01-21 2025-01-31 2000 v1\n"
            "a/p/c/2025-01/reversed/2025-02~d1.1 2025-02-10 -3000 v1\n");
  EXPECT_EQ(TwiceInForce("clawback {mode: RESTATE}").Lines("2025-02-28"),
            "a/p/c/2025-01/rate/2025-01 2025-01-10 1000 v1\n"
            "a/p/c/2025-01/rate/2025-01@2025-01-21 2025-01-31 2000 v1\n"
            "a/p/c/2025-01/restated/2025-02~d1.1 2025-02-10 -3000 v1\n");
}

// A component of January, one of February and one from March on; 25.00 in January, of which
// each pays 10.00 a month, cancelled in February; the last fact is one of March.
Script CarriedOn(const std::string& february, const std::string& march) {
  Script s;
  s.Person("a").Book("d1", "a", 2500, "2025-01-05").Cancel("d1", "2025-02-10");
  s.Metric("m", "a", "1", "2025-03-05");
  const auto version = [&s](const std::string& from, const std::string& clawback) {
    s.Say("plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '" + from +
          "'} eligibility {roles: 'ae'} components {component_id: 'c' measure {deals {}} payout "
          "{rate: '100%'} cap {amount: '10' excess: 'CARRY'} clawback {mode: " +
          clawback + "}}}}");
  };
  version("2025-01-01", "RESTATE");
  version("2025-02-01", february);
  version("2025-03-01", march);
  return s;
}

// [7.cap.carry] [4.restated]
TEST(TakenBackTest, WhatIsCarriedToWhereNothingIsTakenBackIsCarriedRestated) {
  EXPECT_EQ(CarriedOn("NONE", "NONE").Lines("2025-03-31"),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 1000 v1\n"
            "a/p/c/2025-01/restated/2025-02~d1.1 2025-02-10 -1000 v1\n");
}

// [7.cap.carry] [4.restated]
TEST(TakenBackTest, WhatIsCarriedThroughSuchAVersionIsRestatedByTheNext) {
  EXPECT_EQ(CarriedOn("NONE", "RESTATE").Lines("2025-03-31"),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 1000 v1\n"
            "a/p/c/2025-01/restated/2025-02~d1.1 2025-02-10 -1000 v1\n"
            "a/p/c/2025-03/carry/2025-03 2025-03-31 500 v3\n"
            "a/p/c/2025-03/restated/2025-02~d1.1 2025-02-10 -500 v3\n");
}

// [7.cap.carry] [4.restated]
TEST(TakenBackTest, CarriedMoneyIsRestatedInThePeriodThatPaysIt) {
  // 25.00 in January, 10.00 a month; cancelled in February, the last fact. From March on
  // nothing is carried that a line of February would have to take back.
  Script s;
  s.Person("a").Book("d1", "a", 2500, "2025-01-05").Cancel("d1", "2025-02-10");
  s.Pays(
      "measure {deals {}} payout {rate: '100%'} cap {amount: '10' excess: 'CARRY'} "
      "clawback {mode: RESTATE}");
  EXPECT_EQ(s.Lines("2025-04-30"),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 1000 v1\n"
            "a/p/c/2025-01/restated/2025-02~d1.1 2025-02-10 -1000 v1\n"
            "a/p/c/2025-02/carry/2025-02 2025-02-28 1000 v1\n"
            "a/p/c/2025-02/restated/2025-02~d1.1 2025-02-10 -1000 v1\n");
}

// [4.restate] [7.bands.by]
TEST(TakenBackTest, ACancellationRestatesWhomItsDealChoseABandFor) {
  // 300 of the team choose 10%, of one's own; without b's deal, of February, nothing is paid.
  Script s;
  s.Person("a", "2025-01-01", "team: 'red'").Person("b", "2025-01-01", "team: 'red'");
  s.Book("a1", "a", 10000, "2025-01-10").Book("b1", "b", 20000, "2025-01-10");
  s.Cancel("b1", "2025-02-10");
  s.Pays(
      "measure {deals {}} clawback {mode: RESTATE} payout {bands {mode: RETROACTIVE from: '150' "
      "by {measure {deals {} scope: TEAM}} bands {rate: '10%'}}}");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "band1/2025-01 1000, restated/2025-02 -1000");
}

// In the plan until 15 February; from then on it is for others. One week of those that end
// in February has a deal: a half of them until then, a quarter of them at its end.
std::string WeeksOfALeaver(const std::string& cancelled_on) {
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-27").Cancel("d1", cancelled_on);
  s.Say(
      "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-01-01'} "
      "eligibility {roles: 'ae'} components {component_id: 'none' measure {metric {name: 'm'}} "
      "payout {per_unit: '1'}}}}");
  s.Say(
      "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-02-16'} "
      "eligibility {roles: 'se'} components {component_id: 'c' period: MONTH measure {periods {of "
      "{deals {value: SHARED_COUNT}} period: WEEK at_least: '1' share: true}} "
      "payout {per_unit: '100'}}}}");
  return s.Paid("a", "2025-03-31");
}

// [3.leaver] [5.periods]
TEST(LeaverTest, OnlyWhatIsInASubPeriodThatEndsInThePeriodTakesFromIt) {
  EXPECT_EQ(WeeksOfALeaver("2025-02-20"), "per_unit/2025-02 -2500");
  EXPECT_EQ(WeeksOfALeaver("2025-02-28"), "");
}

// [7.goals] [5.undefined]
TEST(GoalsTest, AGoalWithItsOwnMeasureNeedsNoOther) {
  Script s;
  s.Person("a", "2025-01-01", "attributes {key: 'grade' value: '7'}");
  s.Say(
      "goal_chosen {plan_id: 'p' component_id: 'c' period: '2025-01' participant_id: 'a' "
      "goal_id: 'g'}");
  s.Pays(
      "measure {metric {name: 'm' aggregate: MAX}} payout {goals {}} goals {goal_id: 'g' measure "
      "{attribute {name: 'grade'}} target {fixed {value: '5'}} amount: '3'}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "goal:g/2025-01 300");
}

}  // namespace
}  // namespace payfold_testing
