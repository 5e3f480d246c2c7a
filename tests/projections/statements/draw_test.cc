#include "projections/statements/draw.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

// A plan in yen, whose minor unit is the major one, with these terms of a draw.
Program PlanWithDraw(const std::string& terms) {
  v1::Plan plan;
  CompiledPlan compiled = CompilePlanDocument(
      absl::StrCat("plan_id: p\ncurrency: JPY\neffective: {start: 2025-01-01}\n",
                   "components:\n- {component_id: c, measure: {deals: {}}, payout: {rate: 100%}}\n",
                   "draw: {", terms, "}\n"),
      &plan);
  EXPECT_TRUE(compiled.program.has_value()) << ErrorText(compiled.diagnostics);
  return *std::move(compiled.program);
}

// "top-up 1800 balance 1800": what is not 0.
std::string TextOf(const absl::StatusOr<DrawOutcome>& outcome) {
  if (!outcome.ok()) return std::string(absl::StatusCodeToString(outcome.status().code()));
  std::string text;
  const auto add = [&](absl::string_view what, int64_t amount) {
    if (amount != 0) absl::StrAppend(&text, text.empty() ? "" : " ", what, " ", amount);
  };
  add("top-up", outcome->top_up);
  add("paid", outcome->draw_paid);
  add("deferred", outcome->deferred);
  add("recovery", outcome->recovery);
  add("balance", outcome->balance);
  return text;
}

struct Case {
  int64_t balance;
  int64_t earned;
  const char* want;
  int64_t taken_from_held = 0;
};

// Runs the draw of 3,000 with more terms.
void ExpectEach(const std::string& terms, std::initializer_list<Case> cases) {
  const Program program = PlanWithDraw(absl::StrCat("amount: 3000", terms));
  for (const Case& c : cases) {
    EXPECT_EQ(TextOf(SettleDraw(*program.draw, program,
                                {.balance = c.balance,
                                 .earned = c.earned,
                                 .taken_from_held = c.taken_from_held,
                                 .draw = 3000,
                                 .may_recover = true})),
              c.want)
        << terms << ", balance " << c.balance << ", earned " << c.earned;
  }
}

TEST(DrawTest, ExcessTopsUpAndRecoversFromWhatIsAbove) {
  ExpectEach(", recoverable: true", {{0, 1200, "top-up 1800 balance 1800"},
                                     {700, 1200, "top-up 1800 balance 2500"},
                                     {700, 3000, "balance 700"},
                                     {1800, 4000, "recovery 1000 balance 800"},
                                     {1800, 9000, "recovery 1800"},
                                     {0, -500, "top-up 3500 balance 3500"}});
}

TEST(DrawTest, ExcessThatIsNotRecoverableGivesAllButNegativeEarnings) {
  ExpectEach("", {{0, 1200, "top-up 1800"},
                  {0, -500, "top-up 3500 balance 500"},
                  {500, 3200, "recovery 200 balance 300"}});
}

TEST(DrawTest, EarningsRecoversFromAllThatIsEarned) {
  ExpectEach(", recoverable: true, recover_from: EARNINGS",
             {{0, 1200, "paid 3000 recovery 1200 balance 1800"},
              {500, 9000, "paid 3000 recovery 3500"},
              {500, 0, "paid 3000 balance 3500"},
              {0, -500, "paid 3000 deferred 500 balance 3500"},
              {0, -500, "paid 3000 deferred 100 balance 3100", 400},
              {0, -500, "paid 3000 balance 3000", 900}});
}

TEST(DrawTest, EarningsThatIsNotRecoverableNeverJoins) {
  ExpectEach(", recover_from: EARNINGS", {{0, 1200, "paid 3000"},
                                          {0, -500, "paid 3000 deferred 500 balance 500"},
                                          {500, 1200, "paid 3000 recovery 500"}});
}

TEST(DrawTest, RateAndCapLimitRecoveryWhichIsRoundedOnce) {
  ExpectEach(", recoverable: true, recovery_rate: 50%",
             {{1800, 4001, "recovery 501 balance 1299"}, {400, 4001, "recovery 400"}});
  ExpectEach(", recoverable: true, recovery_cap: 20%",
             {{1800, 4003, "recovery 801 balance 999"}, {1800, 3100, "recovery 100 balance 1700"}});
  ExpectEach(", recoverable: true, recover_from: EARNINGS, recovery_cap: 25%",
             {{0, 1000, "paid 3000 recovery 250 balance 2750"}});
}

TEST(DrawTest, MaxBalanceCutsTheTopUp) {
  ExpectEach(", recoverable: true, max_balance: 2000", {{1500, 1200, "top-up 500 balance 2000"},
                                                        {0, 1200, "top-up 1800 balance 1800"},
                                                        {2500, 1200, "balance 2500"},
                                                        {0, -500, "top-up 2000 balance 2000"}});
  // What is given for good needs no room.
  ExpectEach(", max_balance: 300",
             {{0, 1200, "top-up 1800"}, {0, -500, "top-up 3300 balance 300"}});
}

TEST(DrawTest, WithoutADrawRecoveryGoesOn) {
  const struct {
    const char* terms;
    int64_t earned;
    bool may_recover;
    const char* want;
  } kCases[] = {
      {"recoverable: true", 700, true, "recovery 700 balance 300"},
      {"recoverable: true", 700, false, "balance 1000"},
      {"recoverable: true", -700, true, "balance 1000"},
      {"recover_from: EARNINGS, recoverable: true", 700, true, "recovery 700 balance 300"},
      {"recover_from: EARNINGS, recoverable: true", -700, true, "deferred 700 balance 1700"},
  };
  for (const auto& c : kCases) {
    const Program program = PlanWithDraw(absl::StrCat("amount: 3000, ", c.terms));
    EXPECT_EQ(TextOf(SettleDraw(*program.draw, program,
                                {.balance = 1000,
                                 .earned = c.earned,
                                 .taken_from_held = 0,
                                 .draw = std::nullopt,
                                 .may_recover = c.may_recover})),
              c.want)
        << c.terms << ", earned " << c.earned;
  }
}

TEST(DrawTest, AnOverflowIsAnError) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  ExpectEach(", recoverable: true", {{0, -kMost, "OUT_OF_RANGE"}, {kMost, 2999, "OUT_OF_RANGE"}});
}

TEST(DrawTest, TheAmountIsTheSumOfTheDrawsWithADayInThePlan) {
  const struct {
    const char* terms;
    const char* payout;
    const char* first;  // day in the plan
    int64_t want;
  } kCases[] = {
      {"amount: 3100", "2025-01", "2025-01-16", 3100},
      {"amount: 3100, prorate: true", "2025-01", "2025-01-16", 1600},
      {"amount: 1000, prorate: true", "2025-01", "2025-01-16", 516},  // 516.13
      {"amount: 1000, per: half_month", "2025-01", "2025-01-01", 2000},
      {"amount: 1000, per: half_month", "2025-01", "2025-01-20", 1000},
      {"amount: 1000, per: half_month, prorate: true", "2025-01", "2025-01-20", 750},
      // Weeks that end in the month: on the 5th, 12th, 19th and 26th.
      {"amount: 100, per: week", "2025-01", "2025-01-01", 400},
      {"amount: 100, per: week", "2025-01", "2025-01-13", 200},
      {"amount: 100, per: week", "2025-01", "2025-01-27", 0},
  };
  for (const auto& c : kCases) {
    const Program program = PlanWithDraw(c.terms);
    const Calendar calendar;
    const DaySet in_plan(Days{*Date::Parse(c.first), Date::Max()});
    EXPECT_EQ(*DrawAmount(*program.draw, program, *calendar.Parse(c.payout), in_plan, calendar),
              c.want)
        << c.terms << " from " << c.first;
  }
}

TEST(DrawTest, RecoveryBeginsWhenTheMonthsHavePassed) {
  const Program program =
      PlanWithDraw("amount: 1000, recoverable: true, recover_after: {months: 3}");
  const Calendar calendar;
  const Date first = *Date::Parse("2025-01-01");
  EXPECT_FALSE(MayRecover(*program.draw, first, *calendar.Parse("2025-03")));
  EXPECT_TRUE(MayRecover(*program.draw, first, *calendar.Parse("2025-04")));
}

}  // namespace
}  // namespace payfold
