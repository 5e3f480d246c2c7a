#include "ledger/plan/clawback.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace payfold {
namespace {

const Date kBooked = Date::Of(2025, 1, 31);

Clawback Reverse() {
  Clawback clawback;
  clawback.mode = Clawback::Mode::kReverse;
  return clawback;
}

Clawback Scheduled() {
  Clawback clawback = Reverse();
  clawback.schedule = {{30, 1}, {60, Rational::Of(1, 2)}};
  return clawback;
}

Clawback LinearDays(int days) {
  Clawback clawback = Reverse();
  clawback.linear = true;
  clawback.window_days = days;
  return clawback;
}

Clawback LinearMonths(int months) {
  Clawback clawback = Reverse();
  clawback.linear = true;
  clawback.window_months = months;
  return clawback;
}

std::string ShareAfter(const Clawback& clawback, int days) {
  return ShareTakenBack(clawback, kBooked, kBooked + days).ToString();
}

TEST(ClawbackTest, WithoutScheduleOrWindowAllIsTakenBackForEver) {
  EXPECT_EQ(ShareAfter(Reverse(), 0), "1");
  EXPECT_EQ(ShareAfter(Reverse(), 10'000), "1");
}

TEST(ClawbackTest, AStepOfTheScheduleEndsBeforeItsUpto) {
  const struct {
    int days;
    std::string want;
  } kCases[] = {{0, "1"}, {29, "1"}, {30, "1/2"}, {59, "1/2"}, {60, "0"}, {400, "0"}};
  for (const auto& c : kCases) EXPECT_EQ(ShareAfter(Scheduled(), c.days), c.want) << c.days;
}

TEST(ClawbackTest, TheLastDayOfTheWindowStillCounts) {
  Clawback days = Reverse();
  days.window_days = 90;
  EXPECT_EQ(ShareAfter(days, 90), "1");
  EXPECT_EQ(ShareAfter(days, 91), "0");
  // One month after a 31 January is the 28 February.
  Clawback months = Reverse();
  months.window_months = 1;
  EXPECT_EQ(ShareAfter(months, 28), "1");
  EXPECT_EQ(ShareAfter(months, 29), "0");
  Clawback scheduled = Scheduled();
  scheduled.window_days = 45;
  EXPECT_EQ(ShareAfter(scheduled, 45), "1/2");
  EXPECT_EQ(ShareAfter(scheduled, 46), "0");
}

TEST(ClawbackTest, LinearTakesWhatRemainsOfTheWindow) {
  EXPECT_EQ(ShareAfter(LinearDays(90), 0), "1");
  EXPECT_EQ(ShareAfter(LinearDays(90), 1), "89/90");
  EXPECT_EQ(ShareAfter(LinearDays(90), 45), "1/2");
  EXPECT_EQ(ShareAfter(LinearDays(90), 90), "0");
  EXPECT_EQ(ShareAfter(LinearDays(90), 91), "0");
  // Whole months since the booking: the first is complete on the 28 February.
  EXPECT_EQ(ShareAfter(LinearMonths(12), 27), "1");
  EXPECT_EQ(ShareAfter(LinearMonths(12), 28), "11/12");
  EXPECT_EQ(ShareAfter(LinearMonths(12), 59), "5/6");
}

TEST(ClawbackTest, ACancellationDatedBeforeTheBookingIsOfItsDay) {
  EXPECT_EQ(ShareAfter(Scheduled(), -5), "1");
  EXPECT_EQ(ShareAfter(LinearDays(90), -5), "1");
}

// Who cancels later is never taken back more.
TEST(ClawbackPropertyTest, TheShareFallsWithTimeAndStaysBetweenZeroAndOne) {
  const std::vector<Clawback> clawbacks = {Reverse(),       Scheduled(),     LinearDays(7),
                                           LinearDays(365), LinearMonths(1), LinearMonths(24)};
  for (size_t i = 0; i < clawbacks.size(); ++i) {
    Rational before = 1;
    for (int days = 0; days < 900; ++days) {
      const Rational now = ShareTakenBack(clawbacks[i], kBooked, kBooked + days);
      ASSERT_LE(now, before) << i << " after " << days;
      ASSERT_GE(now, Rational(0)) << i << " after " << days;
      before = now;
    }
    EXPECT_EQ(before.is_zero(), i > 0) << i;
  }
}

}  // namespace
}  // namespace payfold
