#include "ledger/plan/clawback.h"

#include <algorithm>

namespace payfold {
namespace {

bool IsAfterWindow(const Clawback& clawback, Date booked_on, Date cancelled_on) {
  if (clawback.window_days.has_value()) return cancelled_on > booked_on + *clawback.window_days;
  return clawback.window_months.has_value() &&
         cancelled_on > booked_on.AddMonths(*clawback.window_months);
}

// REQUIRES: the clawback has a window, not passed.
Rational Remaining(const Clawback& clawback, Date booked_on, Date cancelled_on) {
  if (clawback.window_days.has_value()) {
    return Rational(1) - Rational::Of(cancelled_on - booked_on, *clawback.window_days);
  }
  return Rational(1) - Rational::Of(WholeMonths(booked_on, cancelled_on), *clawback.window_months);
}

}  // namespace

Rational ShareTakenBack(const Clawback& clawback, Date booked_on, Date cancelled_on) {
  cancelled_on = std::max(cancelled_on, booked_on);
  if (IsAfterWindow(clawback, booked_on, cancelled_on)) return 0;
  if (clawback.linear) return Remaining(clawback, booked_on, cancelled_on);
  if (clawback.schedule.empty()) return 1;
  const auto step =
      std::find_if(clawback.schedule.begin(), clawback.schedule.end(),
                   [&](const Clawback::Step& s) { return cancelled_on - booked_on < s.upto; });
  return step == clawback.schedule.end() ? Rational(0) : step->percent;
}

}  // namespace payfold
