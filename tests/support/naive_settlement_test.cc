// The judge of section 10 against figures worked out by hand.

#include "tests/support/naive_settlement.h"

#include <string>

#include "gtest/gtest.h"
#include "ledger/calendar/date.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

constexpr char kComponent[] =
    "components {component_id: 'c' measure {deals {}} payout {rate: '1'} ";

// What is settled to the end of a month of 2025, without the statements.
std::string Plans(const Script& s, int month) {
  NaiveSettlement settlement = NaiveSettle(s.events(), payfold::Date::Of(2025, month, 1));
  settlement.statements.clear();
  return ToText(settlement);
}

// 1.00 is sold in January, 9.00 in February, 20.00 in March, against a draw of 5.00.
Script Drawing(const std::string& draw, const std::string& hired = "2025-01-01") {
  Script s;
  s.Person("a", hired).Book("d1", "a", 100, "2025-01-20").Book("d2", "a", 900, "2025-02-10");
  s.Book("d3", "a", 2000, "2025-03-10");
  s.Plan("draw {amount: '5' " + draw + "} " + kComponent + "}");
  return s;
}

// [10.draw] [10.draw.excess] [10.draw.cap] [10.draw.after] [10.draw.max]
TEST(NaiveDrawTest, AnExcessDrawTopsUpAndIsRecoveredFromWhatIsAbove) {
  EXPECT_EQ(Plans(Drawing("recoverable: true recovery_rate: '50%'"), 3),
            "a/p 2025-01 earned 100 draw 500 top_up 400 balance 400 payable 500\n"
            "a/p 2025-02 earned 900 draw 500 recovery 200 balance 200 payable 700\n"
            "a/p 2025-03 earned 2000 draw 500 recovery 200 payable 1800\n");
  EXPECT_EQ(Plans(Drawing(""), 2),
            "a/p 2025-01 earned 100 draw 500 top_up 400 payable 500\n"
            "a/p 2025-02 earned 900 draw 500 payable 900\n");
  // At most 10% of 9.00 is recovered; at most 2.50 is ever owed.
  EXPECT_EQ(Plans(Drawing("recoverable: true recovery_cap: '10%' max_balance: '2.5'"), 2),
            "a/p 2025-01 earned 100 draw 500 top_up 250 balance 250 payable 350\n"
            "a/p 2025-02 earned 900 draw 500 recovery 90 balance 160 payable 810\n");
  // Nothing in periods that begin before March; then 4.00 of what is above 0.
  EXPECT_EQ(Plans(Drawing("recoverable: true recover_after {months: 2} periods: 1"), 3),
            "a/p 2025-01 earned 100 draw 500 top_up 400 balance 400 payable 500\n"
            "a/p 2025-02 earned 900 balance 400 payable 900\n"
            "a/p 2025-03 earned 2000 recovery 400 payable 1600\n");
}

// [10.draw.earnings]
TEST(NaiveDrawTest, AnEarningsDrawIsOwedFirst) {
  EXPECT_EQ(Plans(Drawing("recoverable: true recover_from: EARNINGS"), 3),
            "a/p 2025-01 earned 100 draw 500 recovery 100 balance 400\n"
            "a/p 2025-02 earned 900 draw 500 recovery 900\n"
            "a/p 2025-03 earned 2000 draw 500 recovery 500 payable 1500\n");
}

// [10.draw.per] [10.draw.prorate]
TEST(NaiveDrawTest, DrawsOfPartsAreSummedAndProrated) {
  // 16 of 31 days of 5.00, rounded; or 16 days at 0.10; or the Sundays 19 and 26: 2 weeks.
  EXPECT_EQ(Plans(Drawing("prorate: true", "2025-01-16"), 1),
            "a/p 2025-01 earned 100 draw 258 top_up 158 payable 258\n");
  EXPECT_EQ(Plans(Drawing("per: DAY", "2025-01-16"), 1),
            "a/p 2025-01 earned 100 draw 8000 top_up 7900 payable 8000\n");
  EXPECT_EQ(Plans(Drawing("per: WEEK", "2025-01-16"), 1),
            "a/p 2025-01 earned 100 draw 1000 top_up 900 payable 1000\n");
}

// [10.draw.not-recoverable]
TEST(NaiveDrawTest, ANegativeEarningJoinsTheBalanceOnce) {
  // 1.00 cancelled in February: the draw tops −1.00 up to 5.00.
  const auto settled = [](const std::string& draw) {
    Script s;
    s.Person("a").Book("d1", "a", 100, "2025-01-20").Cancel("d1", "2025-02-10");
    s.Plan("draw {amount: '5' " + draw + "} " + kComponent + "}");
    const std::string text = Plans(s, 2);
    return text.substr(text.find("a/p 2025-02"));
  };
  EXPECT_EQ(settled("recoverable: true"),
            "a/p 2025-02 earned -100 draw 500 top_up 600 balance 1000 payable 500\n");
  EXPECT_EQ(settled(""), "a/p 2025-02 earned -100 draw 500 top_up 600 balance 100 payable 500\n");
  EXPECT_EQ(settled("recoverable: true recover_from: EARNINGS"),
            "a/p 2025-02 earned -100 draw 500 balance 1000\n");
}

// [10.schedule] [10.schedule.negative]
TEST(NaiveScheduleTest, WhatIsDueLaterIsHeldAndNegativeLinesTakeFromIt) {
  // 40% of 1.00 is due on 2 March; 0.30 is cancelled in February.
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-10").Cancel("d1", "2025-02-10", 30);
  s.Plan(std::string(kComponent) +
         "schedule {share: '60%' due: BOOKED} schedule {share: '40%' due: AFTER_DAYS n: 30}}");
  EXPECT_EQ(Plans(s, 4),
            "a/p 2025-01 earned 100 held 40 payable 60\n"
            "a/p 2025-02 earned -30 held -30\n"
            "a/p 2025-03 released 10 payable 10\n");
}

// [10.schedule.collected]
TEST(NaiveScheduleTest, CashReleasesItsShare) {
  // Of 1.00 a quarter is paid in January, half in March, too much in May.
  Script s;
  s.Person("a").Book("d1", "a", 200, "2025-01-10");
  const auto pay = [&s](int cents, const std::string& date) {
    s.Say("payment_collected {deal_id: 'd1' date: '" + date +
          "' amount {currency: 'USD' minor_units: " + std::to_string(cents) + "}}");
  };
  pay(50, "2025-01-15");
  pay(100, "2025-03-15");
  pay(999, "2025-05-15");
  s.Plan(
      "components {component_id: 'c' measure {deals {}} payout {rate: '50%'} "
      "schedule {share: '1' due: COLLECTED}}");
  EXPECT_EQ(Plans(s, 6),
            "a/p 2025-01 earned 100 held 75 payable 25\n"
            "a/p 2025-03 released 50 payable 50\n"
            "a/p 2025-05 released 25 payable 25\n");
}

// [10.payable] [10.carried]
TEST(NaiveStatementTest, ANegativePayableIsCarried) {
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-10").Cancel("d1", "2025-02-10");
  s.Book("d2", "a", 30, "2025-04-10");
  s.Say(
      "adjustment_posted {adjustment_id: 'x' participant_id: 'a' period: '2025-05' "
      "amount {currency: 'USD' minor_units: 90}}");
  s.Say(
      "opening_balance {participant_id: 'a' as_of: '2025-01-31' kind: PAYABLE "
      "amount {currency: 'USD' minor_units: -5}}");
  s.Plan(std::string(kComponent) + "}");
  NaiveSettlement settlement = NaiveSettle(s.events(), payfold::Date::Of(2025, 6, 1));
  settlement.plans.clear();
  EXPECT_EQ(ToText(settlement),
            "a USD 2025-01 payable 100\n"
            "a USD 2025-02 carried_in -5 carried_out -105\n"
            "a USD 2025-03 carried_in -105 carried_out -105\n"
            "a USD 2025-04 carried_in -105 carried_out -75\n"
            "a USD 2025-05 adjustments 90 carried_in -75 payable 15\n");
}

}  // namespace
}  // namespace payfold_testing
