// The judge against figures worked out by hand from the page, rule by rule.

#include "tests/support/naive_evaluator.h"

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/support/naive_facts.h"
#include "tests/support/naive_payout.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

// What each of some bands (as protobuf text) pays on a measure; the target
// incentive is 25.
std::string BandText(const std::string& bands, const std::string& measure,
                     const std::string& target = "") {
  payfold::v1::Bands parsed;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(bands, &parsed));
  NaivePay pay;
  pay.measure = NaiveNumber(measure);
  if (!target.empty()) pay.target = NaiveNumber(target);
  pay.incentive = 25;
  return absl::StrJoin(BandAmounts(parsed, pay), " ",
                       [](std::string* out, const auto& amount) { out->append(amount.ToText(4)); });
}

TEST(NaiveEvaluatorTest, RateRoundsTheAmountToDateOnce) {
  // 5% of 10.10 is 0.505, of 20.20 is 1.01: January 51 cents, February 101 − 51.
  Script s;
  s.Person("a").Book("d1", "a", 1010, "2025-01-10").Book("d2", "a", 1010, "2025-02-10");
  s.Pays("period: QUARTER measure {deals {}} payout {rate: '5%'}");
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-Q1/rate/2025-01 2025-01-31 51 v1\n"
            "a/p/c/2025-Q1/rate/2025-02 2025-02-28 50 v1\n");
}

// [1.half-even]
TEST(NaiveEvaluatorTest, HalfEvenRoundsHalvesToTheEvenNeighbour) {
  // 50% of 5 cents is 2.5, of 7 cents 3.5.
  Script s;
  s.Person("a").Book("d1", "a", 5, "2025-01-10").Book("d2", "a", 7, "2025-02-10");
  s.Say(
      "plan_published {plan {plan_id: 'p' currency: 'USD' rounding: HALF_EVEN "
      "effective {start: '2025-01-01'} eligibility {roles: 'ae'} "
      "components {component_id: 'c' measure {deals {}} payout {rate: '0.5'}}}}");
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 2 v1\n"
            "a/p/c/2025-02/rate/2025-02 2025-02-28 4 v1\n");
}

TEST(NaiveEvaluatorTest, PerUnitPaysForEachDealCounted) {
  // Two deals at 12.50; the one cancelled in full in February is taken back.
  Script s;
  s.Person("a").Book("d1", "a", 1, "2025-01-10").Book("d2", "a", 0, "2025-01-11");
  s.Cancel("d1", "2025-02-03").Cancel("d1", "2025-02-04");
  s.Pays("measure {deals {value: COUNT}} payout {per_unit: '12.5'}");
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/per_unit/2025-01 2025-01-31 2500 v1\n"
            "a/p/c/2025-02/per_unit/2025-02 2025-02-28 -1250 v1\n");
}

// [7.fixed] [8.period-end]
TEST(NaiveEvaluatorTest, FixedIsPaidOnceOnThePeriodsLastDay) {
  Script s;
  s.Person("a", "2025-01-20").Pays("period: QUARTER payout {fixed: '100'}");
  EXPECT_EQ(s.Lines("2025-06-29"), "a/p/c/2025-Q1/fixed/2025-03 2025-03-31 10000 v1\n");
}

// [7.bands.marginal]
TEST(NaiveEvaluatorTest, MarginalBandsPayOnTheirSlices) {
  // The page's sentence: 7% × 12,345.00 above 75,000.00 = 864.15; below, 5% × 75,000.00.
  Script s;
  s.Person("a").Book("d1", "a", 8734500, "2025-01-10");
  s.Pays("measure {deals {}} payout {bands {bands {upto: '75000' rate: '5%'} bands {rate: '7%'}}}");
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/band1/2025-01 2025-01-31 375000 v1\n"
            "a/p/c/2025-01/band2/2025-01 2025-01-31 86415 v1\n");
}

TEST(NaiveEvaluatorTest, AMultipleTakesItsShareOfTheTargetIncentive) {
  // 24,000 a year is 2,000 a month, × 50% weight 1,000. Attainment 12,500 / 10,000:
  // 1,000 × 1 × 1.00, and 1,000 × 2 × 0.25.
  Script s;
  s.Person("a").Book("d1", "a", 1250000, "2025-01-10");
  s.Say(
      "plan_assigned {plan_id: 'p' participant_id: 'a' effective_from: '2025-01-01' "
      "target_incentive {currency: 'USD' minor_units: 2400000}}");
  s.Pays(
      "measure {deals {}} weight: '50%' target {fixed {value: '10000'}} "
      "payout {bands {basis: ATTAINMENT bands {upto: '100%' multiple: '1'} "
      "bands {multiple: '200%'}}}");
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/band1/2025-01 2025-01-31 100000 v1\n"
            "a/p/c/2025-01/band2/2025-01 2025-01-31 50000 v1\n");
}

TEST(NaiveEvaluatorTest, ATargetIncentiveThatChangesIsAveragedOverTheDaysInThePlan) {
  // Annual 1,200 from 1 to 10 March, 2,400 on the 11 days to 21 March, 0 on 10 days
  // after: (10 × 1,200 + 11 × 2,400) / 31 / 12 = 103.2258; attainment is 1.
  Script s;
  s.Person("a", "2025-03-01").Book("d1", "a", 100, "2025-03-10");
  const std::string assigned = "plan_assigned {plan_id: 'p' participant_id: 'a' ";
  s.Say(assigned +
        "effective_from: '2025-03-01' "
        "target_incentive {currency: 'USD' minor_units: 120000}}");
  s.Say(assigned +
        "effective_from: '2025-03-11' effective_to: '2025-03-21' "
        "target_incentive {currency: 'USD' minor_units: 240000}}");
  s.Pays(
      "measure {deals {}} target {fixed {value: '1'}} "
      "payout {bands {basis: ATTAINMENT bands {multiple: '1'}}}");
  EXPECT_EQ(s.Lines(), "a/p/c/2025-03/band1/2025-03 2025-03-31 10323 v1\n");
}

// [6.incentive.weights]
TEST(NaiveEvaluatorTest, TargetWeightsShareTheYear) {
  // 10,000 a year, 15% of it in Q1 of the fiscal year that begins in April.
  Script s("payout_period: QUARTER fiscal_year_start_month: 4");
  s.Person("a").Book("d1", "a", 100, "2025-04-10");
  s.Say(
      "plan_assigned {plan_id: 'p' participant_id: 'a' effective_from: '2025-01-01' "
      "target_incentive {currency: 'USD' minor_units: 1000000}}");
  s.Pays(
      "measure {deals {}} target {fixed {value: '1'}} "
      "target_weights {key: 'Q1' value: '15%'} target_weights {key: 'Q2' value: '85%'} "
      "payout {bands {basis: ATTAINMENT bands {multiple: '1'}}}");
  EXPECT_EQ(s.Lines(), "a/p/c/2026-Q1/band1/2026-Q1 2025-06-30 150000 v1\n");
}

// Bands upto 100 and 200 and above, each fixed 1, 2, 4, on x: which are paid.
// [7.bands.edge] [7.bands.upper-inclusive]
TEST(NaiveEvaluatorTest, EdgesBelongToTheBandThatIncludesThem) {
  const struct {
    std::string edges;
    std::string x;
    std::string marginal;
    std::string retroactive;
  } kCases[] = {
      {"", "-1", "0 0 0", "0 0 0"},
      {"", "0", "1 0 0", "1 0 0"},
      {"", "99", "1 0 0", "1 0 0"},
      {"", "100", "1 2 0", "0 2 0"},
      {"", "200", "1 2 4", "0 0 4"},
      {"edges: UPPER_INCLUSIVE", "0", "0 0 0", "0 0 0"},
      {"edges: UPPER_INCLUSIVE", "1", "1 0 0", "1 0 0"},
      {"edges: UPPER_INCLUSIVE", "100", "1 0 0", "1 0 0"},
      {"edges: UPPER_INCLUSIVE", "200", "1 2 0", "0 2 0"},
      {"from: '50'", "49", "0 0 0", "0 0 0"},
      {"from: '50'", "50", "1 0 0", "1 0 0"},
      {"from: '50' edges: UPPER_INCLUSIVE", "50", "0 0 0", "0 0 0"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.edges + " " + c.x);
    const std::string bands = c.edges +
                              " bands {upto: '100' fixed: '1'} bands {upto: '200' fixed: '2'} "
                              "bands {fixed: '4'}";
    EXPECT_EQ(BandText(bands, c.x), c.marginal);
    EXPECT_EQ(BandText("mode: RETROACTIVE " + bands, c.x), c.retroactive);
  }
}

TEST(NaiveEvaluatorTest, BandsPayByTheirMode) {
  const std::string rates = "bands {upto: '100' rate: '0.1'} bands {upto: '200' rate: '0.2'} ";
  const struct {
    std::string bands;
    std::string x;
    std::string pays;
  } kCases[] = {
      // Below 0 the first band goes on; above the last `upto` nothing more is paid.
      {rates, "-50", "-5 0"},
      {rates, "150", "10 10"},
      {rates, "1000", "10 20"},
      {"mode: RETROACTIVE " + rates, "-50", "-5 0"},
      {"mode: RETROACTIVE " + rates, "150", "0 30"},
      {"mode: RETROACTIVE " + rates, "1000", "0 0"},
      {"from: '20' " + rates, "-50", "0 0"},
      {"from: '20' " + rates, "50", "3 0"},
      // A retroactive band takes the slices below it over, the fixed amounts stay.
      {"bands {upto: '100' rate: '0.1'} bands {upto: '200' rate: '0.2' retroactive: true} "
       "bands {rate: '0.3'}",
       "250", "0 40 15"},
      {"bands {upto: '100' fixed: '7'} bands {rate: '0.2' retroactive: true}", "150", "7 30"},
      {"bands {upto: '100' rate: '0.1'} bands {rate: '0.2' retroactive: true}", "99", "9.9 0"},
      {"bands {upto: '100' rate: '0.1'} bands {rate: '0.2' retroactive: true}", "100", "0 20"},
      // A fixed amount accrues over the width of its band.
      {"mode: INTERPOLATED from: '100' bands {upto: '200' fixed: '10'} "
       "bands {upto: '300' fixed: '30'} bands {fixed: '99'}",
       "250", "10 15 0"},
      {"mode: INTERPOLATED bands {upto: '200' fixed: '10'}", "-20", "0"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.bands + c.x);
    EXPECT_EQ(BandText(c.bands, c.x), c.pays);
  }
}

// [6.attainment.zero]
TEST(NaiveEvaluatorTest, BandsOnAttainmentNeedATarget) {
  // Measure 150 of 100: 5% on 100, 10% on 50; 25 × 2 × 0.5 of the incentive 25.
  const std::string bands =
      "basis: ATTAINMENT bands {upto: '100%' rate: '5%'} bands {rate: '10%'} ";
  EXPECT_EQ(BandText(bands, "150", "100"), "5 5");
  EXPECT_EQ(BandText(bands, "150", "0"), "0 0");
  EXPECT_EQ(BandText(bands, "150"), "0 0");
  EXPECT_EQ(BandText("basis: ATTAINMENT bands {fixed: '3'}", "150", "0"), "0");
  EXPECT_EQ(BandText("bands {upto: '100' multiple: '1'} bands {multiple: '2'}", "150", "100"),
            "25 25");
}

// [7.bands.by]
TEST(NaiveEvaluatorTest, AnotherMeasureChoosesTheBand) {
  // Two deals counted choose the second band, which pays on the amount.
  Script s;
  s.Person("a").Book("d1", "a", 10000, "2025-01-10").Book("d2", "a", 10000, "2025-01-11");
  s.Pays(
      "measure {deals {}} payout {bands {mode: RETROACTIVE "
      "by {measure {deals {value: COUNT}}} bands {upto: '2' rate: '1%'} bands {rate: '2%'}}}");
  EXPECT_EQ(s.Lines(), "a/p/c/2025-01/band2/2025-01 2025-01-31 400 v1\n");
}

// [7.per-deal]
TEST(NaiveEvaluatorTest, PerDealPaysTheDifferenceOfThePeriod) {
  // d1: 10% of 100 in January; in February 150 less 20: f(130) − f(100). d2 is below
  // the minimum of 50 until it grows to 60. d3 is capped at 40.
  Script s;
  s.Person("a").Book("d1", "a", 10000, "2025-01-10").Adjust("d1", 15000, "2025-02-01");
  s.Cancel("d1", "2025-02-02", 2000);
  s.Book("d2", "a", 4999, "2025-01-10").Adjust("d2", 6000, "2025-02-10");
  s.Book("d3", "a", 90000, "2025-01-10");
  s.Pays("measure {deals {}} payout {per_deal {rate: '10%' min_amount: '50' cap: '40'}}");
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/deal:d1/2025-01 2025-01-31 1000 v1\n"
            "a/p/c/2025-01/deal:d3/2025-01 2025-01-31 4000 v1\n"
            "a/p/c/2025-02/deal:d1/2025-02 2025-02-28 300 v1\n"
            "a/p/c/2025-02/deal:d2/2025-02 2025-02-28 600 v1\n");
}

// [3.counts]
TEST(NaiveEvaluatorTest, OnlyFactsOfDaysInThePlanCount) {
  // Hired on 10 January; on leave from 20 January; the assignment excludes from 1 February.
  Script s;
  s.Person("a", "2025-01-10").Person("a", "2025-01-20", "status: LEAVE").Person("a", "2025-01-25");
  s.Say(
      "plan_assigned {plan_id: 'p' participant_id: 'a' effective_from: '2025-02-01' "
      "effective_to: '2025-02-10' excluded: true}");
  s.Book("d1", "a", 1, "2025-01-09").Book("d2", "a", 10, "2025-01-10");
  s.Book("d3", "a", 100, "2025-01-20").Book("d4", "a", 1000, "2025-01-25");
  s.Book("d5", "a", 10000, "2025-02-10").Book("d6", "a", 100000, "2025-02-11");
  s.Pays(kAllOfIt);
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 1010 v1\n"
            "a/p/c/2025-02/rate/2025-02 2025-02-28 100000 v1\n");
}

// [3.cancellation-counts] [8.leaver]
TEST(NaiveEvaluatorTest, LeavingDoesNotKeepACancelledCommission) {
  // d1 counted: of its 100, 30 + 70 are taken back after leaving. d2 was booked before
  // hiring: nothing. An adjustment after leaving does not count.
  Script s;
  s.Person("a", "2025-01-05").Person("a", "2025-02-01", "status: TERMINATED");
  s.Book("d1", "a", 100, "2025-01-10").Cancel("d1", "2025-02-10", 30).Cancel("d1", "2025-03-10");
  s.Book("d2", "a", 100, "2025-01-01").Cancel("d2", "2025-02-10");
  s.Book("d3", "a", 100, "2025-01-10").Adjust("d3", 500, "2025-02-05").Cancel("d3", "2025-03-05");
  s.Pays(kAllOfIt);
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 200 v1\n"
            "a/p/c/2025-02/rate/2025-02 2025-02-28 -30 v1\n"
            "a/p/c/2025-03/rate/2025-03 2025-03-31 -170 v1\n");
}

// [3.leaver]
TEST(NaiveEvaluatorTest, ALeaverGivesBackAtTheRateOfTheLastTarget) {
  // Quota 100 in all months of the team red; left on 1 February from there. The
  // cancellation of 100 in March is −1 attainment of the quota: −100 at 5%.
  Script s;
  s.Person("a", "2025-01-01", "team: 'red'");
  s.Person("a", "2025-02-01", "status: TERMINATED team: 'blue'");
  s.Say("quota_set {metric: 'sales' subject: 'red' period: '2025-03' value: '10000'}");
  s.Say("quota_set {metric: 'sales' subject: 'red' period: '2025-01' value: '10000'}");
  s.Book("d1", "a", 10000, "2025-01-10").Cancel("d1", "2025-03-10");
  s.Pays(
      "measure {deals {}} target {quota {metric: 'sales'}} "
      "payout {bands {basis: ATTAINMENT bands {rate: '5%'}}}");
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/band1/2025-01 2025-01-31 500 v1\n"
            "a/p/c/2025-03/band1/2025-03 2025-03-31 -500 v1\n");
}

}  // namespace
}  // namespace payfold_testing
