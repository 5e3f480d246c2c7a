// Rules of numbers, time, plans and evaluation, each against figures worked out by hand;
// what Paid() and Lines() say the engine and its judge agree on.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/queries.h"
#include "tests/support/folded_company.h"
#include "tests/support/naive_script.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using ::testing::HasSubstr;

std::string Component(const std::string& id, const std::string& fields) {
  return absl::StrCat("components {component_id: '", id, "' ", fields, "} ");
}

// [1.exact]
TEST(NumbersTest, ProductsBeyond64BitsAreExact) {
  // 9,000,000,000,000,000,001 × 0.333333333 = 2,999,999,997,000,000,000.333…
  Script s;
  s.Person("a").Book("d1", "a", 9'000'000'000'000'000'001, "2025-01-10");
  s.Pays("measure {deals {}} payout {rate: '0.333333333'}");
  EXPECT_EQ(s.Paid(), "2025-01 2999999997000000000");
}

// [1.exact]
TEST(NumbersTest, AGroupThatOverflowsPaysNothingAndIsListed) {
  // Twice what fits in half of 64 bits; the other component pays, and so does February.
  Script s;
  s.Person("a").Book("d1", "a", 5'000'000'000'000'000'000, "2025-01-10");
  s.Book("d2", "a", 5'000'000'000'000'000'000, "2025-01-10").Book("d3", "a", 7, "2025-02-10");
  s.Plan(Component("c", kAllOfIt) + Component("f", "payout {fixed: '1'}"));
  FoldedCompany company;
  ASSERT_THAT(company.AddAll(s.events()), IsOk());
  EXPECT_EQ(EngineLines(company.View(), payfold::Date::Of(2025, 2, 28)),
            "a/p/c/2025-02/rate/2025-02 2025-02-28 7 v1\n"
            "a/p/f/2025-01/fixed/2025-01 2025-01-31 100 v1\n"
            "a/p/f/2025-02/fixed/2025-02 2025-02-28 100 v1\n");
  const auto exceptions = payfold::ListExceptions(company.View());
  ASSERT_THAT(exceptions, IsOk());
  ASSERT_EQ(exceptions->size(), 1U);
  EXPECT_EQ(exceptions->at(0).kind(), "OVERFLOW");
  EXPECT_EQ(exceptions->at(0).subject(), "a/p/c/2025-01");
}

// [1.half-up]
TEST(NumbersTest, HalvesAreRoundedAwayFromZeroByDefault) {
  // 2.5 of 5 cents is 3; −2.5 of the 5 cancelled is −3; 3.5 of 7 is 4; 2.4 of 8 at 30% is 2.
  Script s;
  s.Person("a").Book("d1", "a", 5, "2025-01-10").Cancel("d1", "2025-02-10");
  s.Book("d2", "a", 7, "2025-03-10");
  s.Pays("measure {deals {}} payout {rate: '50%'}");
  EXPECT_EQ(s.Paid(), "2025-01 3, 2025-02 -3, 2025-03 4");
  Script third;
  third.Person("a").Book("d1", "a", 8, "2025-01-10");
  third.Pays("measure {deals {}} payout {rate: '30%'}");
  EXPECT_EQ(third.Paid(), "2025-01 2");
}

// [1.sums]
TEST(NumbersTest, WhatIsSummedIsWhatIsShown) {
  // Half a cent and half a cent are two lines of 1; their sum is 2, not the exact 1.
  Script s;
  s.Person("a").Book("d1", "a", 10, "2025-01-10");
  s.Plan(Component("c",
                   "measure {deals {}} payout {bands {bands {upto: '0.05' rate: '10%'} "
                   "bands {rate: '10%'}}}") +
         Component("sum", "measure {earnings {components: 'c'}} payout {rate: '1'}"));
  EXPECT_EQ(s.Paid(), "band1/2025-01 1, band2/2025-01 1, 2025-01 2");
}

// [1.percent]
TEST(NumbersTest, APercentageIsHundredths) {
  for (const std::string rate : {"5%", "0.05", "5.0%"}) {
    Script s;
    s.Person("a").Book("d1", "a", 300, "2025-01-10");
    s.Pays("measure {deals {}} payout {rate: '" + rate + "'}");
    EXPECT_EQ(s.Paid(), "2025-01 15") << rate;
  }
}

// [1.major] [1.quota-unit]
TEST(NumbersTest, PlansSpeakOfMajorUnitsFactsOfMinorOnes) {
  const std::string curve =
      "evaluate: PERIOD_END payout {bands {basis: ATTAINMENT mode: RETROACTIVE from: '1' "
      "bands {fixed: '7'}}} ";
  const struct {
    std::string component;
    int64_t at;  // cents that reach it, of a deal
  } kMoney[] = {
      {"measure {deals {}} payout {bands {mode: RETROACTIVE from: '12.34' bands {fixed: '7'}}}",
       1234},
      {"measure {deals {}} target {fixed {value: '12.34'}} " + curve, 1234},
      {"measure {deals {}} target {quota {metric: 'q'}} " + curve, 1234},
      {"payout {fixed: '7'} gates {measure {deals {}} at_least: '12.34'}", 1234},
      {"measure {metric {name: 'money' unit: MONEY}} target {quota {metric: 'q'}} " + curve, 1},
  };
  for (const auto& c : kMoney) {
    for (const int64_t less : {0, 1}) {
      SCOPED_TRACE(absl::StrCat(c.component, less));
      Script s;
      s.Person("a").Quota("q", "a", "2025-01", "1234").Book("d1", "a", c.at - less, "2025-01-10");
      s.Metric("money", "a", absl::StrCat(1234 - less), "2025-01-10");
      s.Pays(c.component);
      const std::string paid = s.Paid("a", "2025-01-31");
      if (less == 0) {
        EXPECT_THAT(paid, HasSubstr(" 700"));
      } else {
        EXPECT_EQ(paid, "");
      }
    }
  }
  // Against any other measure they are plain numbers.
  for (const std::string value : {"2", "1"}) {
    Script s;
    s.Person("a").Quota("q", "a", "2025-01", "2").Metric("m", "a", value, "2025-01-10");
    s.Pays("measure {metric {name: 'm'}} target {quota {metric: 'q'}} " + curve +
           "gates {at_least: '2'}");
    EXPECT_EQ(s.Paid("a", "2025-01-31"), value == "2" ? "band1/2025-01 700" : "");
  }
}

// [2.kinds]
TEST(TimeTest, APeriodHoldsBothItsEnds) {
  // A deal of 1 on the first day, of 10 on the last, of 100 and 1000 on the days around.
  const struct {
    std::string period, label, before, first, last, after;
  } kCases[] = {
      {"DAY", "2025-03-31", "2025-03-30", "2025-03-31", "2025-03-31", "2025-04-01"},
      {"WEEK", "2025-W01", "2024-12-29", "2024-12-30", "2025-01-05", "2025-01-06"},
      {"HALF_MONTH", "2025-03.1", "2025-02-28", "2025-03-01", "2025-03-15", "2025-03-16"},
      {"HALF_MONTH", "2025-03.2", "2025-03-15", "2025-03-16", "2025-03-31", "2025-04-01"},
      {"MONTH", "2024-02", "2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"},
      {"QUARTER", "2025-Q2", "2025-03-31", "2025-04-01", "2025-06-30", "2025-07-01"},
      {"HALF", "2025-H1", "2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01"},
      {"YEAR", "2025", "2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.label);
    Script s;
    s.Person("a", "2024-01-01").Book("d1", "a", 1, c.first).Book("d2", "a", 10, c.last);
    s.Book("d3", "a", 100, c.before).Book("d4", "a", 1000, c.after);
    s.Say(
        "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2024-01-01'} "
        "eligibility {roles: 'ae'} " +
        Component("c", "evaluate: PERIOD_END period: " + c.period + " " + kAllOfIt) + "}}");
    const std::string month = c.last.substr(0, 7);
    EXPECT_THAT(s.Lines("2026-12-31"),
                HasSubstr("a/p/c/" + c.label + "/rate/" + month + " " + c.last + " 11 v1\n"));
  }
}

// [2.fiscal]
TEST(TimeTest, AFiscalYearIsNamedByTheYearItEndsIn) {
  const struct {
    std::string period, first, second;
  } kCases[] = {{"YEAR", "2025", "2026"},
                {"HALF", "2025-H2", "2026-H1"},
                {"QUARTER", "2025-Q4", "2026-Q1"},
                {"MONTH", "2025-03", "2025-04"}};
  for (const auto& c : kCases) {
    Script s("payout_period: MONTH fiscal_year_start_month: 4");
    s.Person("a").Book("d1", "a", 1, "2025-03-31").Book("d2", "a", 10, "2025-04-01");
    s.Pays("period: " + c.period + " " + kAllOfIt);
    EXPECT_EQ(s.Lines(), "a/p/c/" + c.first + "/rate/2025-03 2025-03-31 1 v1\n" + "a/p/c/" +
                             c.second + "/rate/2025-04 2025-04-30 10 v1\n");
  }
}

// [2.paid-in]
TEST(TimeTest, ALineIsPaidInThePayoutPeriodOfItsDate) {
  const struct {
    std::string component, lines;
  } kCases[] = {
      // The measurement period is the payout period.
      {kAllOfIt, "a/p/c/2025-W05/rate/2025-W05 2025-02-02 1 v1\n"},
      {absl::StrCat("period: MONTH evaluate: PERIOD_END ", kAllOfIt),
       "a/p/c/2025-01/rate/2025-W05 2025-01-31 1 v1\n"},
      {absl::StrCat("period: MONTH ", kAllOfIt), "a/p/c/2025-01/rate/2025-W05 2025-01-31 1 v1\n"},
      {absl::StrCat("period: QUARTER evaluate: PERIOD_END ", kAllOfIt),
       "a/p/c/2025-Q1/rate/2025-W14 2025-03-31 1 v1\n"},
  };
  for (const auto& c : kCases) {
    Script s("payout_period: WEEK");
    s.Person("a").Book("d1", "a", 1, "2025-01-28").Pays(c.component);
    EXPECT_EQ(s.Lines(), c.lines);
  }
}

// [2.previous-window]
TEST(TimeTest, ThePeriodBeforeAWindowEndsOnItsEve) {
  // Ten days to 19 February, so 31 January to 9 February: of the deals before, 10 and 100.
  Script s;
  s.Person("a").Book("d1", "a", 1, "2025-01-30").Book("d2", "a", 10, "2025-01-31");
  s.Book("d3", "a", 100, "2025-02-09").Book("d4", "a", 220, "2025-02-10");
  s.Pays(
      "window: '2025-02-10..2025-02-19' measure {deals {}} target {previous {}} evaluate: "
      "PERIOD_END payout {bands {basis: ATTAINMENT mode: RETROACTIVE bands {upto: '2' fixed: '1'} "
      "bands {upto: '2.000000001' fixed: '2'} bands {fixed: '3'}}}");
  EXPECT_EQ(s.Paid(), "band2/2025-02 200");
}

// [2.on-a-date]
TEST(TimeTest, OnADateTheLatestEffectiveFactHoldsOfEqualsTheLastStated) {
  Script s;
  s.Person("a").Person("a", "2025-02-01", "role: 'x'").Person("a", "2025-02-01");
  s.Person("a", "2025-01-15", "role: 'x'");
  s.Book("d1", "a", 1, "2025-01-14").Book("d2", "a", 10, "2025-01-15");
  s.Book("d3", "a", 100, "2025-01-31").Book("d4", "a", 1000, "2025-02-01").Pays(kAllOfIt);
  EXPECT_EQ(s.Paid(), "2025-01 1, 2025-02 1000");
  Script rates;
  for (const std::string rate :
       {"rate: '2' effective_from: '2025-01-10'", "rate: '3' effective_from: '2025-01-10'",
        "rate: '5' effective_from: '2025-01-01'"}) {
    rates.Say("fx_rate_set {base: 'EUR' quote: 'USD' " + rate + "}");
  }
  for (const std::string day : {"2025-01-09", "2025-01-10"}) {
    rates.Say("deal_booked {deal_id: 'd" + day + "' owner_id: 'a' amount {currency: 'EUR' " +
              "minor_units: " + (day == "2025-01-09" ? "1" : "100") + "} booked_on: '" + day +
              "'}");
  }
  rates.Person("a").Pays(kAllOfIt);
  EXPECT_EQ(rates.Paid(), "2025-01 305");
}

// [3.version] [3.back-dated]
TEST(PlansTest, TheLastVersionOfADayIsInForceOnIt) {
  // 1 from January on; 2 from the 10th to the 20th, published later though dated earlier
  // than 3, which holds from the 16th to the 18th.
  Script s;
  s.Person("a");
  for (const auto& [rate, dates] : std::vector<std::pair<std::string, std::string>>{
           {"1", "start: '2025-01-01'"},
           {"3", "start: '2025-01-16' end: '2025-01-22'"},
           {"2", "start: '2025-01-10' end: '2025-01-18'"}}) {
    s.Say("plan_published {plan {plan_id: 'p' currency: 'USD' effective {" + dates +
          "} eligibility {roles: 'ae'} " +
          Component("c", "period: DAY measure {deals {}} payout {rate: '" + rate + "'}") + "}}");
  }
  const std::vector<std::string> days = {"09", "10", "16", "18", "19", "22", "23"};
  for (const std::string& day : days) s.Book("d" + day, "a", 1, "2025-01-" + day);
  EXPECT_EQ(s.Paid(),
            "2025-01 1, 2025-01 2, 2025-01 2, 2025-01 2, 2025-01 3, 2025-01 3, 2025-01 1");
}

// What a plan pays a, b and c, who differ, of one deal each: 1, 10 and 100.
std::string Matched(const std::string& eligibility) {
  Script s;
  s.Person("a", "2025-01-01", "team: 'red' territory: 'north' attributes {key: 'k' value: 'v'}");
  s.Person("b", "2025-01-01", "role: 'se' team: 'red' attributes {key: 'k' value: 'w'}");
  s.Person("c", "2025-01-01", "role: 'am' team: 'blue' territory: 'north'");
  s.Book("d1", "a", 1, "2025-01-10").Book("d2", "b", 10, "2025-01-10");
  s.Book("d3", "c", 100, "2025-01-10");
  s.Say(
      "plan_assigned {plan_id: 'p' participant_id: 'c' effective_from: '2025-02-01' "
      "effective_to: '2025-02-28'}");
  s.Book("d4", "c", 1000, "2025-02-28").Book("d5", "c", 5000, "2025-03-01");
  s.Say("plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-01-01'} " +
        eligibility + Component("c", kAllOfIt) + "}}");
  int64_t sum = 0;
  for (const std::string who : {"a", "b", "c"}) {
    const std::string paid = s.Paid(who);
    if (paid.find("2025-01 ") == 0) sum += std::stoll(paid.substr(8));
  }
  return absl::StrCat(sum, "; ", s.Paid("c"));
}

// [3.eligibility]
TEST(PlansTest, EachListMatchesAnyOfItsValuesAndAllMustMatch) {
  const std::string assigned = "2025-02 1000";
  const struct {
    std::string eligibility, paid;
  } kCases[] = {
      {"", "0; " + assigned},
      {"eligibility {roles: 'ae'} ", "1; " + assigned},
      {"eligibility {roles: 'ae' roles: 'se'} ", "11; " + assigned},
      {"eligibility {teams: 'red'} ", "11; " + assigned},
      {"eligibility {territories: 'north'} ", "101; 2025-01 100, 2025-02 1000, 2025-03 5000"},
      {"eligibility {teams: 'red' territories: 'north'} ", "1; " + assigned},
      {"eligibility {participants: 'b' participants: 'z'} ", "10; " + assigned},
      {"eligibility {attributes {key: 'k' value {values: 'v' values: 'x'}}} ", "1; " + assigned},
      {"eligibility {roles: 'se' attributes {key: 'k' value {values: 'v'}}} ", "0; " + assigned},
  };
  for (const auto& c : kCases) EXPECT_EQ(Matched(c.eligibility), c.paid) << c.eligibility;
}

// [3.in-plan]
TEST(PlansTest, InThePlanIsWhoIsActiveNotExcludedAndMatchedOrAssigned) {
  // Days of 1, 10, 100, … : which of them count.
  const std::vector<std::string> days = {"2025-01-09", "2025-01-10", "2025-01-20", "2025-01-21"};
  const std::string from_to = "effective_from: '2025-01-10' effective_to: '2025-01-20'";
  const struct {
    std::string role, status, assignment, paid;
  } kCases[] = {
      {"ae", "", "", "2025-01 1111"},      {"x", "", "", ""},
      {"x", "", from_to, "2025-01 110"},   {"ae", "", from_to + " excluded: true", "2025-01 1001"},
      {"ae", "LEAVE", "", "2025-01 1001"}, {"ae", "TERMINATED", "", "2025-01 1001"},
      {"x", "LEAVE", from_to, ""},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.role + c.status + c.assignment);
    Script s;
    s.Person("a", "2025-01-01", "role: '" + c.role + "'");
    if (!c.status.empty()) {
      s.Person("a", "2025-01-10", "role: '" + c.role + "' status: " + c.status);
      s.Person("a", "2025-01-21", "role: '" + c.role + "'");
    }
    if (!c.assignment.empty()) {
      s.Say("plan_assigned {plan_id: 'p' participant_id: 'a' " + c.assignment + "}");
    }
    int64_t cents = 1;
    for (const std::string& day : days) {
      s.Book("d" + day, "a", cents, day);
      cents *= 10;
    }
    EXPECT_EQ(s.Pays(kAllOfIt).Paid(), c.paid);
  }
}

// [3.reference]
TEST(PlansTest, MeasuresOfOtherPeriodsCountAllFacts) {
  // On leave until the 17th of January: of the 100 and 50 of then 50 are paid, but what
  // February is held against is 150.
  const std::string twice =
      "payout {bands {basis: ATTAINMENT mode: RETROACTIVE bands {upto: '2' fixed: '1'} "
      "bands {upto: '2.000000001' fixed: '2'} bands {fixed: '3'}}} ";
  const auto company = [](const std::string& components) {
    Script s;
    s.Person("a", "2024-12-01", "status: LEAVE").Person("a", "2025-01-17");
    s.Book("d1", "a", 100, "2025-01-05").Book("d2", "a", 50, "2025-01-17");
    s.Book("d3", "a", 300, "2025-02-05").Plan(components);
    return s.Paid("a", "2025-02-28");
  };
  EXPECT_EQ(company(Component("c", kAllOfIt)), "2025-01 50, 2025-02 300");
  EXPECT_EQ(company(Component("c", "measure {deals {}} target {previous {}} " + twice)),
            "band2/2025-02 200");
  EXPECT_EQ(company(Component("c", "measure {deals {}} target {population {stat: MAX}} " + twice)),
            "band2/2025-02 200");
  // (300 − 150) / 150.
  EXPECT_EQ(company(Component("c", "measure {growth {of {deals {}}}} payout {per_unit: '1'}")),
            "per_unit/2025-02 100");
}

// [3.rank-band.ranked]
TEST(PlansTest, RankedAreAllActiveWhoMatchTheRestOnTheLastDayBefore) {
  // In January a and b are equal, c sold nothing, e's average is undefined, f is on leave
  // on the 31st, g an ae until the 30th, h one from the 31st on.
  const auto paid = [](const std::string& measure, const std::string& to) {
    Script s;
    for (const std::string id : {"b", "a", "c", "e"}) s.Person(id);
    s.Person("f").Person("f", "2025-01-31", "status: LEAVE").Person("f", "2025-02-01");
    s.Person("g").Person("g", "2025-01-31", "role: 'x'").Person("g", "2025-02-01");
    s.Person("h", "2025-01-01", "role: 'x'").Person("h", "2025-01-31");
    for (const std::string id : {"a", "b"}) s.Metric("m", id, "5", "2025-01-10");
    s.Metric("m", "c", "0", "2025-01-10").Metric("m", "f", "9", "2025-01-10");
    s.Metric("m", "g", "9", "2025-01-10").Metric("m", "h", "7", "2025-01-10");
    s.Say(
        "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-02-01'} "
        "eligibility {roles: 'ae' rank_band {measure {metric {name: 'm' " +
        measure + "}} period: MONTH from_pct: '0' to_pct: '" + to + "'}} " +
        Component("c", "payout {fixed: '1'}") + "}}");
    std::string who;
    for (const std::string id : {"a", "b", "c", "e", "f", "g", "h"}) {
      if (!s.Paid(id, "2025-02-28").empty()) who += id;
    }
    return who;
  };
  // h, a, b, c are defined: 25% each; e at 0 makes five of 20%, in order of id with c.
  EXPECT_EQ(paid("aggregate: AVG", "25"), "h");
  EXPECT_EQ(paid("aggregate: AVG", "50"), "ah");
  EXPECT_EQ(paid("aggregate: AVG", "99"), "abh");
  EXPECT_EQ(paid("aggregate: AVG", "100"), "abch");
  EXPECT_EQ(paid("", "20"), "h");
  EXPECT_EQ(paid("", "60"), "abh");
  EXPECT_EQ(paid("", "80"), "abch");
  EXPECT_EQ(paid("", "100"), "abceh");
}

// [8.before]
TEST(EvaluationTest, WhoIsInThePlanOnAnyDayIsEvaluatedAndOwedNothingBeforeTheFirst) {
  // b, in the plan on 31 March alone, shares in the team's quarter: 1 of January counts on
  // no day of b's, 10 does. Before, in January and February, nothing is paid.
  Script s;
  s.Person("a", "2025-01-01", "team: 'red' role: 'x'");
  s.Person("b", "2025-01-01", "team: 'red' role: 'x'").Person("b", "2025-03-31", "team: 'red'");
  s.Person("b", "2025-04-01", "team: 'red' role: 'x'").Person("c", "2025-04-01");
  s.Book("d1", "a", 1, "2025-01-10").Book("d2", "a", 10, "2025-03-31");
  s.Plan(Component("c", "scope: TEAM period: QUARTER measure {deals {}} payout {rate: '1'}") +
         Component("f", "period: QUARTER evaluate: RUNNING payout {fixed: '5'}"));
  EXPECT_EQ(s.Paid("b", "2025-03-31"), "2025-03 10, 2025-03 500");
  EXPECT_EQ(s.Paid("b", "2025-06-30"), "2025-03 10, 2025-03 500");
  EXPECT_EQ(s.Paid("c", "2025-03-31"), "");
}

// [8.dropped]
TEST(EvaluationTest, AVersionWithoutTheComponentEndsItsSegment) {
  // By the quarter until 14 February, by the month from the 15th on, and none from March on.
  Script s;
  s.Person("a");
  const auto publish = [&](const std::string& start, const std::string& components) {
    s.Say("plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '" + start +
          "'} eligibility {roles: 'ae'} " + components + "}}");
  };
  publish("2025-01-01", Component("c", absl::StrCat("period: QUARTER ", kAllOfIt)));
  publish("2025-02-15", Component("c", absl::StrCat("period: MONTH ", kAllOfIt)));
  publish("2025-03-01", Component("other", "payout {fixed: '1'}"));
  s.Book("d1", "a", 1, "2025-02-14").Book("d2", "a", 10, "2025-02-15");
  s.Book("d3", "a", 100, "2025-02-28").Book("d4", "a", 1000, "2025-03-01");
  EXPECT_EQ(s.Lines("2025-03-31"),
            "a/p/c/2025-02/rate/2025-02@2025-02-15 2025-02-28 110 v2\n"
            "a/p/c/2025-Q1/rate/2025-02 2025-02-14 1 v1\n"
            "a/p/other/2025-03/fixed/2025-03 2025-03-31 100 v3\n");
}

// [8.horizon]
TEST(EvaluationTest, WhatNeedsNoFactsIsPaidToTheEndOfTheLongestPeriodInUse) {
  // The last fact is of 10 February; a component by the quarter makes March the last month.
  for (const std::string longer : {"", "period: QUARTER "}) {
    Script s;
    s.Person("a").Book("d1", "a", 1, "2025-02-10");
    s.Plan(Component("f", "payout {fixed: '5'}") + Component("q", longer + kAllOfIt));
    FoldedCompany company;
    ASSERT_THAT(company.AddAll(s.events()), IsOk());
    const auto lines = payfold::ListLines(company.View(), {});
    ASSERT_THAT(lines, IsOk());
    std::string fixed;
    for (const payfold::v1::Line& line : *lines) {
      if (line.component_id() == "f") absl::StrAppend(&fixed, line.payout_period(), " ");
    }
    EXPECT_EQ(fixed, longer.empty() ? "2025-01 2025-02 " : "2025-01 2025-02 2025-03 ");
    // Of a period that is asked for there is more.
    payfold::LineFilter march;
    march.period = "2025-05";
    EXPECT_EQ(payfold::ListLines(company.View(), march)->size(), 1U);
  }
}

}  // namespace
}  // namespace payfold_testing
