// Rules of targets, each against figures worked out by hand; what Paid() says the engine
// and its judge agree on.

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

// A company in which a's measure is so many cents, or so much of a metric.
using Company = std::function<Script(int64_t)>;

// Whether that much in a month reaches the target, and one less does not.
bool IsReachedAt(const Company& company, const std::string& target, int64_t amount,
                 const std::string& month = "2025-02", const std::string& measure = "deals {}") {
  const auto reached = [&](int64_t units) {
    Script s = company(units);
    s.Pays("measure {" + measure + "} evaluate: PERIOD_END payout {fixed: '1'} gates {target {" +
           target + "} at_least: '100%'}");
    return s.Paid().find(month) != std::string::npos;
  };
  return reached(amount) && !reached(amount - 1);
}

// a sells 10.00 in January, and so many cents in February; hired on 31 January 2024.
Script Seller(int64_t cents) {
  Script s;
  s.Person("a", "2025-01-01",
           "hired_on: '2024-01-31' territory: 'north' attributes {key: 'level' value: 'L2'}");
  return s.Book("d1", "a", 1000, "2025-01-10").Book("d2", "a", cents, "2025-02-10");
}

// [6.fixed] [6.fixed.table]
TEST(TargetRulesTest, AFixedTargetIsAsWrittenOrLookedUp) {
  EXPECT_TRUE(IsReachedAt(Seller, "fixed {value: '12.34'}", 1234));
  const std::string table = "table {key: 'north' value: '5'} table {key: 'ae' value: '6'} ";
  const std::string rest = table + "table {key: '*' value: '7'} ";
  EXPECT_TRUE(IsReachedAt(Seller, "fixed {by: 'territory' " + rest + "}", 500));
  EXPECT_TRUE(IsReachedAt(Seller, "fixed {by: 'role' " + rest + "}", 600));
  EXPECT_TRUE(IsReachedAt(Seller, "fixed {by: 'level' " + rest + "}", 700));
  EXPECT_TRUE(IsReachedAt(Seller, "fixed {by: 'nothing' " + rest + "}", 700));
  // Else 0: never reached.
  for (const int64_t cents : {1, 1'000'000}) {
    EXPECT_FALSE(IsReachedAt(Seller, "fixed {by: 'level' " + table + "}", cents));
  }
}

// [6.fixed.tenure]
TEST(TargetRulesTest, ATenureIsInWholeMonthsOnTheLastDayInThePlan) {
  const std::string target =
      "fixed {by: 'tenure_months' table {key: '0' value: '5'} table {key: '12' value: '6'} "
      "table {key: '13' value: '7'}}";
  // 13 months on 28 February; on the 27th, the last day of who leaves then, 12.
  EXPECT_TRUE(IsReachedAt(Seller, target, 700));
  const Company leaver = [](int64_t cents) {
    return Seller(cents).Person("a", "2025-02-28", "hired_on: '2024-01-31' status: LEAVE");
  };
  EXPECT_TRUE(IsReachedAt(leaver, target, 600));
  const Company new_one = [](int64_t cents) {
    return Seller(cents).Person("a", "2025-02-02", "hired_on: '2025-02-02'");
  };
  EXPECT_TRUE(IsReachedAt(new_one, target, 500));
}

// [6.previous]
TEST(TargetRulesTest, ThePreviousPeriodsMeasureTimesAFactor) {
  EXPECT_TRUE(IsReachedAt(Seller, "previous {}", 1000));
  EXPECT_TRUE(IsReachedAt(Seller, "previous {factor: '150%'}", 1500));
  EXPECT_TRUE(IsReachedAt(Seller, "previous {factor: '0.001'}", 1));
  // Of March the February: one cent less than a's, and as much.
  const Company march = [](int64_t cents) {
    return Seller(500).Book("d3", "a", cents, "2025-03-31");
  };
  EXPECT_TRUE(IsReachedAt(march, "previous {}", 500, "2025-03"));
}

// Others' metric in January, and a's, who comes in February, then.
Company Crowd(const std::vector<std::string>& values) {
  return [values](int64_t nanos) {
    Script s;
    s.Person("a", "2025-02-01");
    for (size_t i = 0; i < values.size(); ++i) {
      const std::string who = absl::StrCat("b", i);
      s.Person(who).Metric("n", who, values[i], "2025-01-10");
    }
    const std::string digits = absl::StrCat(nanos % 1'000'000'000);
    return s.Metric(
        "n", "a",
        absl::StrCat(nanos / 1'000'000'000, ".", std::string(9 - digits.size(), '0'), digits),
        "2025-02-10");
  };
}

constexpr int64_t kOne = 1'000'000'000;

bool StatisticIs(const std::vector<std::string>& values, const std::string& population,
                 int64_t nanos) {
  return IsReachedAt(Crowd(values), "population {" + population + "}", nanos, "2025-02",
                     "metric {name: 'n'}");
}

// [6.population]
TEST(TargetRulesTest, AStatisticIsOverThoseInThePlanOnTheLastDayWithAMeasure) {
  EXPECT_TRUE(StatisticIs({"1", "2", "6"}, "stat: MEAN", 3 * kOne));
  EXPECT_TRUE(StatisticIs({"1", "2", "2"}, "stat: MEAN", 1'666'666'667));
  EXPECT_TRUE(StatisticIs({"1", "2", "6"}, "stat: MAX", 6 * kOne));
  EXPECT_TRUE(StatisticIs({"4", "2", "6"}, "stat: MIN", 2 * kOne));
  EXPECT_TRUE(StatisticIs({"4", "2", "6"}, "stat: RANK argument: '1'", 6 * kOne));
  EXPECT_TRUE(StatisticIs({"4", "2", "6"}, "stat: RANK argument: '3'", 2 * kOne));
  EXPECT_TRUE(StatisticIs({"1", "2", "6"}, "stat: MEAN factor: '50%'", 1'500'000'000));
  // k > n, and nobody.
  EXPECT_FALSE(StatisticIs({"4", "2", "6"}, "stat: RANK argument: '4'", 1));
  EXPECT_FALSE(StatisticIs({}, "stat: MEAN", 1));
  // Not who is on leave on 31 January, nor who comes later; who has no data only if that
  // is a measure.
  const Company company = [](int64_t nanos) {
    Script s = Crowd({"1", "2", "6"})(nanos);
    s.Person("l").Person("l", "2025-01-31", "status: LEAVE").Metric("n", "l", "99", "2025-01-10");
    return s.Person("e", "2025-01-31")
        .Person("z", "2025-02-01")
        .Metric("n", "z", "99", "2025-01-10");
  };
  EXPECT_TRUE(IsReachedAt(company, "population {stat: MEAN}", 3 * kOne, "2025-02",
                          "metric {name: 'n' aggregate: MAX}"));
  EXPECT_TRUE(IsReachedAt(company, "population {stat: MEAN}", 2'250'000'000, "2025-02",
                          "metric {name: 'n'}"));
}

// [6.population.sigma]
TEST(TargetRulesTest, SigmaIsOfThePopulationAndRoundedDownToNineDigits) {
  EXPECT_TRUE(StatisticIs({"1", "3"}, "stat: MEAN_PLUS_SIGMA argument: '1'", 3 * kOne));
  EXPECT_TRUE(StatisticIs({"1", "3"}, "stat: MEAN_PLUS_SIGMA argument: '0.5'", 2'500'000'000));
  EXPECT_TRUE(StatisticIs({"7"}, "stat: MEAN_PLUS_SIGMA argument: '2'", 7 * kOne));
  // 1/3 + √(2/9) = 0.333… + 0.471404520|79…: 0.8047378533….
  EXPECT_TRUE(StatisticIs({"0", "0", "1"}, "stat: MEAN_PLUS_SIGMA argument: '1'", 804'737'854));
}

// [6.population.percentile]
TEST(TargetRulesTest, APercentileIsTheOneAtItsPlaceRoundedUpFromBelow) {
  const std::vector<std::string> four = {"30", "10", "40", "20"};
  for (const auto& [percent, value] :
       std::vector<std::pair<std::string, int64_t>>{{"0.1", 10},
                                                    {"25", 10},
                                                    {"25.000001", 20},
                                                    {"50", 20},
                                                    {"50.1", 30},
                                                    {"75", 30},
                                                    {"75.1", 40},
                                                    {"100", 40}}) {
    EXPECT_TRUE(StatisticIs(four, "stat: PERCENTILE argument: '" + percent + "'", value * kOne))
        << percent;
  }
}

// [6.population.scope]
TEST(TargetRulesTest, APopulationsScopeIsOfThatDay) {
  // On 31 January a and b are red, c blue; in February a and c are.
  const Company company = [](int64_t cents) {
    Script s;
    s.Person("a", "2025-01-01", "team: 'red'").Person("a", "2025-02-01", "team: 'blue'");
    s.Person("b", "2025-01-01", "team: 'blue'").Person("b", "2025-01-31", "team: 'red'");
    s.Person("c", "2025-01-01", "team: 'red'").Person("c", "2025-01-31", "team: 'blue'");
    s.Book("a1", "a", 100, "2025-01-10").Book("b1", "b", 500, "2025-01-10");
    s.Book("c1", "c", 900, "2025-01-10").Book("c2", "c", 700, "2025-02-10");
    return s.Book("a2", "a", cents, "2025-02-10");
  };
  EXPECT_TRUE(IsReachedAt(company, "population {stat: MAX scope: TEAM}", 500));
  EXPECT_TRUE(IsReachedAt(company, "population {stat: MAX}", 900));
  EXPECT_TRUE(IsReachedAt(company, "population {stat: MAX scope: OWN}", 100));
  EXPECT_TRUE(IsReachedAt(company, "population {stat: MAX scope: TEAM period: CURRENT}", 700));
}

// [6.goal.unit]
TEST(TargetRulesTest, AGoalsTargetIsInItsGoalsUnitAndTheComponentsMeasureHeldAgainstIt) {
  // Under payout goals a goal of 3 deals counts them; else 3.00 is held against its 3.
  const auto paid = [](const std::string& payout, int64_t first, int deals) {
    const std::string own = payout == "payout {goals {}}" ? "measure {deals {value: COUNT}} " : "";
    Script s;
    s.Person("a").Book("d0", "a", first, "2025-01-10");
    for (int i = 1; i < deals; ++i) s.Book(absl::StrCat("d", i), "a", 100, "2025-01-10");
    s.Say(
        "goal_chosen {participant_id: 'a' plan_id: 'p' component_id: 'c' goal_id: 'g' "
        "period: '2025-01'}");
    s.Pays("measure {deals {}} goals {goal_id: 'g' " + own +
           "target {fixed {value: '3'}} amount: '5'} " + payout);
    return s.Paid("a", "2025-01-31");
  };
  EXPECT_EQ(paid("payout {goals {}}", 1, 3), "goal:g/2025-01 500");
  EXPECT_EQ(paid("payout {goals {}}", 999, 2), "");
  const std::string bands =
      "target {goal {}} evaluate: PERIOD_END payout {bands {basis: ATTAINMENT mode: RETROACTIVE "
      "from: '1' bands {fixed: '7'}}}";
  EXPECT_EQ(paid(bands, 300, 1), "band1/2025-01 700");
  EXPECT_EQ(paid(bands, 299, 1), "");
}

// What a component of `fields` pays of so many times an annual incentive of cents.
std::string Incentive(int64_t annual, const std::string& multiple, const std::string& fields,
                      const std::string& day = "2025-01-10", const std::string& ledger = "") {
  Script s("payout_period: MONTH " + ledger);
  s.Person("a", "2023-01-01").Incentive("a", annual, "2023-01-01").Book("d1", "a", 100, day);
  s.Say(
      "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2023-01-01'} "
      "eligibility {roles: 'ae'} components {component_id: 'c' evaluate: PERIOD_END "
      "measure {deals {}} gates {above: '0'} target {fixed {value: '1'}} payout {curve {points "
      "{attainment: '1' multiple: '" +
      multiple + "'}}} " + fields + "}}}");
  const std::string paid = s.Paid();
  return paid.empty() ? "" : paid.substr(paid.rfind(' ') + 1);
}

// [6.incentive]
TEST(TargetRulesTest, ATargetIncentiveIsAnnualByMonthsAndWeightAndNotRounded) {
  EXPECT_EQ(Incentive(120000, "1", ""), "10000");
  EXPECT_EQ(Incentive(120000, "1", "weight: '30%'"), "3000");
  EXPECT_EQ(Incentive(120000, "1", "period: QUARTER"), "30000");
  EXPECT_EQ(Incentive(120000, "1", "period: HALF"), "60000");
  EXPECT_EQ(Incentive(120000, "1", "period: YEAR"), "120000");
  // 8.333… cents three times, 4.1666… six times.
  EXPECT_EQ(Incentive(100, "3", ""), "25");
  EXPECT_EQ(Incentive(100, "6", "weight: '50%'"), "25");
}

// [6.incentive.days]
TEST(TargetRulesTest, OfDaysWeeksAndWindowsItIsByDaysOfTheFiscalYearOfTheFirst) {
  EXPECT_EQ(Incentive(36500, "1", "period: DAY"), "100");
  EXPECT_EQ(Incentive(36500, "1", "period: WEEK"), "700");
  EXPECT_EQ(Incentive(36500, "1", "window: '2025-01-05..2025-01-14'"), "1000");
  EXPECT_EQ(Incentive(36600, "1", "period: DAY", "2024-12-31"), "100");
  EXPECT_EQ(Incentive(36600, "1", "period: DAY", "2025-01-01"), "100");  // 100.27
  EXPECT_EQ(Incentive(366000, "1", "period: DAY", "2025-01-01"), "1003");
  // The week of 30 December 2024 to 5 January is of 2024, of 366 days.
  EXPECT_EQ(Incentive(366000, "1", "period: WEEK", "2025-01-02"), "7000");
  EXPECT_EQ(Incentive(366000, "1", "period: WEEK", "2025-01-06"), "7019");
  // The fiscal year to March 2024 has 366 days, the next 365.
  const std::string april = "fiscal_year_start_month: 4";
  EXPECT_EQ(Incentive(366000, "1", "period: DAY", "2024-03-31", april), "1000");
  EXPECT_EQ(Incentive(366000, "1", "period: DAY", "2024-04-01", april), "1003");
  EXPECT_EQ(Incentive(120000, "1", "period: HALF_MONTH"), "5000");
}

// [6.blend.gaps]
TEST(TargetRulesTest, ADayWithoutIncentiveCountsZeroOneWithoutQuotaMakesItUndefined) {
  // 31.00 a month, from 16 January on: 16 of 31 days, or of the 16 that a is there.
  for (const bool is_late : {false, true}) {
    Script s;
    s.Person("a", is_late ? "2025-01-16" : "2025-01-01").Incentive("a", 37200, "2025-01-16");
    s.Book("d1", "a", 100, "2025-01-20");
    s.Pays(
        "measure {deals {}} target {fixed {value: '1'}} payout {curve {points {attainment: '1' "
        "multiple: '1'}}}");
    EXPECT_EQ(s.Paid("a", "2025-01-31"), absl::StrCat("curve/2025-01 ", is_late ? "3100" : "1600"));
  }
  // On 31 January a is of a team without quota, in the plan or not.
  for (const std::string status : {"ACTIVE", "LEAVE"}) {
    Script s;
    s.Person("a", "2025-01-01", "team: 'red'").Quota("q", "red", "2025-01", "100");
    s.Person("a", "2025-01-31", "team: 'blue' status: " + status);
    s.Book("d1", "a", 100, "2025-01-20");
    s.Pays(
        "measure {deals {}} payout {fixed: '1'} gates {target {quota {metric: 'q'}} "
        "compare: VALUE at_least: '100%'}");
    EXPECT_EQ(s.Paid("a", "2025-01-31"), status == "LEAVE" ? "2025-01 100" : "");
  }
}

// [6.prorate.bands]
TEST(TargetRulesTest, EdgesOnAMeasureAreProratedAndThoseOfMoneyRounded) {
  // 15 of 31 days: an edge of 1.00 is at 0.48 (0.4838…), one of 11 deals at 5.32….
  const auto paid = [](const std::string& component, int64_t cents, int deals) {
    Script s;
    s.Person("a", "2025-01-17");
    for (int i = 0; i < deals; ++i) {
      s.Book(absl::StrCat("d", i), "a", i == 0 ? cents : 0, "2025-01-20");
    }
    s.Pays("evaluate: PERIOD_END prorate: BANDS " + component);
    return s.Paid("a", "2025-01-31");
  };
  const std::string money =
      "measure {deals {}} payout {bands {mode: RETROACTIVE bands {upto: '1' fixed: '1'} "
      "bands {fixed: '2'}}}";
  EXPECT_EQ(paid(money, 48, 1), "band2/2025-01 200");
  EXPECT_EQ(paid(money, 47, 1), "band1/2025-01 100");
  const std::string count =
      "measure {deals {value: COUNT}} payout {bands {mode: RETROACTIVE from: '11' bands {fixed: "
      "'2'}}}";
  EXPECT_EQ(paid(count, 0, 6), "band1/2025-01 200");
  EXPECT_EQ(paid(count, 0, 5), "");
  // Not on ATTAINMENT, nor those of multipliers and matrices.
  const std::string others[] = {
      "measure {deals {}} target {fixed {value: '1'}} payout {bands {basis: ATTAINMENT mode: "
      "RETROACTIVE from: '1' bands {fixed: '1'}}}",
      "measure {deals {}} payout {fixed: '1'} multipliers {bands {upto: '1' multiple: '0'}}",
      "measure {deals {}} payout {matrix {rows {measure {deals {}} edges: '1'} columns {measure "
      "{deals {}} edges: '9'} cells {cells {fixed: '0'} cells {fixed: '0'}} "
      "cells {cells {fixed: '1'} cells {fixed: '1'}}}}"};
  for (const std::string& other : others) {
    EXPECT_NE(paid(other, 100, 1), "") << other;
    EXPECT_EQ(paid(other, 99, 1), "") << other;
  }
}

}  // namespace
}  // namespace payfold_testing
