// The judge against figures worked out by hand: triggers, currencies, clawback,
// segments.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

// An event about deal "d1" in USD cents.
std::string Cash(const std::string& kind, int cents, const std::string& date) {
  return absl::StrCat(kind, " {deal_id: 'd1' date: '", date,
                      "' amount {currency: 'USD' minor_units: ", cents, "}}");
}

// d1: 100 booked in January; 40 invoiced in February and 60 in March; 30 paid in
// March; 50 cancelled in April, the rest in May. Invoiced again in June: 7.
std::string Triggered(const std::string& component) {
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-10").Say(Cash("deal_invoiced", 60, "2025-03-05"));
  s.Say(Cash("deal_invoiced", 40, "2025-02-05")).Say(Cash("payment_collected", 30, "2025-03-05"));
  s.Cancel("d1", "2025-04-05", 50).Cancel("d1", "2025-05-05");
  s.Say(Cash("deal_invoiced", 7, "2025-06-05"));
  s.Pays(component);
  return s.Paid();
}

// [4.net.cash]
TEST(NaiveTriggerTest, CashIsTakenBackUpToWhatCameIn) {
  EXPECT_EQ(Triggered(kAllOfIt), "2025-01 100, 2025-04 -50, 2025-05 -50");
  EXPECT_EQ(Triggered(absl::StrCat(kAllOfIt, "trigger: INVOICED")),
            "2025-02 40, 2025-03 60, 2025-04 -50, 2025-05 -50, 2025-06 7");
  EXPECT_EQ(Triggered(absl::StrCat(kAllOfIt, "trigger: COLLECTED")), "2025-03 30, 2025-04 -30");
  // Counted when booked.
  EXPECT_EQ(Triggered("measure {deals {value: COUNT}} payout {per_unit: '1'} trigger: INVOICED"),
            "per_unit/2025-01 100, per_unit/2025-05 -100");
}

// [4.invoiced]
TEST(NaiveTriggerTest, EachInvoiceIsAllocatedOnItsOwn) {
  // 1 and 1 by halves: both cents to a. Of the 2 cancelled b gives back nothing: none
  // counted.
  Script s;
  s.Person("a").Person("b").Book("d1", "z", 2, "2025-01-10");
  s.Say(
      "credit_split {deal_id: 'd1' shares {participant_id: 'a' share: '0.5'} "
      "shares {participant_id: 'b' share: '0.5'}}");
  s.Say(Cash("deal_invoiced", 1, "2025-02-05")).Say(Cash("deal_invoiced", 1, "2025-03-05"));
  s.Cancel("d1", "2025-04-05").Pays(absl::StrCat(kAllOfIt, "trigger: INVOICED"));
  EXPECT_EQ(s.Paid("a"), "2025-02 1, 2025-03 1, 2025-04 -1");
  EXPECT_EQ(s.Paid("b"), "");
}

// [4.fx.day]
TEST(NaiveCurrencyTest, TheRateIsThatOfTheNamedDay) {
  // 100 EUR on 10 January at 1.1; 1.2 from 20 January; 2 when the version starts.
  const auto paid = [](const std::string& fx) {
    Script s;
    const auto rate = [&s](const std::string& value, const std::string& from) {
      s.Say("fx_rate_set {base: 'EUR' quote: 'USD' rate: '" + value + "' effective_from: '" + from +
            "'}");
    };
    rate("2", "2024-12-01");
    rate("1.1", "2025-01-05");
    rate("1.2", "2025-01-20");
    s.Person("a").Pays(kAllOfIt + fx);
    s.Say(
        "deal_booked {deal_id: 'd' owner_id: 'a' amount {currency: 'EUR' minor_units: 100} "
        "booked_on: '2025-01-10'}");
    return s.Paid();
  };
  EXPECT_EQ(paid(""), "2025-01 110");
  EXPECT_EQ(paid("fx: PERIOD_END"), "2025-01 120");
  EXPECT_EQ(paid("fx: PLAN_START"), "2025-01 200");
}

// [4.none]
TEST(NaiveClawbackTest, NoneIgnoresCancellations) {
  EXPECT_EQ(Triggered(absl::StrCat(kAllOfIt, "clawback {mode: NONE}")), "2025-01 100");
}

// [4.restated]
TEST(NaiveClawbackTest, RestatedBasesShrinkFromTheFirstOn) {
  // d1: 100 in January, 60 more in February, 120 cancelled in April: January loses 100,
  // February 20. d2 of January, cancelled in full in March. The rate is 10% to 150 and 20%
  // above: January 15 + 10, without d2 10, without d1 nothing.
  Script s;
  s.Person("a").Book("d1", "a", 10000, "2025-01-10").Adjust("d1", 16000, "2025-02-10");
  s.Book("d2", "a", 10000, "2025-01-10").Cancel("d2", "2025-03-10");
  s.Cancel("d1", "2025-04-10", 12000);
  s.Pays(
      "measure {deals {}} clawback {mode: RESTATE} "
      "payout {bands {bands {upto: '150' rate: '10%'} bands {rate: '20%'}}}");
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/band1/2025-01 2025-01-31 1500 v1\n"
            "a/p/c/2025-01/band2/2025-01 2025-01-31 1000 v1\n"
            "a/p/c/2025-01/restated/2025-03~d2.1 2025-03-10 -1500 v1\n"
            "a/p/c/2025-01/restated/2025-04~d1.1 2025-04-10 -1000 v1\n"
            "a/p/c/2025-02/band1/2025-02 2025-02-28 600 v1\n"
            "a/p/c/2025-02/restated/2025-04~d1.1 2025-04-10 -200 v1\n");
}

TEST(NaiveClawbackTest, RestatedInFullNothingIsLeftOfAnyBase) {
  // 100 in January, 30 less in February, cancelled in March, 10 more in April.
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-10").Adjust("d1", 70, "2025-02-10");
  s.Cancel("d1", "2025-03-10").Adjust("d1", 80, "2025-04-10");
  s.Pays(absl::StrCat(kAllOfIt, "clawback {mode: RESTATE}"));
  EXPECT_EQ(s.Paid(),
            "2025-01 100, restated/2025-03 -100, 2025-02 -30, restated/2025-03 30, 2025-04 10");
}

TEST(NaiveClawbackTest, RestatingChangesWhatOthersAreHeldAgainst) {
  // The best of January is b with 200, 50 after the cancellation; what a sold in February
  // is then all of the best, its own 100.
  Script s;
  s.Person("a").Person("b").Book("a1", "a", 10000, "2025-01-10");
  s.Book("b1", "b", 20000, "2025-01-10").Book("a2", "a", 10000, "2025-02-10");
  s.Cancel("b1", "2025-03-10", 15000);
  s.Pays(
      "measure {deals {}} clawback {mode: RESTATE} payout {fixed: '9'} "
      "gates {target {population {stat: MAX}} at_least: '1'}");
  EXPECT_EQ(s.Lines("2025-03-31"), "a/p/c/2025-02/restated/2025-03~b1.1 2025-03-10 900 v1\n");
}

// 10% to 100, 20% above; d1 of 100 on 10 January, d2 of 100 on 20 January: 10 and 20.
std::string Reversed(const std::string& clawback) {
  Script s;
  s.Person("a").Book("d1", "a", 10000, "2025-01-10").Book("d2", "a", 10000, "2025-01-20");
  s.Cancel("d1", "2025-04-10", 2500);  // 90 days, 3 months
  s.Cancel("d2", "2025-04-19");        // 89 days, 2 months
  s.Cancel("d1", "2025-05-10");        // 120 days, 4 months
  s.Pays(
      "measure {deals {}} payout {bands {bands {upto: '100' rate: '10%'} bands {rate: '20%'}}} "
      "clawback {mode: REVERSE " +
      clawback + "}");
  const std::string paid = s.Paid();
  const std::string kept = "band1/2025-01 1000, band2/2025-01 2000";
  EXPECT_EQ(paid.substr(0, kept.size()), kept);
  return paid.substr(kept.size());
}

// [4.reverse]
TEST(NaiveClawbackTest, ReversalTakesBackWhatADealWasAttributed) {
  EXPECT_EQ(Reversed(""), ", reversed/2025-04 -250, reversed/2025-04 -2000, reversed/2025-05 -750");
  EXPECT_EQ(Reversed("schedule {upto: 90 percent: '100%'} schedule {upto: 120 percent: '50%'}"),
            ", reversed/2025-04 -125, reversed/2025-04 -2000");
  EXPECT_EQ(Reversed("window_days: 90"), ", reversed/2025-04 -250, reversed/2025-04 -2000");
  EXPECT_EQ(Reversed("window_days: 89"), ", reversed/2025-04 -2000");
  // 10 of 100 days remain, 11 of 100.
  EXPECT_EQ(Reversed("linear: true window_days: 100"),
            ", reversed/2025-04 -25, reversed/2025-04 -220");
  EXPECT_EQ(Reversed("linear: true window_months: 4"),
            ", reversed/2025-04 -63, reversed/2025-04 -1000");
  EXPECT_EQ(Reversed("window_months: 3"), ", reversed/2025-04 -250, reversed/2025-04 -2000");
}

TEST(NaiveClawbackTest, ReversalKnowsTheDealAndItsCancellation) {
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-10").Cancel("d1", "2025-02-01", 50);
  s.Cancel("d1", "2025-02-02").Cancel("d1", "2025-02-03");
  s.Pays(absl::StrCat(kAllOfIt, "clawback {mode: REVERSE}"));
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 100 v1\n"
            "a/p/c/2025-01/reversed/2025-02~d1.1 2025-02-01 -50 v1\n"
            "a/p/c/2025-01/reversed/2025-02~d1.2 2025-02-02 -50 v1\n");
}

// [8.restart]
TEST(NaiveSegmentTest, ARestartedSegmentBeginsAtNothing) {
  // v2 from 15 February. Quarter of 90 days: 45 of them in each segment. v1 pays 10% of
  // 100; v2 20% of what came in its segment, against half the target, and half of 90.
  const auto version = [](const std::string& rate, const std::string& start) {
    return "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '" + start +
           "'} eligibility {roles: 'ae'} components {component_id: 'c' period: QUARTER "
           "segment: RESTART measure {deals {}} target {fixed {value: '200'}} payout {bands "
           "{basis: ATTAINMENT mode: RETROACTIVE from: '1' bands {rate: '" +
           rate +
           "'}}}} components {component_id: 'f' period: QUARTER segment: RESTART "
           "payout {fixed: '90'}}}}";
  };
  Script s;
  s.Person("a").Say(version("10%", "2025-01-01")).Say(version("20%", "2025-02-15"));
  s.Book("d1", "a", 10000, "2025-01-10").Book("d2", "a", 9000, "2025-02-20");
  s.Book("d3", "a", 1000, "2025-03-20");
  EXPECT_EQ(s.Lines("2025-03-31"),
            "a/p/c/2025-Q1/band1/2025-01 2025-01-31 1000 v1\n"
            "a/p/c/2025-Q1/band1/2025-03 2025-03-31 2000 v2\n"
            "a/p/f/2025-Q1/fixed/2025-03 2025-03-31 4500 v1\n"
            "a/p/f/2025-Q1/fixed/2025-03@2025-02-15 2025-03-31 4500 v2\n");
}

// [3.rank-band]
TEST(NaivePlanTest, ARankBandTakesAShareOfThoseRanked) {
  // Of January a 500, b and c 300, d nothing: places 25, 50, 75 and 100 per cent.
  const auto paid = [](const std::string& from, const std::string& to) {
    Script s;
    for (const std::string id : {"a", "b", "c", "d"}) s.Person(id);
    s.Person("z", "2025-01-01", "role: 'x'").Book("z1", "z", 9999, "2025-01-10");
    s.Book("a1", "a", 500, "2025-01-10").Book("b1", "b", 300, "2025-01-10");
    s.Book("c1", "c", 300, "2025-01-10");
    s.Say(
        "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-02-01'} "
        "eligibility {roles: 'ae' rank_band {measure {deals {}} period: MONTH from_pct: '" +
        from + "' to_pct: '" + to + "'}} components {component_id: 'c' payout {fixed: '1'}}}}");
    std::string who;
    for (const std::string id : {"a", "b", "c", "d", "z"}) {
      if (!s.Paid(id, "2025-02-28").empty()) who += id;
    }
    return who;
  };
  EXPECT_EQ(paid("0", "25"), "a");
  EXPECT_EQ(paid("0", "74"), "ab");
  EXPECT_EQ(paid("25", "75"), "bc");
  EXPECT_EQ(paid("75", "100"), "d");
}

}  // namespace
}  // namespace payfold_testing
