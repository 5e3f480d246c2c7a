#include "ledger/calendar/period.h"

#include <vector>

#include "ledger/base/check.h"
#include "ledger/calendar/date.h"
#include "ledger/calendar/numbers.h"

namespace payfold {
namespace {

using ::payfold::calendar_internal::FloorDiv;

constexpr int kDaysOfTwoWeeks = 14;

}  // namespace

Period Period::Window(Date first, Date last) {
  CHECK(first <= last);
  return Period(PeriodKind::kWindow, first, last);
}

Calendar::Calendar(int fiscal_year_start_month) : start_month_(fiscal_year_start_month) {
  CHECK(1 <= start_month_ && start_month_ <= 12);
}

Calendar::FiscalMonth Calendar::FiscalMonthOf(Date d) const {
  const Date::Civil c = d.civil();
  const bool begun = c.month >= start_month_;
  return {.year = c.year + (begun && start_month_ > 1 ? 1 : 0),
          .month = c.month - start_month_ + (begun ? 0 : 12)};
}

Period Calendar::Fiscal(PeriodKind kind, int months, Date d) const {
  const Date first_of_month = d - (d.day() - 1);
  const Date first = first_of_month.AddMonths(-(FiscalMonthOf(d).month % months));
  return Period(kind, first, first.AddMonths(months) - 1);
}

Period Calendar::Containing(PeriodKind kind, Date d) const {
  CHECK(kind != PeriodKind::kWindow);
  switch (kind) {
    case PeriodKind::kWeek: {
      const Date monday = d - (d.iso_weekday() - 1);
      return Period(kind, monday, monday + 6);
    }
    case PeriodKind::kHalfMonth: {
      const int day = d.day();
      const Date first = d - (day - 1);
      if (day <= 15) return Period(kind, first, first + 14);
      return Period(kind, first + 15, first.AddMonths(1) - 1);
    }
    case PeriodKind::kMonth: {
      const Date first = d - (d.day() - 1);
      return Period(kind, first, first.AddMonths(1) - 1);
    }
    case PeriodKind::kQuarter:
      return Fiscal(kind, 3, d);
    case PeriodKind::kHalf:
      return Fiscal(kind, 6, d);
    case PeriodKind::kYear:
      return Fiscal(kind, 12, d);
    case PeriodKind::kDay:
    case PeriodKind::kWindow:
      break;
  }
  return Period(kind, d, d);
}

Period Calendar::Previous(const Period& period) const {
  if (period.kind() == PeriodKind::kWindow) {
    return Period::Window(period.first() - period.days(), period.first() - 1);
  }
  return Containing(period.kind(), period.first() - 1);
}

Period Calendar::Next(const Period& period) const {
  if (period.kind() == PeriodKind::kWindow) {
    return Period::Window(period.last() + 1, period.last() + period.days());
  }
  return Containing(period.kind(), period.last() + 1);
}

std::vector<Period> Calendar::Overlapping(PeriodKind kind, Date first, Date last) const {
  std::vector<Period> periods;
  for (Date d = first; d <= last;) {
    periods.push_back(Containing(kind, d));
    d = periods.back().last() + 1;
  }
  return periods;
}

std::vector<Period> Calendar::Tiles(const Period& whole, PeriodKind kind) const {
  if (kind >= whole.kind() || kind == PeriodKind::kWeek) return {};
  std::vector<Period> tiles = Overlapping(kind, whole.first(), whole.last());
  if (tiles.front().first() != whole.first() || tiles.back().last() != whole.last()) return {};
  return tiles;
}

Period Calendar::PayoutContaining(PayoutPeriod payout, Date anchor, Date d) const {
  switch (payout) {
    case PayoutPeriod::kWeek:
      return Containing(PeriodKind::kWeek, d);
    case PayoutPeriod::kTwoWeeks: {
      const Date first = anchor + FloorDiv(d - anchor, kDaysOfTwoWeeks) * kDaysOfTwoWeeks;
      return Period::Window(first, first + (kDaysOfTwoWeeks - 1));
    }
    case PayoutPeriod::kHalfMonth:
      return Containing(PeriodKind::kHalfMonth, d);
    case PayoutPeriod::kMonth:
      return Containing(PeriodKind::kMonth, d);
    case PayoutPeriod::kQuarter:
      break;
  }
  return Containing(PeriodKind::kQuarter, d);
}

Period Calendar::FiscalYearOf(const Period& period) const {
  return Containing(PeriodKind::kYear, period.first());
}

}  // namespace payfold
