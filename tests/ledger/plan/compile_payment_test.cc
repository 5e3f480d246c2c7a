#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/compile.h"
#include "tests/ledger/plan/compile_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Compiled;
using ::payfold_testing::ExpectErrors;
using ::payfold_testing::ExpectWarnings;

TEST(CompilePaymentTest, CapsSayWhatHappensToWhatIsAbove) {
  EXPECT_EQ(Compiled("cap: 5000").cap->amount, Rational(5000));
  EXPECT_EQ(Compiled("cap: 5000").cap->excess, Cap::Excess::kForfeit);
  EXPECT_EQ(Compiled("cap: {amount: 5, excess: carry}").cap->excess, Cap::Excess::kCarry);
  const Cap rate = *Compiled("cap: {multiple_of_target_incentive: 300%, excess: 10%}").cap;
  EXPECT_EQ(rate.multiple, Rational(3));
  EXPECT_FALSE(rate.amount.has_value());
  EXPECT_EQ(rate.excess, Cap::Excess::kRate);
  EXPECT_EQ(rate.rate, Rational::Of(1, 10));
  EXPECT_TRUE(Compiled("cap: {amount: 5, per: DEAL}").cap->per_deal);
  ExpectErrors({
      {"cap: {amount: 5, multiple_of_target_incentive: 3}",
       ".cap.multiple_of_target_incentive: is given beside `amount`"},
      {"cap: {per: DEAL}", ".cap: states no limit"},
      {"cap: -5", ".cap.amount: -5 is below 0"},
      {"cap: {multiple_of_target_incentive: -5}", ".cap.multiple_of_target_incentive: -5 is below"},
      {"cap: {amount: 5, per: DEAL, excess: CARRY}", ".cap.excess: CARRY takes what is above"},
      {"cap: {amount: 5, excess: KEEP}", ".cap.excess: \"KEEP\" is none of FORFEIT, CARRY, or a r"},
      {"measure: {metric: calls}\ncap: {amount: 5, per: DEAL}",
       ".cap.per: DEAL cuts what belongs to each deal, and the component measures no deals"},
  });
}

TEST(CompilePaymentTest, ClawbackIsNetUnlessItSaysOtherwise) {
  EXPECT_EQ(Compiled("").clawback.mode, Clawback::Mode::kNet);
  EXPECT_EQ(Compiled("clawback: {mode: RESTATE}").clawback.mode, Clawback::Mode::kRestate);
  EXPECT_EQ(Compiled("clawback: {mode: NONE}").clawback.mode, Clawback::Mode::kNone);
  const Clawback reverse =
      Compiled(
          "clawback: {mode: REVERSE, schedule: [{upto: 30, percent: 1}, {upto: 60, percent: "
          "50%}], window_days: 45}")
          .clawback;
  EXPECT_EQ(reverse.schedule[1].upto, 60);
  EXPECT_EQ(reverse.schedule[1].percent, Rational::Of(1, 2));
  EXPECT_EQ(reverse.window_days, 45);
  EXPECT_FALSE(reverse.window_months.has_value());
}

TEST(CompilePaymentTest, MistakesOfClawbacks) {
  const std::string kReverse = "clawback: {mode: REVERSE, ";
  ExpectErrors({
      {"clawback: {mode: NET, linear: true}", ".clawback.linear: is for mode REVERSE only"},
      {"clawback: {window_days: 5}", ".clawback.window_days: is for mode REVERSE only"},
      {"clawback: {mode: NONE, window_months: 5}", ".clawback.window_months: is for mode REVERSE"},
      {"clawback: {mode: RESTATE, schedule: [{upto: 5, percent: 1}]}",
       ".clawback.schedule: is for mode REVERSE only"},
      {kReverse + "linear: true}", ".clawback.linear: is what remains of a window"},
      {kReverse + "linear: true, window_days: 5, schedule: [{upto: 5, percent: 1}]}",
       ".clawback.linear: is given beside `schedule`"},
      {kReverse + "window_days: 5, window_months: 5}", ".clawback.window_months: is given beside"},
      {kReverse + "window_days: -5}", ".clawback.window_days: -5 is below 1"},
      {kReverse + "schedule: [{percent: 1}]}", ".clawback.schedule[0].upto: is required"},
      {kReverse + "schedule: [{upto: 5}]}", ".clawback.schedule[0].percent: is required"},
      {kReverse + "schedule: [{upto: 5, percent: 150%}]}",
       ".clawback.schedule[0].percent: 150% is not a share"},
      {kReverse + "schedule: [{upto: 5, percent: 1}, {upto: 5, percent: 0}]}",
       ".clawback.schedule[1].upto: 5 is not above 5"},
  });
  ExpectWarnings({
      {kReverse + "window_days: 5, schedule: [{upto: 9, percent: 1}, {upto: 20, percent: 50%}]}",
       ".clawback.schedule[1]: can never be reached: the window ends after 5 days"},
      {"measure: {metric: calls}\ngates: [{measure: {deals: {}}, above: 0}]\n" + kReverse + "}",
       ".clawback.mode: REVERSE takes back nothing"},
  });
}

TEST(CompilePaymentTest, InstalmentsAddUpToAllOfTheMoney) {
  const Component component =
      Compiled("schedule: [{share: 60%, due: BOOKED}, {share: 0.4, due: AFTER_DAYS(30)}]");
  ASSERT_EQ(component.schedule.size(), 2U);
  EXPECT_EQ(component.schedule[1].due, Instalment::Due::kAfterDays);
  EXPECT_EQ(component.schedule[1].n, 30);
  const std::string kSchedule = ".schedule";
  ExpectErrors({
      {"schedule: [{share: 60%, due: BOOKED}, {share: 30%, due: COLLECTED}]",
       kSchedule + ": has shares that add up to 90%: they must add up to exactly 100%"},
      {"schedule: [{share: 1}]", kSchedule + "[0].due: is required"},
      {"schedule: [{due: BOOKED}]", kSchedule + "[0].share: is required"},
      {"schedule: [{share: -1, due: BOOKED}]", kSchedule + "[0].share: -1 is not a share"},
      {"schedule: [{share: 1, due: BOOKED}, {share: 0, due: BOOKED}]",
       kSchedule + "[1].share: is 0: remove the instalment"},
      {"schedule: [{share: 1, due: AFTER_DAYS}]", kSchedule + "[0].n: is required, from 1 on"},
      {"schedule: [{share: 1, due: AFTER_MONTHS(0)}]", kSchedule + "[0].n: is required, from 1 on"},
      {"schedule: [{share: 1, due: YEAR_END, n: 3}]", kSchedule + "[0].n: has no meaning for YEAR"},
  });
  ExpectWarnings({{"measure: {metric: calls}\nschedule: [{share: 1, due: COLLECTED}]",
                   kSchedule + "[0].due: COLLECTED is never paid"}});
}

}  // namespace
}  // namespace payfold
