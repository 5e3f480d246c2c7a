// Rules of credits, each against figures worked out by hand; what Paid() and Lines() say
// the engine and its judge agree on.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ledger/calendar/date.h"
#include "tests/support/naive_evaluator.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

constexpr char kCounted[] = "measure {deals {value: COUNT}} payout {per_unit: '0.01'} ";

std::string Money(const std::string& currency, int64_t minor_units) {
  return absl::StrCat("amount {currency: '", currency, "' minor_units: ", minor_units, "}");
}

std::string Cash(const std::string& kind, int64_t cents, const std::string& date) {
  return absl::StrCat(kind, " {deal_id: 'd1' date: '", date, "' ", Money("USD", cents), "}");
}

// [4.before-booking]
TEST(CreditRulesTest, AChangeDatedBeforeTheBookingTakesItsDate) {
  // Booked on 1 February for 100; adjusted to 150 in January, 20 cancelled there.
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-02-01").Adjust("d1", 150, "2025-01-31");
  s.Cancel("d1", "2025-01-31", 20).Pays(kAllOfIt);
  EXPECT_EQ(s.Paid(), "2025-02 130");
  Script cash;
  cash.Person("a").Book("d1", "a", 100, "2025-02-01");
  cash.Say(Cash("payment_collected", 30, "2025-01-31"));
  cash.Say(Cash("payment_collected", 40, "2025-03-01"));
  cash.Pays(absl::StrCat(kAllOfIt, "trigger: COLLECTED"));
  EXPECT_EQ(cash.Paid(), "2025-02 30, 2025-03 40");
}

// [4.cancel]
TEST(CreditRulesTest, ACancellationTakesAtMostWhatIsLeft) {
  // Of 100, what two cancellations in February and March take, and whether the deal counts.
  const struct {
    int64_t first, second;  // 0: no amount
    std::string amounts, counts;
  } kCases[] = {
      {60, 40, ", 2025-02 -60, 2025-03 -40", ", per_unit/2025-03 -1"},
      {60, 39, ", 2025-02 -60, 2025-03 -39", ""},
      {60, 41, ", 2025-02 -60, 2025-03 -40", ", per_unit/2025-03 -1"},
      {60, 0, ", 2025-02 -60, 2025-03 -40", ", per_unit/2025-03 -1"},
      {0, 40, ", 2025-02 -100", ", per_unit/2025-02 -1"},
      {100, 0, ", 2025-02 -100", ", per_unit/2025-02 -1"},
      {101, 1, ", 2025-02 -100", ", per_unit/2025-02 -1"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(absl::StrCat(c.first, " ", c.second));
    for (const bool counted : {false, true}) {
      Script s;
      s.Person("a").Book("d1", "a", 100, "2025-01-10");
      s.Cancel("d1", "2025-02-10", c.first).Cancel("d1", "2025-03-10", c.second);
      s.Pays(counted ? kCounted : kAllOfIt);
      EXPECT_EQ(s.Paid(), counted ? "per_unit/2025-01 1" + c.counts : "2025-01 100" + c.amounts);
    }
  }
}

// [4.collected]
TEST(CreditRulesTest, PaymentsCountAtTheirDatesWhateverTheAmendments) {
  // 100 booked, adjusted to 300; 40 paid on 31 January, 25 on 1 February, 90 in March.
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-10").Adjust("d1", 300, "2025-02-05");
  s.Say(Cash("payment_collected", 90, "2025-03-01")).Say(Cash("deal_invoiced", 7, "2025-01-31"));
  s.Say(Cash("payment_collected", 40, "2025-01-31"));
  s.Say(Cash("payment_collected", 25, "2025-02-01"));
  s.Pays(absl::StrCat(kAllOfIt, "trigger: COLLECTED"));
  EXPECT_EQ(s.Paid(), "2025-01 40, 2025-02 25, 2025-03 90");
}

// [4.split]
TEST(CreditRulesTest, TheLastSplitByPositionHolds) {
  // First all to b, then 30% to a and 70% to b; before any, the owner has all.
  Script s;
  s.Person("a").Person("b").Book("d1", "a", 10, "2025-01-10").Pays(kAllOfIt);
  EXPECT_EQ(s.Paid("a") + "/" + s.Paid("b"), "2025-01 10/");
  s.Say("credit_split {deal_id: 'd1' shares {participant_id: 'b' share: '1'}}");
  EXPECT_EQ(s.Paid("a") + "/" + s.Paid("b"), "/2025-01 10");
  s.Say(
      "credit_split {deal_id: 'd1' shares {participant_id: 'a' share: '0.3'} "
      "shares {participant_id: 'b' share: '0.7'}}");
  EXPECT_EQ(s.Paid("a") + "/" + s.Paid("b"), "2025-01 3/2025-01 7");
}

// Deals of `currency` in a plan of `plan`, with rates "EUR USD 1.1 2025-01-01".
Script Foreign(const std::string& plan, const std::vector<std::string>& rates) {
  Script s;
  s.Person("a");
  for (const std::string& rate : rates) {
    s.Say("fx_rate_set {base: '" + rate.substr(0, 3) + "' quote: '" + rate.substr(4, 3) +
          "' rate: '" + rate.substr(8) + "' effective_from: '2025-01-01'}");
  }
  s.Say("plan_published {plan {plan_id: 'p' currency: '" + plan +
        "' effective {start: '2025-01-01'} eligibility {roles: 'ae'} components {component_id: "
        "'c' " +
        kAllOfIt + "}}}");
  return s;
}

// [4.fx.crossed]
TEST(CreditRulesTest, AMissingRateIsTheInverseOrCrossedAndRoundedOnce) {
  const struct {
    std::string plan, currency;
    int64_t amount;
    std::vector<std::string> rates;
    std::string paid;
  } kCases[] = {
      {"USD", "EUR", 10000, {"EUR USD 1.1"}, "2025-01 11000"},
      // 100.00 / 0.9 = 111.111…
      {"USD", "EUR", 10000, {"USD EUR 0.9"}, "2025-01 11111"},
      // The direct rate before the inverse.
      {"USD", "EUR", 10000, {"USD EUR 0.9", "EUR USD 1.2"}, "2025-01 12000"},
      // 0.04 × 1.1 / 0.3 = 0.14666…, with a rounding between 0.04 / 0.3 = 0.13.
      {"EUR", "GBP", 4, {"GBP USD 1.1", "EUR USD 0.3"}, "2025-01 15"},
      // Both inverse: 1.00 / 0.8 × 0.9 = 1.125, the half away from zero.
      {"EUR", "GBP", 100, {"USD GBP 0.8", "USD EUR 0.9"}, "2025-01 113"},
      // Digits of both: 150 yen are a dollar, 1.005 dinar of three digits 2.01 dollars.
      {"USD", "JPY", 151, {"USD JPY 150"}, "2025-01 101"},
      {"JPY", "USD", 101, {"USD JPY 150"}, "2025-01 152"},
      {"USD", "KWD", 1005, {"KWD USD 2"}, "2025-01 201"},
      {"USD", "EUR", 10000, {"EUR GBP 2"}, ""},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.plan + c.currency + c.paid);
    Script s = Foreign(c.plan, c.rates);
    s.Say("deal_booked {deal_id: 'd1' owner_id: 'a' booked_on: '2025-01-10' " +
          Money(c.currency, c.amount) + "}");
    EXPECT_EQ(s.Paid(), c.paid);
  }
}

// [4.fx.totals]
TEST(CreditRulesTest, ACancellationInFullTakesAllThatIsLeftInPlanCurrency) {
  // 100.00 EUR at 1.1 in January; the rate of February is another.
  const struct {
    std::string rate;
    int64_t first, second;  // cancelled; 0: all, −1: nothing
    std::string paid;
  } kCases[] = {
      {"2", 0, -1, ", 2025-02 -11000"},      {"1", 0, -1, ", 2025-02 -11000"},
      {"1", 5000, 0, ", 2025-02 -11000"},    {"1", 5000, -1, ", 2025-02 -5000"},
      {"2", 5000, -1, ", 2025-02 -10000"},   {"2", 6000, -1, ", 2025-02 -11000"},
      {"2", 6000, 4000, ", 2025-02 -11000"}, {"1", 10000, -1, ", 2025-02 -11000"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(absl::StrCat(c.rate, " ", c.first, " ", c.second));
    Script s = Foreign("USD", {"EUR USD 1.1"});
    s.Say("fx_rate_set {base: 'EUR' quote: 'USD' rate: '" + c.rate +
          "' effective_from: '2025-02-01'}");
    s.Say("deal_booked {deal_id: 'd1' owner_id: 'a' booked_on: '2025-01-10' " +
          Money("EUR", 10000) + "}");
    for (const int64_t cents : {c.first, c.second}) {
      if (cents < 0) continue;
      s.Say("deal_cancelled {deal_id: 'd1' cancelled_on: '2025-02-10' " +
            (cents == 0 ? "" : Money("EUR", cents)) + "}");
    }
    EXPECT_EQ(s.Paid(), "2025-01 11000" + c.paid);
  }
}

// [4.net]
TEST(CreditRulesTest, NetTakesOffOnTheDateOfTheCancellation) {
  for (const std::string mode : {"", "clawback {mode: NET}"}) {
    for (const auto& [date, month] : std::vector<std::pair<std::string, std::string>>{
             {"2025-02-28", "2025-02"}, {"2025-03-01", "2025-03"}}) {
      Script s;
      s.Person("a").Book("d1", "a", 100, "2025-01-10").Cancel("d1", date, 30);
      EXPECT_EQ(s.Pays(kAllOfIt + mode).Paid(), "2025-01 100, " + month + " -30");
    }
  }
}

// [4.restated.order]
TEST(CreditRulesTest, CancellationsAreTakenByDateThenDealThenPlace) {
  // 20% of all from 150 on, else 10%: of 200 40, of 100 10.
  const auto paid = [](const std::vector<std::vector<std::string>>& cancellations) {
    Script s;
    s.Person("a").Book("d1", "a", 10000, "2025-01-10").Book("d2", "a", 10000, "2025-01-10");
    for (const auto& c : cancellations) s.Cancel(c[0], c[1], c.size() < 3 ? 0 : std::stoll(c[2]));
    s.Pays(
        "measure {deals {}} clawback {mode: RESTATE} payout {bands {mode: RETROACTIVE "
        "bands {upto: '150' rate: '10%'} bands {rate: '20%'}}}");
    std::string text;
    for (const NaiveLine& line : NaiveLines(s.events(), payfold::Date::Of(2025, 12, 31))) {
      if (line.element != "restated") continue;
      absl::StrAppend(&text, line.origin.substr(1), " ", line.minor_units, " ");
    }
    EXPECT_NE(s.Lines(), "");  // that the engine says the same
    return text;
  };
  const std::string day = "2025-03-10";
  EXPECT_EQ(paid({{"d1", day}, {"d2", day}}), "d1.1 -3000 d2.1 -1000 ");
  EXPECT_EQ(paid({{"d2", day}, {"d1", day}}), "d1.1 -3000 d2.1 -1000 ");
  EXPECT_EQ(paid({{"d1", day}, {"d2", "2025-03-09"}}), "d1.1 -1000 d2.1 -3000 ");
  // 160 are left at 20%, then 100 at 10%; the other way round 140 and 100 at 10%.
  EXPECT_EQ(paid({{"d1", day, "4000"}, {"d1", day, "6000"}}), "d1.1 -800 d1.2 -2200 ");
  EXPECT_EQ(paid({{"d1", day, "6000"}, {"d1", day, "4000"}}), "d1.1 -2600 d1.2 -400 ");
}

// What is taken back of 3,600 booked on 31 January and cancelled on a date.
std::string TakenBack(const std::string& clawback, const std::string& date) {
  Script s;
  s.Person("a").Book("d1", "a", 360000, "2025-01-31").Cancel("d1", date);
  s.Pays(absl::StrCat(kAllOfIt, "clawback {mode: REVERSE ", clawback, "}"));
  const std::string paid = s.Paid();
  const size_t at = paid.find('-', paid.find("reversed") + 17);
  return paid.find("reversed") == std::string::npos ? "0" : paid.substr(at);
}

// [4.reverse.schedule]
TEST(CreditRulesTest, AStepOfAScheduleEndsBeforeItsUpto) {
  const std::string steps =
      "schedule {upto: 30 percent: '100%'} schedule {upto: 60 percent: '50%'}";
  EXPECT_EQ(TakenBack(steps, "2025-01-31"), "-360000");  // day 0
  EXPECT_EQ(TakenBack(steps, "2025-03-01"), "-360000");  // day 29
  EXPECT_EQ(TakenBack(steps, "2025-03-02"), "-180000");
  EXPECT_EQ(TakenBack(steps, "2025-03-31"), "-180000");  // day 59
  EXPECT_EQ(TakenBack(steps, "2025-04-01"), "0");
}

// [4.reverse.linear]
TEST(CreditRulesTest, LinearTakesWhatRemainsOfTheWindow) {
  EXPECT_EQ(TakenBack("linear: true window_days: 90", "2025-01-31"), "-360000");
  EXPECT_EQ(TakenBack("linear: true window_days: 90", "2025-02-01"), "-356000");
  EXPECT_EQ(TakenBack("linear: true window_days: 90", "2025-04-30"), "-4000");  // day 89
  EXPECT_EQ(TakenBack("linear: true window_days: 90", "2025-05-01"), "0");
  EXPECT_EQ(TakenBack("linear: true window_months: 12", "2025-02-27"), "-360000");
  EXPECT_EQ(TakenBack("linear: true window_months: 12", "2025-02-28"), "-330000");
  EXPECT_EQ(TakenBack("linear: true window_months: 12", "2025-03-30"), "-330000");
  EXPECT_EQ(TakenBack("linear: true window_months: 12", "2025-03-31"), "-300000");
}

// [4.reverse.window]
TEST(CreditRulesTest, TheLastDayOfAWindowStillCounts) {
  EXPECT_EQ(TakenBack("window_days: 90", "2025-05-01"), "-360000");
  EXPECT_EQ(TakenBack("window_days: 90", "2025-05-02"), "0");
  EXPECT_EQ(TakenBack("window_months: 1", "2025-02-28"), "-360000");
  EXPECT_EQ(TakenBack("window_months: 1", "2025-03-01"), "0");
  EXPECT_EQ(TakenBack("window_days: 40 schedule {upto: 90 percent: '50%'}", "2025-03-12"),
            "-180000");
  EXPECT_EQ(TakenBack("window_days: 40 schedule {upto: 90 percent: '50%'}", "2025-03-13"), "0");
}

}  // namespace
}  // namespace payfold_testing
