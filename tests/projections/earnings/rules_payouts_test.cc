// Rules of payouts, modifiers and attribution, each against figures worked out by hand;
// what Paid() says the engine and its judge agree on.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

constexpr char kTenth[] = "measure {deals {}} payout {rate: '10%'} ";

// What a is paid for a deal of so many cents in January, as "band1 5, band2 7"; the
// target is 1.00 and the month's target incentive 10.00.
std::string PaidFor(int64_t cents, const std::string& component) {
  Script s;
  s.Person("a").Incentive("a", 12000).Book("d1", "a", cents, "2025-01-10");
  s.Pays("measure {deals {}} target {fixed {value: '1'}} " + component);
  return absl::StrReplaceAll(s.Paid("a", "2025-01-31"), {{"/2025-01", ""}, {"2025-01 ", ""}});
}

std::string Banded(int64_t cents, const std::string& bands) {
  return PaidFor(cents, "payout {bands {" + bands + "}}");
}

// [7.bands.last]
TEST(PayoutRulesTest, AboveALastBandWithAnUptoNothingMoreIsPaid) {
  const std::string closed = "bands {upto: '1' rate: '10%'} bands {upto: '2' rate: '20%'} ";
  EXPECT_EQ(Banded(200, closed), "band1 10, band2 20");
  EXPECT_EQ(Banded(900, closed), "band1 10, band2 20");
  EXPECT_EQ(Banded(199, "mode: RETROACTIVE " + closed), "band2 40");
  EXPECT_EQ(Banded(200, "mode: RETROACTIVE " + closed), "");
  EXPECT_EQ(Banded(200, "mode: RETROACTIVE edges: UPPER_INCLUSIVE " + closed), "band2 40");
}

// [7.bands.below]
TEST(PayoutRulesTest, AFirstBandFromZeroGoesOnBelowIt) {
  for (const std::string mode : {"", "mode: RETROACTIVE "}) {
    EXPECT_EQ(Banded(-100, mode + "bands {upto: '1' rate: '10%'} bands {rate: '20%'}"),
              "band1 -10");
    EXPECT_EQ(Banded(-100, mode + "bands {per_unit: '3'}"), "band1 -300");
    EXPECT_EQ(Banded(-100, mode + "basis: ATTAINMENT bands {multiple: '1'}"), "band1 -1000");
    EXPECT_EQ(Banded(-100, mode + "bands {fixed: '3'}"), "");
    EXPECT_EQ(Banded(-100, mode + "from: '0.01' bands {rate: '10%'}"), "");
    EXPECT_EQ(Banded(99, mode + "from: '1' bands {rate: '10%'}"), "");
  }
  EXPECT_EQ(PaidFor(-100, "payout {rate: '10%'} multipliers {bands {upto: '1' multiple: '2'}}"),
            "-20");
}

// [7.bands.attainment]
TEST(PayoutRulesTest, OnAttainmentSlicesLieBetweenTargetTimesEdges) {
  // 80% of 1.00, 100% of it: of 1.50 0.80, 0.20 and 0.50.
  const std::string rates =
      "basis: ATTAINMENT bands {upto: '80%' rate: '10%'} bands {upto: '100%' rate: '50%'} "
      "bands {rate: '100%'}";
  EXPECT_EQ(Banded(150, rates), "band1 8, band2 10, band3 50");
  EXPECT_EQ(Banded(100, rates), "band1 8, band2 10");
  EXPECT_EQ(Banded(80, rates), "band1 8");
  EXPECT_EQ(Banded(82, rates), "band1 8, band2 1");
  // 10.00 × 1 × 0.8, 10.00 × 2 × 0.7.
  EXPECT_EQ(
      Banded(150, "basis: ATTAINMENT bands {upto: '80%' multiple: '1'} bands {multiple: '2'}"),
      "band1 800, band2 1400");
}

// [7.bands.retroactive-band]
TEST(PayoutRulesTest, ARetroactiveBandReplacesTheRatesBelowItNotTheFixedAmounts) {
  const std::string bands =
      "bands {upto: '1' rate: '10%'} bands {upto: '2' rate: '20%' retroactive: true} "
      "bands {upto: '3' rate: '30%'} bands {rate: '40%' retroactive: true}";
  EXPECT_EQ(Banded(99, bands), "band1 10");
  EXPECT_EQ(Banded(100, bands), "band2 20");
  EXPECT_EQ(Banded(250, bands), "band2 40, band3 15");
  EXPECT_EQ(Banded(300, bands), "band4 120");
  EXPECT_EQ(Banded(150, "bands {upto: '1' fixed: '0.05'} bands {rate: '20%' retroactive: true}"),
            "band1 5, band2 30");
}

// [7.bands.retroactive]
TEST(PayoutRulesTest, TheBandReachedPaysOnTheWhole) {
  const std::string edges = "mode: RETROACTIVE bands {upto: '1' rate: '10%'} ";
  EXPECT_EQ(Banded(99, edges + "bands {rate: '20%'}"), "band1 10");
  EXPECT_EQ(Banded(100, edges + "bands {rate: '20%'}"), "band2 20");
  EXPECT_EQ(Banded(150, edges + "bands {per_unit: '2'}"), "band2 300");
  EXPECT_EQ(Banded(150, edges + "bands {fixed: '3'}"), "band2 300");
  EXPECT_EQ(Banded(150,
                   "mode: RETROACTIVE basis: ATTAINMENT bands {upto: '1' rate: '10%'} "
                   "bands {multiple: '2'}"),
            "band2 3000");
}

// [7.bands.interpolated]
TEST(PayoutRulesTest, AnInterpolatedAmountAccruesOverTheWidthOfItsBand) {
  const std::string bands =
      "mode: INTERPOLATED from: '1' bands {upto: '2' fixed: '1'} bands {upto: '4' fixed: '8'} "
      "bands {fixed: '50'}";
  EXPECT_EQ(Banded(100, bands), "");
  EXPECT_EQ(Banded(101, bands), "band1 1");
  EXPECT_EQ(Banded(150, bands), "band1 50");
  EXPECT_EQ(Banded(201, bands), "band1 100, band2 4");
  EXPECT_EQ(Banded(400, bands), "band1 100, band2 800");
  EXPECT_EQ(Banded(9000, bands), "band1 100, band2 800");
}

// [7.per-deal.limits]
TEST(PayoutRulesTest, PerDealPaysNothingBelowItsMinimumAndNoMoreThanItsCap) {
  // Half of each deal is a's: 50.00 is the least, 400.00 the most that pays.
  const auto paid = [](int64_t cents) {
    Script s;
    s.Person("a").Book("d1", "z", cents, "2025-01-10");
    s.Say(
        "credit_split {deal_id: 'd1' shares {participant_id: 'a' share: '0.5'} "
        "shares {participant_id: 'z' share: '0.5'}}");
    s.Pays("measure {deals {}} payout {per_deal {rate: '10%' min_amount: '50' cap: '40'}}");
    return s.Paid();
  };
  EXPECT_EQ(paid(9998), "");
  EXPECT_EQ(paid(10000), "deal:d1/2025-01 500");
  EXPECT_EQ(paid(79980), "deal:d1/2025-01 3999");
  EXPECT_EQ(paid(80020), "deal:d1/2025-01 4000");
}

// [7.pool.measure]
TEST(PayoutRulesTest, APoolsMeasureCountsAllFacts) {
  // 1.00 of x, who is in no plan, and 2.00 of a on a day of leave: 10% for a and b.
  Script s;
  s.Person("a", "2025-01-01", "status: LEAVE").Person("a", "2025-01-17").Person("b");
  s.Person("x", "2025-01-01", "role: 'x'").Book("d1", "a", 200, "2025-01-05");
  s.Book("d2", "x", 100, "2025-01-05").Pays("measure {deals {}} payout {pool {rate: '10%'}}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "pool/2025-01 15");
  EXPECT_EQ(s.Paid("b", "2025-01-31"), "pool/2025-01 15");
}

// [7.order]
TEST(PayoutRulesTest, AnElementIsRoundedOnceAfterGatesAndMultipliers) {
  // 50% × 0.5 × 2 of a cent: half a cent, and so one.
  EXPECT_EQ(PaidFor(1,
                    "payout {rate: '50%'} gates {above: '9' otherwise: '0.5'} "
                    "multipliers {bands {multiple: '2'}}"),
            "1");
  EXPECT_EQ(PaidFor(1,
                    "payout {rate: '50%'} gates {above: '9' otherwise: '0.5'} "
                    "multipliers {bands {multiple: '1.9'}}"),
            "");
}

// [7.order]
TEST(PayoutRulesTest, ModifiersActInTheirOrder) {
  // 10.00, twice; a cap of 18, the plan's of 15, a budget of 12.
  const std::vector<std::pair<std::string, std::string>> steps = {
      {"", "2025-01 1000"},
      {"multipliers {bands {multiple: '2'}} ", "2025-01 2000"},
      {"cap {amount: '18'} ", "2025-01 1800"},
      {"} cap {amount: '15' ", "2025-01 1500"},
      {"} budget {amount: '12' ", "budget/2025-01 -300, 2025-01 1500"}};
  std::string fields = absl::StrCat("components {component_id: 'c' ", kTenth);
  for (const auto& [step, paid] : steps) {
    fields += step;
    Script s;
    s.Person("a").Book("d1", "a", 10000, "2025-01-10").Plan(fields + "}");
    EXPECT_EQ(s.Paid("a", "2025-01-31"), paid) << step;
  }
  // A floor lifts what multipliers made.
  EXPECT_EQ(PaidFor(100, "payout {rate: '10%'} multipliers {bands {multiple: '2'}} floor: '0.25'"),
            "floor 5, 20");
}

// [7.gate.zero]
TEST(PayoutRulesTest, AGateThatGivesZeroEndsThereWithoutFloor) {
  const std::string floor = absl::StrCat("payout {rate: '10%'} floor: '0.25' ");
  EXPECT_EQ(PaidFor(100, floor + "gates {at_least: '1'}"), "floor 15, 10");
  EXPECT_EQ(PaidFor(99, floor + "gates {at_least: '1'}"), "");
  EXPECT_EQ(PaidFor(99, floor + "gates {at_least: '1' otherwise: 'ZERO'}"), "");
  EXPECT_EQ(PaidFor(99, floor + "gates {at_least: '1' otherwise: '0.5'}"), "floor 20, 5");
  EXPECT_EQ(PaidFor(99, floor + "gates {at_least: '1' otherwise: '0'}"), "floor 25");
  EXPECT_EQ(PaidFor(99, floor + "gates {at_least: '1' otherwise: '0.5'} gates {above: '2'}"), "");
}

// [7.cap.rate]
TEST(PayoutRulesTest, ARateAboveACapPaysOnWhatIsCut) {
  const std::string cap = "payout {rate: '1'} cap {amount: '1' excess: '10%'}";
  EXPECT_EQ(PaidFor(100, cap), "100");
  EXPECT_EQ(PaidFor(104, cap), "100");
  EXPECT_EQ(PaidFor(105, cap), "excess 1, 100");
  EXPECT_EQ(PaidFor(250, cap), "excess 15, 100");
}

// [7.cap.incentive]
TEST(PayoutRulesTest, ACapByTheTargetIncentiveIsSmallerWhereThatIsProrated) {
  // 31.00 a month, of which 15 of 31 days; a cap in money stays.
  for (const auto& [fields, paid] : std::vector<std::pair<std::string, std::string>>{
           {"cap {multiple_of_target_incentive: '1'} ", "3100"},
           {"cap {multiple_of_target_incentive: '1'} prorate: AMOUNTS", "1500"},
           {"cap {multiple_of_target_incentive: '200%'} prorate: AMOUNTS", "3000"},
           {"cap {amount: '31'} prorate: AMOUNTS", "3100"}}) {
    Script s;
    s.Person("a", "2025-01-17").Incentive("a", 37200).Book("d1", "a", 99900, "2025-01-20");
    s.Pays(absl::StrCat(kTenth, "multipliers {bands {multiple: '10'}} ", fields));
    EXPECT_EQ(s.Paid("a", "2025-01-31"), "2025-01 " + paid) << fields;
  }
}

// [7.budget.version] [7.plan-cap]
TEST(PayoutRulesTest, PlanCapAndBudgetAreThoseOfTheVersionLastInForce) {
  // 30.00 in January; a second version from the 31st on.
  const auto paid = [](const std::string& first, const std::string& second) {
    Script s;
    s.Person("a").Book("d1", "a", 30000, "2025-01-10");
    for (const auto& [start, limit] : std::vector<std::pair<std::string, std::string>>{
             {"2025-01-01", first}, {"2025-01-31", second}}) {
      s.Say("plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '" + start +
            "'} eligibility {roles: 'ae'} " + limit + " components {component_id: 'c' " + kTenth +
            "}}}");
    }
    return s.Paid("a", "2025-01-31");
  };
  EXPECT_EQ(paid("", ""), "2025-01 3000");
  EXPECT_EQ(paid("cap {amount: '5'}", ""), "2025-01 3000");
  EXPECT_EQ(paid("cap {amount: '5'}", "cap {amount: '7'}"), "2025-01 700");
  EXPECT_EQ(paid("budget {amount: '5'}", ""), "2025-01 3000");
  EXPECT_EQ(paid("budget {amount: '5'}", "budget {amount: '7'}"),
            "budget/2025-01 -2300, 2025-01 3000");
}

// Two deals of 100.00, 10% to 100.00 and 20% above: what is taken back of each.
std::string Attributed(const std::string& first, const std::string& second,
                       const std::string& fields = "", int64_t cents = 10000) {
  Script s;
  s.Person("a").Book("d2", "a", cents, second).Book("d1", "a", cents, first);
  s.Cancel("d1", "2025-02-10").Cancel("d2", "2025-02-11");
  s.Pays(
      "measure {deals {}} payout {bands {bands {upto: '100' rate: '10%'} bands {rate: '20%'}}} "
      "clawback {mode: REVERSE} " +
      fields);
  const std::string paid = s.Paid("a", "2025-02-28");
  const size_t at = paid.find("reversed");
  return at == std::string::npos ? "" : absl::StrReplaceAll(paid.substr(at), {{"/2025-02", ""}});
}

// [9.order]
TEST(AttributionRulesTest, ADealIsAttributedWhatItAddsInOrderOfDateThenDeal) {
  EXPECT_EQ(Attributed("2025-01-10", "2025-01-11"), "reversed -1000, reversed -2000");
  EXPECT_EQ(Attributed("2025-01-11", "2025-01-10"), "reversed -2000, reversed -1000");
  EXPECT_EQ(Attributed("2025-01-10", "2025-01-10"), "reversed -1000, reversed -2000");
  // After the cap of the component.
  EXPECT_EQ(Attributed("2025-01-10", "2025-01-11", "cap {amount: '25'}"),
            "reversed -1000, reversed -1500");
  EXPECT_EQ(Attributed("2025-01-10", "2025-01-11", "cap {amount: '10'}"), "reversed -1000");
}

// [9.rest]
TEST(AttributionRulesTest, WhatRemainsWithoutCreditsBelongsToNoDeal) {
  // A floor of 50.00 is paid with the deals and without them.
  EXPECT_EQ(Attributed("2025-01-10", "2025-01-11", "floor: '50'"), "");
  // 0.5 cents are one, 1 cent is one: the second deal adds nothing.
  EXPECT_EQ(Attributed("2025-01-10", "2025-01-11", "", 5), "reversed -1");
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-10").Cancel("d1", "2025-02-10");
  s.Pays("measure {deals {}} payout {fixed: '7'} clawback {mode: REVERSE}");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "2025-01 700, 2025-02 700");
}

}  // namespace
}  // namespace payfold_testing
