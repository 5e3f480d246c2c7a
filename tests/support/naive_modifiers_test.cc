// The judge against figures worked out by hand: payouts beyond bands, gates,
// multipliers, floors, caps and budgets.

#include <string>

#include "gtest/gtest.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

// 100 of product x in January, 300 of y in February; a target incentive of 1 a month.
Script Seller() {
  Script s;
  s.Person("a", "2025-01-01", "team: 'red'").Incentive("a", 1200);
  s.Book("d1", "a", 10000, "2025-01-05", "product: 'x'");
  s.Book("d2", "a", 30000, "2025-02-05", "product: 'y'");
  return s;
}

std::string Paid(const std::string& component) {
  Script s = Seller();
  s.Pays("measure {deals {}} " + component);
  return s.Paid("a", "2025-02-28");
}

// [7.rate] [7.rate-by] [7.rate-by.participant]
TEST(NaivePayoutTest, RatesAreLookedUpPerCreditOrPerPerson) {
  EXPECT_EQ(
      Paid("payout {rate: '1%' rate_by {key: 'product' value {rates {key: 'y' value: '2%'}}}}"),
      "2025-01 100, 2025-02 600");
  EXPECT_EQ(
      Paid("payout {rate: '1%' rate_by {key: 'team' value {rates {key: 'red' value: '3%'}}}}"),
      "2025-01 300, 2025-02 900");
  EXPECT_EQ(Paid("payout {bands {bands {rate: '1%' rate_by {key: 'role' "
                 "value {rates {key: 'ae' value: '4%'}}}}}}"),
            "band1/2025-01 400, band1/2025-02 1200");
}

// [7.curve] [7.curve.step] [7.curve.extend]
TEST(NaivePayoutTest, ACurveIsInterpolated) {
  // Attainments 0.5 and 1.5 of 200; points (1, 1), (1, 2) and (2, 4).
  const std::string curve =
      "target {fixed {value: '200'}} payout {curve {points {attainment: '1' multiple: '1'} "
      "points {attainment: '1' multiple: '2'} points {attainment: '2' multiple: '4'} ";
  EXPECT_EQ(Paid(curve + "}}"), "curve/2025-01 100, curve/2025-02 300");
  // Below, the line from (1, 1) to (2, 4): 1 − 0.5 × 3.
  EXPECT_EQ(Paid(curve + "beyond: EXTEND}}"), "curve/2025-01 -50, curve/2025-02 300");
}

// [7.matrix]
TEST(NaivePayoutTest, ACellIsChosenByRowAndColumn) {
  // Rows at 200, columns at 1 and 2 deals.
  const std::string axes =
      "payout {matrix {rows {edges: '200'} columns {measure {deals {value: COUNT}} edges: '1' "
      "edges: '2'} ";
  const std::string row = "cells {cells {fixed: '1'} cells {rate: '1%'} cells {fixed: '2'}} ";
  const std::string second = "cells {cells {fixed: '1'} cells {multiple: '3'} cells {fixed: '2'}} ";
  EXPECT_EQ(Paid(axes + row + second + "}}"), "cell1.2/2025-01 100, cell2.2/2025-02 300");
}

// [7.rank] [7.rank.ties]
TEST(NaivePayoutTest, RanksShareTheBetterPlaceAndNeedMoreThanNothing) {
  Script s;
  for (const std::string id : {"a", "b", "c", "d"}) s.Person(id);
  s.Book("a1", "a", 500, "2025-01-05").Book("b1", "b", 700, "2025-01-05");
  s.Book("c1", "c", 500, "2025-01-05");
  s.Pays("measure {deals {}} payout {rank {awards: '30' awards: '20' awards: '10'}}");
  EXPECT_EQ(s.Paid("b"), "award1/2025-01 3000");
  EXPECT_EQ(s.Paid("a"), "award2/2025-01 2000");
  EXPECT_EQ(s.Paid("c"), "award2/2025-01 2000");
  EXPECT_EQ(s.Paid("d"), "");
}

// [7.pool] [7.pool.scope] [7.pool.share] [7.pool.scale]
TEST(NaivePayoutTest, APoolIsAllocatedOverItsMembers) {
  // The team red sold 1.00: b 0.70, a 0.30; c is of another team.
  const auto paid = [](const std::string& pool, const std::string& more = "") {
    Script s;
    s.Person("a", "2025-01-01", "team: 'red' attributes {key: 'w' value: '1'}");
    s.Person("b", "2025-01-01", "team: 'red' attributes {key: 'w' value: '2'}");
    s.Person("c", "2025-01-01", "team: 'blue'").Incentive("b", 1200);
    s.Book("a1", "a", 30, "2025-01-05").Book("b1", "b", 70, "2025-01-05");
    s.Book("c1", "c", 900, "2025-01-05").Quota("q", "red", "2025-01", "400");
    s.Pays("scope: TEAM measure {deals {}} payout {pool {" + pool + "}} " + more);
    return s.Paid("a", "2025-01-31") + " and " + s.Paid("b", "2025-01-31");
  };
  EXPECT_EQ(paid("amount: '0.05'"), "pool/2025-01 3 and pool/2025-01 2");
  EXPECT_EQ(paid("rate: '10%' share: EQUAL"), "pool/2025-01 5 and pool/2025-01 5");
  EXPECT_EQ(paid("rate: '10%' share: BY_MEASURE"), "pool/2025-01 3 and pool/2025-01 7");
  EXPECT_EQ(paid("rate: '10%' share: BY_TARGET_INCENTIVE"), " and pool/2025-01 10");
  EXPECT_EQ(paid("rate: '10%' share: BY_ATTRIBUTE attribute: 'w'"),
            "pool/2025-01 3 and pool/2025-01 7");
  // A quarter of the team's quota of 4.00 is reached: 10 × 0.25 = 2.5.
  EXPECT_EQ(paid("rate: '10%' scale: ATTAINMENT", "target {quota {metric: 'q'}}"),
            "pool/2025-01 2 and pool/2025-01 1");
  // Only b passes.
  EXPECT_EQ(paid("rate: '10%'", "gates {measure {deals {} scope: OWN} at_least: '0.5'}"),
            " and pool/2025-01 10");
}

// [7.reward] [7.reward.default]
TEST(NaivePayoutTest, RewardsAreUnitsOfTheirOwn) {
  Script s = Seller();
  s.Pays("measure {deals {}} reward {points {}} payout {rate: '1.5%'}");
  EXPECT_EQ(s.Lines("2025-01-31"), "a/p/c/2025-01/rate/2025-01 2025-01-31 2 points v1\n");
  Script badge = Seller();
  badge.Pays("measure {deals {}} reward {badge {badge_id: 'fast'}} gates {above: '200'}");
  EXPECT_EQ(badge.Lines("2025-02-28"), "a/p/c/2025-02/fixed/2025-02 2025-02-28 1 fast v1\n");
}

// [7.gate] [7.gate.target] [7.gate.value]
TEST(NaiveModifiersTest, AllGatesMustHold) {
  const struct {
    std::string gates;
    std::string paid;
  } kCases[] = {
      {"gates {at_least: '100'}", "2025-01 1000, 2025-02 3000"},
      {"gates {above: '100'}", "2025-02 3000"},
      {"gates {at_most: '100'}", "2025-01 1000"},
      {"gates {below: '100'}", ""},
      {"gates {above: '100' otherwise: '50%'}", "2025-01 500, 2025-02 3000"},
      {"gates {above: '100' otherwise: '0.5'} gates {above: '200' otherwise: '0.5'}",
       "2025-01 250, 2025-02 3000"},
      {"gates {above: '100' otherwise: '0.5'} gates {above: '300'}", ""},
      {"gates {target {fixed {value: '200'}} at_least: '150%'}", "2025-02 3000"},
      {"gates {target {fixed {value: '200'}} compare: VALUE at_least: '150%'}", "2025-02 3000"},
      {"gates {target {quota {metric: 'none'}} at_most: '0'}", "2025-01 1000, 2025-02 3000"},
      {"gates {target {quota {metric: 'none'}} compare: VALUE at_most: '0'}", ""},
      {"gates {measure {metric {name: 'm' aggregate: AVG}} at_most: '0'}", ""},
      {"gates {measure {deals {value: COUNT where {attribute: 'product' any_of: 'y'}}} "
       "at_least: '1'}",
       "2025-02 3000"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.gates);
    EXPECT_EQ(Paid("payout {rate: '10%'} " + c.gates), c.paid);
  }
}

// [7.gate.component]
TEST(NaiveModifiersTest, AGateMayAskForTheMoneyOfAComponent) {
  Script s = Seller();
  s.Plan(
      "components {component_id: 'c' measure {deals {}} payout {rate: '10%'}} "
      "components {component_id: 'b' payout {fixed: '7'} gates {component: 'c' at_least: '30'}}");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "2025-02 700, 2025-01 1000, 2025-02 3000");
}

// [7.multiplier]
TEST(NaiveModifiersTest, MultipliersMultiply) {
  const struct {
    std::string multipliers;
    std::string paid;
  } kCases[] = {
      {"multipliers {bands {upto: '100' multiple: '2'} bands {upto: '300' multiple: '3'}}",
       "2025-01 3000, 2025-02 3000"},
      {"multipliers {bands {upto: '100' includes_upto: true multiple: '2'} bands {multiple: '3'}}",
       "2025-01 2000, 2025-02 9000"},
      {"multipliers {bands {multiple: '2'}} multipliers {bands {multiple: '1.5'}}",
       "2025-01 3000, 2025-02 9000"},
      {"multipliers {target {fixed {value: '200'}} bands {upto: '1' multiple: '0'}}",
       "2025-02 3000"},
      // Undefined: 1.
      {"multipliers {measure {metric {name: 'm' aggregate: AVG}} bands {multiple: '9'}}",
       "2025-01 1000, 2025-02 3000"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.multipliers);
    EXPECT_EQ(Paid("payout {rate: '10%'} " + c.multipliers), c.paid);
  }
}

// [7.floor] [7.cap]
TEST(NaiveModifiersTest, FloorsLiftAndCapsCutTheLastElementsFirst) {
  const std::string bands = "payout {bands {bands {upto: '50' rate: '10%'} bands {rate: '20%'}}} ";
  const struct {
    std::string modifiers;
    std::string paid;
  } kCases[] = {
      {"floor: '20'",
       "band1/2025-01 500, band2/2025-01 1000, floor/2025-01 500, "
       "band1/2025-02 500, band2/2025-02 5000"},
      {"floor: '20' gates {above: '100'}", "band1/2025-02 500, band2/2025-02 5000"},
      {"cap {amount: '12'}",
       "band1/2025-01 500, band2/2025-01 700, band1/2025-02 500, "
       "band2/2025-02 700"},
      {"cap {amount: '3' excess: '10%'}",
       "band1/2025-01 300, excess/2025-01 120, "
       "band1/2025-02 300, excess/2025-02 520"},
      {"cap {multiple_of_target_incentive: '4'}", "band1/2025-01 400, band1/2025-02 400"},
      // What January leaves is paid in February, though the gate fails there.
      {"cap {amount: '12' excess: 'CARRY'} gates {at_most: '299'}",
       "band1/2025-01 500, band2/2025-01 700, carry/2025-02 300"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.modifiers);
    EXPECT_EQ(Paid(bands + c.modifiers), c.paid);
  }
}

// [7.cap.carry]
TEST(NaiveModifiersTest, WhatIsCarriedCountsBeforeTheNextCap) {
  Script s = Seller();
  s.Pays("measure {deals {}} payout {rate: '10%'} cap {amount: '8' excess: 'CARRY'}");
  // January 10: 8, 2 over. February 30 + 2: 8, 24 over. Then 8, 8, 8.
  EXPECT_EQ(s.Paid(),
            "2025-01 800, 2025-02 800, carry/2025-03 800, carry/2025-04 800, carry/2025-05 800");
}

// [7.cap.deal]
TEST(NaiveModifiersTest, ACapPerDealCutsWhatADealIsAttributed) {
  // 5% to 100, 20% above: d1 of 150 is attributed 5 + 10, d2 of 100 is 20. At 12 each.
  Script s;
  s.Person("a").Book("d1", "a", 15000, "2025-01-05").Book("d2", "a", 10000, "2025-01-06");
  s.Pays(
      "measure {deals {}} payout {bands {bands {upto: '100' rate: '5%'} bands {rate: '20%'}}} "
      "cap {amount: '12' per: DEAL}");
  EXPECT_EQ(s.Paid(), "band1/2025-01 500, band2/2025-01 1900");
}

// [7.plan-cap]
TEST(NaiveModifiersTest, APlanCapCutsLinesInTheirOrder) {
  // 10% of 100 in the week-dated component first (by date), then the month's in the
  // order of the components.
  Script s = Seller();
  s.Plan(
      "cap {amount: '25'} components {component_id: 'z' payout {fixed: '9'}} "
      "components {component_id: 'c' measure {deals {}} period: WEEK payout {rate: '10%'}} "
      "components {component_id: 'b' payout {fixed: '8'}}");
  EXPECT_EQ(s.Lines("2025-01-31"),
            "a/p/b/2025-01/fixed/2025-01 2025-01-31 600 v1\n"
            "a/p/c/2025-W01/rate/2025-01 2025-01-05 1000 v1\n"
            "a/p/z/2025-01/fixed/2025-01 2025-01-31 900 v1\n");
}

// [7.budget]
TEST(NaiveModifiersTest, ABudgetIsSharedByTotals) {
  // Of 10 + 30 + 30 only 50.01 is paid: 7.1443 and twice 21.4329; the cent left to a.
  Script s;
  s.Person("a").Person("b").Person("c").Book("a1", "a", 10000, "2025-01-05");
  s.Book("b1", "b", 30000, "2025-01-05").Book("c1", "c", 30000, "2025-01-05");
  s.Plan(
      "budget {amount: '50.01' period: QUARTER} "
      "components {component_id: 'c' measure {deals {}} payout {rate: '10%'}}");
  EXPECT_EQ(s.Lines("2025-03-31"),
            "a/p//2025-Q1/budget/2025-03 2025-03-31 -285 v1\n"
            "a/p/c/2025-01/rate/2025-01 2025-01-31 1000 v1\n"
            "b/p//2025-Q1/budget/2025-03 2025-03-31 -857 v1\n"
            "b/p/c/2025-01/rate/2025-01 2025-01-31 3000 v1\n"
            "c/p//2025-Q1/budget/2025-03 2025-03-31 -857 v1\n"
            "c/p/c/2025-01/rate/2025-01 2025-01-31 3000 v1\n");
}

}  // namespace
}  // namespace payfold_testing
