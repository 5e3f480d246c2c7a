// The judge against figures worked out by hand: credits, scopes, quotas, versions.

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/calendar/date.h"
#include "tests/support/naive_evaluator.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

// [4.change-credit]
TEST(NaiveCreditsTest, SharesAllocateRunningTotalsSoThatNothingIsLost) {
  // 100 by thirds: 33.33 33.33 33.3…34, the cent to c. Of the 50 left 16.67 16.67 16.67:
  // cents to c and then a. So −16 −17 −17.
  Script s;
  s.Person("a").Person("b").Person("c").Book("d1", "z", 100, "2025-01-10");
  s.Cancel("d1", "2025-02-10", 50);
  s.Say(
      "credit_split {deal_id: 'd1' shares {participant_id: 'a' share: '0.333333333'} "
      "shares {participant_id: 'b' share: '0.333333333'} "
      "shares {participant_id: 'c' share: '0.333333334'}}");
  s.Pays(kAllOfIt);
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 33 v1\n"
            "a/p/c/2025-02/rate/2025-02 2025-02-28 -16 v1\n"
            "b/p/c/2025-01/rate/2025-01 2025-01-31 33 v1\n"
            "b/p/c/2025-02/rate/2025-02 2025-02-28 -17 v1\n"
            "c/p/c/2025-01/rate/2025-01 2025-01-31 34 v1\n"
            "c/p/c/2025-02/rate/2025-02 2025-02-28 -17 v1\n");
}

// [4.overlay]
TEST(NaiveCreditsTest, AnOverlayAddsItsRoundedShare) {
  // 50% over 5 is round(2.5) = 3; over the 8 after the adjustment 4: one more.
  Script s;
  s.Person("a").Person("b").Book("d1", "z", 5, "2025-01-10").Adjust("d1", 8, "2025-02-10");
  s.Say(
      "credit_split {deal_id: 'd1' shares {participant_id: 'a' share: '1'} "
      "shares {participant_id: 'b' share: '0.5' overlay: true}}");
  s.Pays(kAllOfIt);
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 5 v1\n"
            "a/p/c/2025-02/rate/2025-02 2025-02-28 3 v1\n"
            "b/p/c/2025-01/rate/2025-01 2025-01-31 3 v1\n"
            "b/p/c/2025-02/rate/2025-02 2025-02-28 1 v1\n");
}

// [4.policy] [4.owner]
TEST(NaiveCreditsTest, APolicySharesByRoleAmongTheMembers) {
  // ae 50%, se 30% for two, mgr absent: weights 5 : 1.5 : 1.5 of 800; an intern has none.
  // Without anybody who matches, the owner has all.
  Script s;
  s.Person("a").Person("b").Person("c").Person("i").Person("o");
  s.Say(
      "split_policy_set {policy_id: 'x' effective_from: '2025-01-01' "
      "role_shares {key: 'ae' value: '0.5'} role_shares {key: 'se' value: '0.3'} "
      "role_shares {key: 'mgr' value: '0.2'}}");
  s.Book("d1", "o", 800, "2025-01-10",
         "members {participant_id: 'i' role: 'intern'} members {participant_id: 'b' role: 'se'} "
         "members {participant_id: 'c' role: 'se'} members {participant_id: 'a' role: 'ae'}");
  s.Book("d2", "o", 7, "2025-01-10", "members {participant_id: 'i' role: 'intern'}");
  s.Pays(kAllOfIt);
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 500 v1\n"
            "b/p/c/2025-01/rate/2025-01 2025-01-31 150 v1\n"
            "c/p/c/2025-01/rate/2025-01 2025-01-31 150 v1\n"
            "o/p/c/2025-01/rate/2025-01 2025-01-31 7 v1\n");
}

// [4.booked]
TEST(NaiveCreditsTest, AmendmentsCountAtTheirDates) {
  // Stated 100 in January; adjusted to 150 in February; restated on 1 March to 120 from
  // the start, which drops that; adjusted to 90 in April: −30. Cancelled 40 "in 2024": at
  // the booking. In May what is left, 50.
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-10").Adjust("d1", 150, "2025-02-10");
  s.Say(
      "deal_amended {deal_id: 'd1' mode: RESTATE amended_on: '2025-03-01' "
      "amount {currency: 'USD' minor_units: 120}}");
  s.Adjust("d1", 90, "2025-04-10").Cancel("d1", "2024-12-31", 40).Cancel("d1", "2025-05-10", 999);
  s.Pays(kAllOfIt);
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 80 v1\n"
            "a/p/c/2025-04/rate/2025-04 2025-04-30 -30 v1\n"
            "a/p/c/2025-05/rate/2025-05 2025-05-31 -50 v1\n");
}

// [4.restate]
TEST(NaiveCreditsTest, RestatedFactsHoldFromTheBookingOn) {
  // The deal moves to b and to February, and its product is taken away.
  Script s;
  s.Person("a").Person("b").Book("d1", "a", 100, "2025-01-10", "product: 'x'");
  s.Pays("measure {deals {where {attribute: 'product' none_of: 'x'}}} payout {rate: '1'}");
  EXPECT_EQ(s.Lines(), "");
  s.Say(
      "deal_amended {deal_id: 'd1' mode: RESTATE amended_on: '2025-05-01' owner_id: 'b' "
      "booked_on: '2025-02-10' product: ''}");
  EXPECT_EQ(s.Lines(), "b/p/c/2025-02/rate/2025-02 2025-02-28 100 v1\n");
}

// [5.where]
TEST(NaiveCreditsTest, ConditionsTestWhatIsStated) {
  const struct {
    std::string where;
    bool matches;
  } kCases[] = {
      {"attribute: 'product' any_of: 'y' any_of: 'x'", true},
      {"attribute: 'product' any_of: 'X'", false},
      {"attribute: 'product' none_of: 'x'", false},
      {"attribute: 'segment' any_of: 'smb'", false},
      {"attribute: 'segment' none_of: 'smb'", true},
      {"attribute: 'segment' at_most: '1'", false},
      {"attribute: 'amount' at_least: '12.34'", true},
      {"attribute: 'amount' above: '12.34'", false},
      {"attribute: 'amount' at_most: '12.34'", true},
      {"attribute: 'amount' below: '12.34'", false},
      {"attribute: 'term_months' any_of: '12'", true},
      {"attribute: 'currency' any_of: 'USD'", true},
      {"attribute: 'source' any_of: 'crm'", true},
      {"attribute: 'size' above: '9.5'", true},
      {"any {all {attribute: 'product' any_of: 'y'}} "
       "any {all {attribute: 'size' any_of: '10'} all {attribute: 'product' any_of: 'x'}}",
       true},
      {"any {all {attribute: 'size' any_of: '10'} all {attribute: 'product' any_of: 'y'}}", false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.where);
    Script s;
    s.Person("a").Book("d1", "a", 1234, "2025-01-10",
                       "product: 'x' term_months: 12 attributes {key: 'size' value: '10'}");
    s.Pays("measure {deals {where {" + c.where + "}}} payout {rate: '1'}");
    EXPECT_EQ(!s.Lines().empty(), c.matches);
  }
}

// b sells 100 in January, moves from red to blue, north to south and a's to c's report
// on 1 February, sells 1000 there and cancels the first deal.
Script Moving(const std::string& measure) {
  Script s;
  s.Person("a", "2025-01-01", "role: 'boss' team: 'red' territory: 'north'");
  s.Person("c", "2025-01-01", "role: 'boss' team: 'blue' territory: 'south'");
  s.Person("b", "2025-01-01", "role: 'x' team: 'red' territory: 'north' manager_id: 'm'");
  s.Person("m", "2025-01-01", "role: 'x' manager_id: 'a'");
  s.Person("b", "2025-02-01", "role: 'x' team: 'blue' territory: 'south' manager_id: 'c'");
  s.Book("d1", "b", 100, "2025-01-10").Book("d2", "b", 1000, "2025-02-10");
  s.Cancel("d1", "2025-02-20");
  s.Say(
      "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-01-01'} "
      "eligibility {roles: 'boss'} components {component_id: 'c' " +
      measure + "}}}");
  return s;
}

// [5.scope]
TEST(NaiveCreditsTest, ScopesSumThoseAroundOneOnTheFactsDate) {
  // The cancellation belongs to c's people by its date, but nothing of d1 counted there.
  const std::string moved =
      "a/p/c/2025-01/rate/2025-01 2025-01-31 100 v1\n"
      "c/p/c/2025-02/rate/2025-02 2025-02-28 1000 v1\n";
  for (const std::string scope : {"TEAM", "TERRITORY", "REPORTS", "REPORTS_AND_SELF"}) {
    SCOPED_TRACE(scope);
    EXPECT_EQ(Moving("scope: " + scope + " measure {deals {}} payout {rate: '1'}").Lines(), moved);
  }
  EXPECT_EQ(Moving("measure {deals {} scope: COMPANY} payout {rate: '1'}").Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 100 v1\n"
            "a/p/c/2025-02/rate/2025-02 2025-02-28 900 v1\n"
            "c/p/c/2025-01/rate/2025-01 2025-01-31 100 v1\n"
            "c/p/c/2025-02/rate/2025-02 2025-02-28 900 v1\n");
}

// [5.count] [5.shared-count]
TEST(NaiveCreditsTest, CountsTakeADealOnceAndSharesInPart) {
  // a and b share 0.7 to 0.3 in one team, with an overlay of 0.5 for a.
  const struct {
    std::string measure;
    std::string lines;
  } kCases[] = {
      {"deals {value: COUNT} scope: TEAM", "200 200"},
      {"deals {value: SHARED_COUNT}", "240 60"},
      {"deals {value: SHARED_COUNT} scope: TEAM", "300 300"},
      {"deals {value: DEAL_AMOUNT} scope: TEAM", "1000 1000"},
      {"deals {} scope: TEAM", "1500 1500"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.measure);
    Script s;
    s.Person("a", "2025-01-01", "team: 'red'").Person("b", "2025-01-01", "team: 'red'");
    s.Book("d1", "z", 500, "2025-01-10");
    s.Say(
        "credit_split {deal_id: 'd1' shares {participant_id: 'a' share: '0.7'} "
        "shares {participant_id: 'b' share: '0.3'} "
        "shares {participant_id: 'a' share: '0.5' overlay: true}}");
    s.Pays("measure {" + c.measure + "} payout {per_unit: '2'}");
    std::string amounts;
    for (const NaiveLine& line : NaiveLines(s.events(), payfold::Date::Of(2025, 12, 31))) {
      absl::StrAppend(&amounts, amounts.empty() ? "" : " ", line.minor_units);
    }
    EXPECT_EQ(amounts, c.lines);
  }
}

// [4.fx.date]
TEST(NaiveCreditsTest, ForeignAmountsAreConvertedOnTheirDates) {
  // 100.00 EUR at 1.1 are 110.00. Of them 90.00 cancelled at 2: 180.00, at most what is
  // left. 30,000 JPY cross through the base: 30,000 / 150 = 200.00; cancelled in full.
  Script s;
  const auto rate = [&s](const std::string& pair, const std::string& value,
                         const std::string& from) {
    s.Say("fx_rate_set {" + pair + " rate: '" + value + "' effective_from: '" + from + "'}");
  };
  rate("base: 'EUR' quote: 'USD'", "1.1", "2025-01-01");
  rate("base: 'EUR' quote: 'USD'", "2", "2025-02-01");
  rate("base: 'USD' quote: 'JPY'", "150", "2025-01-01");
  const auto book = [&s](const std::string& deal, const std::string& amount,
                         const std::string& date) {
    s.Say("deal_booked {deal_id: '" + deal + "' owner_id: 'a' amount {" + amount +
          "} booked_on: '" + date + "'}");
  };
  s.Person("a");
  book("d1", "currency: 'EUR' minor_units: 10000", "2025-01-10");
  s.Say(
      "deal_cancelled {deal_id: 'd1' cancelled_on: '2025-02-10' "
      "amount {currency: 'EUR' minor_units: 9000}}");
  book("d2", "currency: 'JPY' minor_units: 30000", "2025-03-10");
  s.Cancel("d2", "2025-04-10");
  book("d3", "currency: 'EUR' minor_units: 10000", "2024-12-31");  // before any rate
  s.Pays(kAllOfIt);
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01/rate/2025-01 2025-01-31 11000 v1\n"
            "a/p/c/2025-02/rate/2025-02 2025-02-28 -11000 v1\n"
            "a/p/c/2025-03/rate/2025-03 2025-03-31 20000 v1\n"
            "a/p/c/2025-04/rate/2025-04 2025-04-30 -20000 v1\n");
}

// [6.quota] [6.quota.tiled]
TEST(NaiveCreditsTest, AQuotaIsTheNearestThatIsSet) {
  // Who and what is set, in order of preference; the measure 60 pays its attainment in
  // dollars of a target incentive of 1 a month: 100 × 60 / quota cents.
  const std::string everybody =
      "quota_set {metric: 'q' subject: '*' period: '2025-Q1' value: '60'}";
  const std::string team = "quota_set {metric: 'q' subject: 'red' period: '2025-Q1' value: '120'}";
  const std::string own = "quota_set {metric: 'q' subject: 'a' period: '2025-Q1' value: '240'}";
  const std::string months =
      "quota_set {metric: 'q' subject: '*' period: '2025-01' value: '100'} "
      "/ quota_set {metric: 'q' subject: 'red' period: '2025-02' value: '100'} "
      "/ quota_set {metric: 'q' subject: 'a' period: '2025-03' value: '100'}";
  const struct {
    std::string facts;
    std::string cents;
  } kCases[] = {
      {everybody, " 300 "},
      {everybody + "/" + team, " 150 "},
      {everybody + "/" + team + "/" + own, " 75 "},
      {months, " 60 "},
      {months + "/" + everybody, " 300 "},
      {"quota_set {metric: 'q' subject: '*' period: '2025-01' value: '100'}", ""},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.facts);
    Script s("payout_period: QUARTER");
    s.Person("a", "2025-01-01", "team: 'red'").Book("d1", "a", 60, "2025-01-10");
    for (size_t from = 0; from < c.facts.size();) {
      const size_t to = std::min(c.facts.find('/', from), c.facts.size());
      s.Say(c.facts.substr(from, to - from));
      from = to + 1;
    }
    s.Say(
        "plan_assigned {plan_id: 'p' participant_id: 'a' effective_from: '2025-01-01' "
        "target_incentive {currency: 'USD' minor_units: 1200}}");
    s.Pays(
        "measure {deals {}} target {quota {metric: 'q'}} "
        "payout {bands {basis: ATTAINMENT bands {multiple: '1'}}}");
    if (c.cents.empty()) {
      EXPECT_EQ(s.Lines(), "");
    } else {
      EXPECT_THAT(s.Lines(), testing::HasSubstr(c.cents));
    }
  }
}

// [6.blend]
TEST(NaiveCreditsTest, AQuotaThroughAChangeOfTeamIsAveraged) {
  // 10 days of January at 310, 21 days at 3,100: (3,100 + 65,100) / 31 = 2,200. Half of
  // it is reached: 1.00 × 0.5.
  Script s;
  s.Person("a", "2025-01-01", "team: 'red'").Person("a", "2025-01-11", "team: 'blue'");
  s.Say("quota_set {metric: 'q' subject: 'red' period: '2025-01' value: '310'}");
  s.Say("quota_set {metric: 'q' subject: 'blue' period: '2025-01' value: '3100'}");
  s.Say(
      "plan_assigned {plan_id: 'p' participant_id: 'a' effective_from: '2025-01-01' "
      "target_incentive {currency: 'USD' minor_units: 1200}}");
  s.Book("d1", "a", 1100, "2025-01-20");
  s.Pays(
      "measure {deals {}} target {quota {metric: 'q'}} "
      "payout {bands {basis: ATTAINMENT bands {multiple: '1'}}}");
  EXPECT_EQ(s.Lines(), "a/p/c/2025-01/band1/2025-01 2025-01-31 50 v1\n");
}

// A version of plan "p" that takes `rate` of what is sold in the quarter.
std::string Version(const std::string& rate, const std::string& effective) {
  return "plan_published {plan {plan_id: 'p' currency: 'USD' effective {" + effective +
         "} eligibility {roles: 'ae'} components {component_id: 'c' period: QUARTER "
         "measure {deals {}} payout {rate: '" +
         rate + "'}} components {component_id: 'f' period: QUARTER payout {fixed: '" + rate +
         "'}}}}";
}

// [8.continue]
TEST(NaiveCreditsTest, EachVersionPaysItsSegment) {
  // 10% until 14 February, then 20% on what comes; 50% on 5 to 6 March by a back-dated
  // version; then 20% again. The fixed amount is paid by the first segment alone, the
  // later ones add what they would pay to date, nothing.
  Script s;
  s.Person("a").Say(Version("0.1", "start: '2025-01-01'"));
  s.Say(Version("0.2", "start: '2025-02-15'"));
  s.Say(Version("0.5", "start: '2025-03-05' end: '2025-03-06'"));
  s.Book("d1", "a", 100, "2025-02-14").Book("d2", "a", 1000, "2025-02-15");
  s.Book("d3", "a", 10000, "2025-03-05").Book("d4", "a", 100000, "2025-03-07");
  EXPECT_EQ(s.Lines("2025-03-31"),
            "a/p/c/2025-Q1/rate/2025-02 2025-02-14 10 v1\n"
            "a/p/c/2025-Q1/rate/2025-02@2025-02-15 2025-02-28 200 v2\n"
            "a/p/c/2025-Q1/rate/2025-03@2025-03-05 2025-03-06 5000 v3\n"
            "a/p/c/2025-Q1/rate/2025-03@2025-03-07 2025-03-31 20000 v2\n"
            "a/p/f/2025-Q1/fixed/2025-03 2025-03-31 10 v1\n");
}

// [3.retired]
TEST(NaiveCreditsTest, ARetirementEndsTheVersionsBeforeIt) {
  // Of the version after it the quarter's measure runs on: of d1 nothing is new, d2 fell
  // on a day without a plan, d3 is 20% of 10,000.
  Script s;
  s.Person("a").Book("d1", "a", 100, "2025-01-31").Book("d2", "a", 1000, "2025-02-01");
  s.Book("d3", "a", 10000, "2025-03-20").Say(Version("0.1", "start: '2025-01-01'"));
  s.Say("plan_retired {plan_id: 'p' effective_to: '2025-01-31'}");
  const std::string before = "a/p/c/2025-Q1/rate/2025-01 2025-01-31 10 v1\n";
  const std::string fixed = "a/p/f/2025-Q1/fixed/2025-03 2025-03-31 10 v1\n";
  EXPECT_EQ(s.Lines("2025-03-31"), before + fixed);
  s.Say(Version("0.2", "start: '2025-03-10'"));
  EXPECT_EQ(s.Lines("2025-03-31"),
            before + "a/p/c/2025-Q1/rate/2025-03@2025-03-10 2025-03-31 2000 v2\n" + fixed);
}

// [14.void]
TEST(NaiveCreditsTest, AVoidedFactWasNeverStated) {
  // Event 5 is void on arrival; the booking of d1 is voided and made again.
  Script s;
  s.Say("fact_voided {event_id: 'e5' reason: 'twice'}").Person("a").Pays(kAllOfIt);
  s.Book("d1", "a", 100, "2025-01-10").Book("d2", "a", 1000, "2025-01-10");
  EXPECT_EQ(s.Lines(), "a/p/c/2025-01/rate/2025-01 2025-01-31 100 v1\n");
  s.Say("fact_voided {event_id: 'e4' reason: 'wrong'}");
  EXPECT_EQ(s.Lines(), "");
  s.Book("d1", "a", 200, "2025-01-10");
  EXPECT_EQ(s.Lines(), "a/p/c/2025-01/rate/2025-01 2025-01-31 200 v1\n");
}

// [2.payout-period] [8.running]
TEST(NaiveCreditsTest, PayoutPeriodsOfEveryKindCutTheMeasurementPeriod) {
  // Deals of 1, 10, 100 on 15, 16 and 20 January, measured by the month.
  const struct {
    std::string ledger;
    std::string lines;
  } kCases[] = {
      {"payout_period: WEEK",
       "a/p/c/2025-01/rate/2025-W03 2025-01-19 11 v1\n"
       "a/p/c/2025-01/rate/2025-W04 2025-01-26 100 v1\n"},
      {"payout_period: TWO_WEEKS payout_anchor: '2025-02-02'",
       "a/p/c/2025-01/rate/2025-01-05..2025-01-18 2025-01-18 11 v1\n"
       "a/p/c/2025-01/rate/2025-01-19..2025-02-01 2025-01-31 100 v1\n"},
      {"payout_period: HALF_MONTH",
       "a/p/c/2025-01/rate/2025-01.1 2025-01-15 1 v1\n"
       "a/p/c/2025-01/rate/2025-01.2 2025-01-31 110 v1\n"},
      {"payout_period: QUARTER", "a/p/c/2025-01/rate/2025-Q1 2025-01-31 111 v1\n"},
      {"payout_period: QUARTER fiscal_year_start_month: 2",
       "a/p/c/2025-01/rate/2025-Q4 2025-01-31 111 v1\n"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.ledger);
    Script s(c.ledger);
    s.Person("a").Book("d1", "a", 1, "2025-01-15").Book("d2", "a", 10, "2025-01-16");
    s.Book("d3", "a", 100, "2025-01-20");
    s.Pays("period: MONTH measure {deals {}} payout {rate: '1'}");
    EXPECT_EQ(s.Lines(), c.lines);
  }
}

TEST(NaiveCreditsTest, AWindowHasNothingOutside) {
  Script s;
  s.Person("a").Book("d1", "a", 1, "2025-01-09").Book("d2", "a", 10, "2025-01-10");
  s.Book("d3", "a", 100, "2025-02-03").Book("d4", "a", 1000, "2025-02-04");
  s.Pays("window: '2025-01-10..2025-02-03' measure {deals {}} payout {rate: '1'}");
  EXPECT_EQ(s.Lines(),
            "a/p/c/2025-01-10..2025-02-03/rate/2025-01 2025-01-31 10 v1\n"
            "a/p/c/2025-01-10..2025-02-03/rate/2025-02 2025-02-03 100 v1\n");
}

}  // namespace
}  // namespace payfold_testing
