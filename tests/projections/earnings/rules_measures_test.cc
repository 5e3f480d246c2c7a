// Rules of measures, each against figures worked out by hand; what Paid() says the engine
// and its judge agree on.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

// What a measure pays at 0.01 a unit at the period's end: as many cents as units, or
// as there are dollars of money.
std::string Units(Script s, const std::string& measure, const std::string& more = "") {
  s.Pays("evaluate: PERIOD_END measure {" + measure + "} payout {per_unit: '0.01'} " + more);
  std::string paid = s.Paid();
  for (size_t at; (at = paid.find("per_unit/")) != std::string::npos;) paid.erase(at, 9);
  return paid;
}

// [5.amount] [5.deal-amount]
TEST(MeasureRulesTest, AmountIsWhatIsCreditedDealAmountTheWholeDeal) {
  // 30% of 500 and an overlay of 10% of 200; nothing of the 1,000 that are not shared.
  Script s;
  s.Person("a").Book("d1", "z", 50000, "2025-01-10").Book("d2", "z", 20000, "2025-01-10");
  s.Book("d3", "z", 100000, "2025-01-10").Adjust("d1", 60000, "2025-02-10");
  s.Say(
      "credit_split {deal_id: 'd1' shares {participant_id: 'a' share: '0.3'} "
      "shares {participant_id: 'z' share: '0.7'}}");
  s.Say(
      "credit_split {deal_id: 'd2' shares {participant_id: 'z' share: '1'} "
      "shares {participant_id: 'a' share: '0.1' overlay: true}}");
  EXPECT_EQ(Units(s, "deals {}"), "2025-01 170, 2025-02 30");
  EXPECT_EQ(Units(s, "deals {value: DEAL_AMOUNT}"), "2025-01 700, 2025-02 100");
}

// [5.count.cancelled]
TEST(MeasureRulesTest, ACancellationInFullTakesACountBackUnderNetAndRestate) {
  // Of two deals one is cancelled in part, then, on 1 March, in full.
  const auto paid = [](const std::string& mode, const std::string& value) {
    Script s;
    s.Person("a").Book("d1", "a", 100, "2025-01-10").Book("d2", "a", 100, "2025-01-10");
    s.Cancel("d1", "2025-02-28", 99).Cancel("d1", "2025-03-01", 1).Cancel("d1", "2025-04-01");
    s.Pays("measure {deals {value: " + value +
           "}} payout {per_unit: '0.01'} clawback {mode: " + mode + "}");
    return s.Paid();
  };
  for (const std::string value : {"COUNT", "SHARED_COUNT"}) {
    EXPECT_EQ(paid("NET", value), "per_unit/2025-01 2, per_unit/2025-03 -1");
    EXPECT_EQ(paid("RESTATE", value), "per_unit/2025-01 2, restated/2025-03 -1");
    EXPECT_EQ(paid("NONE", value), "per_unit/2025-01 2");
  }
}

// 12.34 of product x, 20.00 in euro of y, and 5.00 of neither.
Script Deals() {
  Script s;
  s.Say("fx_rate_set {base: 'EUR' quote: 'USD' rate: '2' effective_from: '2025-01-01'}");
  s.Person("a").Book("d1", "a", 1234, "2025-01-10", "product: 'x' segment: 'smb'");
  s.Say(
      "deal_booked {deal_id: 'd2' owner_id: 'a' booked_on: '2025-01-10' product: 'y' "
      "amount {currency: 'EUR' minor_units: 2000}}");
  return s.Book("d3", "a", 500, "2025-01-10");
}

// How many of Deals() meet conditions.
std::string Counted(const std::string& where) {
  const std::string paid = Units(Deals(), "deals {value: COUNT " + where + "}");
  return paid.empty() ? "0" : paid.substr(8);
}

// [5.where.missing]
TEST(MeasureRulesTest, AMissingAttributeMatchesNothingButNoneOf) {
  EXPECT_EQ(Counted("where {attribute: 'product' any_of: 'x'}"), "1");
  EXPECT_EQ(Counted("where {attribute: 'product' none_of: 'x'}"), "2");
  EXPECT_EQ(Counted("where {attribute: 'segment' none_of: 'smb'}"), "2");
  EXPECT_EQ(Counted("where {attribute: 'segment' any_of: ''}"), "0");
  EXPECT_EQ(Counted("where {attribute: 'nothing' at_most: '999'}"), "0");
  EXPECT_EQ(Counted("where {attribute: 'term_months' below: '999'}"), "0");
  EXPECT_EQ(Counted("where {attribute: 'nothing' none_of: 'x'}"), "3");
}

// [5.where.any]
TEST(MeasureRulesTest, OfAnyOneListMustHoldInFull) {
  const std::string x = "all {attribute: 'product' any_of: 'x'} ";
  const std::string y = "all {attribute: 'product' any_of: 'y'} ";
  const std::string smb = "all {attribute: 'segment' any_of: 'smb'} ";
  EXPECT_EQ(Counted("where {any {" + x + "} any {" + y + "}}"), "2");
  EXPECT_EQ(Counted("where {any {" + x + smb + "} any {" + y + smb + "}}"), "1");
  EXPECT_EQ(Counted("where {any {" + y + smb + "}}"), "0");
  EXPECT_EQ(Counted("where {any {" + x + "} any {" + y + "}} where {attribute: 'product' " +
                    "none_of: 'x'}"),
            "1");
}

// [5.where.amount]
TEST(MeasureRulesTest, AnAmountIsTestedInMajorUnitsOfTheDealsOwnCurrency) {
  // 12.34 dollars, 20.00 euro (40.00 dollars), 5.00 dollars.
  EXPECT_EQ(Counted("where {attribute: 'amount' at_least: '12.34'}"), "2");
  EXPECT_EQ(Counted("where {attribute: 'amount' at_least: '12.35'}"), "1");
  EXPECT_EQ(Counted("where {attribute: 'amount' at_least: '20'}"), "1");
  EXPECT_EQ(Counted("where {attribute: 'amount' above: '20'}"), "0");
  EXPECT_EQ(Counted("where {attribute: 'amount' at_most: '5'}"), "1");
  EXPECT_EQ(Counted("where {attribute: 'amount' below: '5'}"), "0");
}

// [5.scope.nested]
TEST(MeasureRulesTest, ANestedMeasureWithoutAScopeTakesTheOuterOne) {
  // a sells 1, b of the team 10, c 100.
  Script s;
  s.Person("a", "2025-01-01", "team: 'red'").Person("b", "2025-01-01", "team: 'red' role: 'x'");
  s.Person("c", "2025-01-01", "role: 'x'").Book("d1", "a", 100, "2025-01-10");
  s.Book("d2", "b", 1000, "2025-01-10").Book("d3", "c", 10000, "2025-01-10");
  const std::string deals = "measures {deals {}} ";
  EXPECT_EQ(Units(s, "sum {" + deals + "}"), "2025-01 1");
  EXPECT_EQ(Units(s, "sum {" + deals + "} scope: TEAM"), "2025-01 11");
  EXPECT_EQ(Units(s, "sum {measures {deals {} scope: COMPANY} " + deals + "} scope: TEAM"),
            "2025-01 122");
  EXPECT_EQ(
      Units(s, "sum {measures {sum {" + deals + "} scope: COMPANY} " + deals + "}", "scope: TEAM"),
      "2025-01 122");
  EXPECT_EQ(Units(s, "sum {" + deals + "}", "scope: COMPANY"), "2025-01 111");
}

// [5.scope.company-metric]
TEST(MeasureRulesTest, AMetricOfTheCompanyBelongsToItAlone) {
  Script s;
  s.Person("m", "2025-01-01", "role: 'x'");
  s.Person("a", "2025-01-01", "team: 'red' territory: 'north' manager_id: 'm'");
  s.Metric("n", "a", "1", "2025-01-10").Metric("n", "*", "10", "2025-01-10");
  for (const std::string scope : {"OWN", "TEAM", "TERRITORY", "REPORTS_AND_SELF"}) {
    EXPECT_EQ(Units(s, "metric {name: 'n'} scope: " + scope), "2025-01 1") << scope;
  }
  EXPECT_EQ(Units(s, "metric {name: 'n'} scope: COMPANY"), "2025-01 11");
}

// [5.metric.last]
TEST(MeasureRulesTest, LastIsTheHighestValueOfTheLatestDate) {
  Script s;
  s.Person("a").Metric("n", "a", "9", "2025-01-20").Metric("n", "a", "50", "2025-01-30");
  s.Metric("n", "a", "70", "2025-01-30").Metric("n", "a", "60", "2025-01-30");
  s.Metric("n", "a", "99", "2025-01-29").Metric("n", "a", "3", "2025-02-01");
  EXPECT_EQ(Units(s, "metric {name: 'n' aggregate: LAST}"), "2025-01 70, 2025-02 3");
}

// [5.metric.nps]
TEST(MeasureRulesTest, NpsCountsNinesAndTensAgainstSixesAndLess) {
  // 10, 9, 8, 7, 6, 0: two promoters, two detractors; then 9, 8, 8, 8: 100 × 1 / 4.
  Script s;
  s.Person("a");
  for (const std::string score : {"10", "9", "8", "7", "6", "0"}) {
    s.Metric("n", "a", score, "2025-01-10");
  }
  for (const std::string score : {"9", "8", "8", "8"}) s.Metric("n", "a", score, "2025-02-10");
  for (const std::string score : {"6", "7", "7"}) s.Metric("n", "a", score, "2025-03-10");
  EXPECT_EQ(Units(s, "metric {name: 'n' aggregate: NPS}"), "2025-02 25, 2025-03 -33");
}

// [5.metric.money]
TEST(MeasureRulesTest, ValuesOfMoneyAreMinorUnitsOfThePlansCurrency) {
  // 250 and 20,000 cents at 10%; of plain numbers 250 and 20,000.
  Script s;
  s.Person("a").Metric("n", "a", "250", "2025-01-10").Metric("n", "a", "20000", "2025-01-10");
  s.Pays("measure {metric {name: 'n' unit: MONEY}} payout {rate: '10%'}");
  EXPECT_EQ(s.Paid(), "2025-01 2025");
  s.Pays("measure {metric {name: 'n'}} payout {per_unit: '0.1'}");
  EXPECT_EQ(s.Paid(), "per_unit/2025-01 202500");
}

// [5.ratio]
TEST(MeasureRulesTest, ARatioIsUndefinedOnADenominatorOfZero) {
  // 12 / 5; 12 / 0; 0 / 5. A gate fails on what is undefined, not on 0.
  const struct {
    std::string above, below, units, gated;
  } kCases[] = {{"12", "5", "per_unit/2025-01 240", "2025-01 100"},
                {"12", "0", "", ""},
                {"0", "5", "", "2025-01 100"}};
  for (const auto& c : kCases) {
    Script s;
    s.Person("a").Metric("n", "a", c.above, "2025-01-10");
    s.Metric("m", "a", c.below, "2025-01-10");
    const std::string ratio =
        "ratio {numerator {metric {name: 'n'}} denominator {metric {name: 'm'}}}";
    s.Pays("measure {" + ratio + "} payout {per_unit: '1'}");
    EXPECT_EQ(s.Paid("a", "2025-01-31"), c.units);
    s.Pays("payout {fixed: '1'} gates {measure {" + ratio + "} at_least: '0'}");
    EXPECT_EQ(s.Paid("a", "2025-01-31"), c.gated);
  }
}

// [5.growth]
TEST(MeasureRulesTest, GrowthIsUndefinedWhenThereWasNothingBefore) {
  // 100, 130, 0, 50, −10, 40 from January on.
  Script s;
  s.Person("a");
  int month = 0;
  for (const std::string value : {"100", "130", "0", "50", "-10", "40"}) {
    s.Metric("n", "a", value, absl::StrCat("2025-0", ++month, "-10"));
  }
  // +30%, −100%, undefined, −120%, undefined; then 0 against 40.
  s.Pays("measure {growth {of {metric {name: 'n'}}}} payout {per_unit: '1'}");
  EXPECT_EQ(s.Paid("a", "2025-07-31"),
            "per_unit/2025-02 30, per_unit/2025-03 -100, per_unit/2025-05 -120, "
            "per_unit/2025-07 -100");
  // Undefined fails every gate, also of at most anything.
  s.Pays("payout {fixed: '1'} gates {measure {growth {of {metric {name: 'n'}}}} at_most: '99'}");
  EXPECT_EQ(s.Paid("a", "2025-07-31"), "2025-02 100, 2025-03 100, 2025-05 100, 2025-07 100");
}

// [5.sum]
TEST(MeasureRulesTest, ASumWeighsItsPartsAndIsUndefinedWithAnyOfThem) {
  Script s;
  s.Person("a").Metric("n", "a", "10", "2025-01-10").Metric("m", "a", "4", "2025-01-10");
  s.Metric("n", "a", "10", "2025-02-10");
  const std::string parts =
      "measures {metric {name: 'n'}} measures {metric {name: 'm' aggregate: AVG}} ";
  EXPECT_EQ(Units(s, "sum {" + parts + "}"), "2025-01 14");
  EXPECT_EQ(Units(s, "sum {" + parts + "weights: '0.5' weights: '-2'}"), "2025-01 -3");
  EXPECT_EQ(Units(s, "sum {measures {metric {name: 'n'}} weights: '150%'}"),
            "2025-01 15, 2025-02 15");
}

// [5.earnings.counts]
TEST(MeasureRulesTest, AnEarningsLineCountsLikeAFactOfItsDate) {
  // m, in the plan from 28 February on, has all that a of the team earns in the quarter:
  // not the line of 31 January, but those of 28 February and 31 March.
  Script s;
  s.Person("m", "2025-01-01", "team: 'red' role: 'x'");
  s.Person("m", "2025-02-28", "team: 'red' role: 'boss'").Person("a", "2025-01-01", "team: 'red'");
  s.Book("d1", "a", 1, "2025-01-10").Book("d2", "a", 10, "2025-02-10");
  s.Book("d3", "a", 100, "2025-03-10").Pays("measure {deals {}} payout {rate: '1'}");
  s.Say(
      "plan_published {plan {plan_id: 'q' currency: 'USD' effective {start: '2025-01-01'} "
      "eligibility {roles: 'boss'} components {component_id: 'o' period: QUARTER "
      "measure {earnings {components: 'p/c'} scope: TEAM} payout {rate: '1'}}}}");
  EXPECT_EQ(s.Paid("m", "2025-03-31"), "2025-03 110");
}

// [5.periods]
TEST(MeasureRulesTest, PeriodsAreMeasuredWholeInThePeriodTheyEndIn) {
  // Weeks of 100: the one that ends on 2 February has 60 in January and 40 in February,
  // that to 9 February 99, that to 16 February 100.
  Script s;
  s.Person("a").Metric("n", "a", "60", "2025-01-27").Metric("n", "a", "40", "2025-02-02");
  s.Metric("n", "a", "99", "2025-02-03").Metric("n", "a", "100", "2025-02-16");
  const std::string weeks = "periods {period: WEEK at_least: '100' of {metric {name: 'n'}} ";
  EXPECT_EQ(Units(s, weeks + "}"), "2025-02 2");
  // Of four Sundays in February: two of four.
  s.Pays("measure {" + weeks + "share: true}} payout {per_unit: '1'}");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "per_unit/2025-02 50");
  // A half-month ends in the weeks to 5 and 19 January and to 2 February; in the others the
  // share is undefined, and the gate fails.
  s.Pays(
      "period: WEEK payout {fixed: '1'} gates {at_most: '1' measure {periods {period: HALF_MONTH "
      "at_least: '1' share: true of {metric {name: 'n'}}}}}");
  EXPECT_EQ(s.Paid("a", "2025-02-09"), "2025-01 100, 2025-01 100, 2025-02 100");
}

}  // namespace
}  // namespace payfold_testing
