#include "ledger/calendar/date.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "ledger/base/check.h"
#include "ledger/base/quote.h"
#include "ledger/calendar/numbers.h"

namespace payfold {
namespace {

using ::payfold::calendar_internal::FloorDiv;
using ::payfold::calendar_internal::HasForm;
using ::payfold::calendar_internal::kMinYear;
using ::payfold::calendar_internal::kMonthRule;
using ::payfold::calendar_internal::kYearRule;
using ::payfold::calendar_internal::Number;

// Months and days count from March, so that the leap day is the last of a year
// and an era of 400 years has 146,097 days: "chrono-Compatible Low-Level Date
// Algorithms", H. Hinnant.
constexpr int kDaysPerEra = 146'097;
constexpr int kDaysToEpoch = 719'468;  // From 0000-03-01 to 1970-01-01.

int32_t DaysFromCivil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = FloorDiv(y, 400);
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysToEpoch;
}

bool IsLeapYear(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

absl::Status Refuse(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(Quote(text), " is not a date: ", why));
}

}  // namespace

absl::StatusOr<Date> Date::Parse(absl::string_view text) {
  if (!HasForm(text, "9999-99-99")) return Refuse(text, "write YYYY-MM-DD, as in 2025-02-28");
  const int year = Number(text.substr(0, 4));
  const int month = Number(text.substr(5, 2));
  const int day = Number(text.substr(8, 2));
  if (year < kMinYear) return Refuse(text, kYearRule);
  if (month < 1 || month > 12) return Refuse(text, kMonthRule);
  if (day < 1 || day > DaysInMonth(year, month)) {
    return Refuse(text, absl::StrFormat("%04d-%02d has days 01 to %d", year, month,
                                        DaysInMonth(year, month)));
  }
  return Date(DaysFromCivil(year, month, day));
}

Date Date::Of(int year, int month, int day) {
  CHECK(month >= 1 && month <= 12 && day >= 1 && day <= DaysInMonth(year, month));
  return Date(DaysFromCivil(year, month, day));
}

Date::Civil Date::civil() const {
  const int shifted = days_ + kDaysToEpoch;
  const int era = FloorDiv(shifted, kDaysPerEra);
  const int day_of_era = shifted - era * kDaysPerEra;
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = (5 * day_of_year + 2) / 153;
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
          .month = month,
          .day = day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

int Date::year() const { return civil().year; }
int Date::month() const { return civil().month; }
int Date::day() const { return civil().day; }

// 1970-01-01 was a Thursday.
int Date::iso_weekday() const {
  const int since_monday = days_ + 3;
  return since_monday - FloorDiv(since_monday, 7) * 7 + 1;
}

std::string Date::ToString() const {
  const Civil c = civil();
  return absl::StrFormat("%04d-%02d-%02d", c.year, c.month, c.day);
}

Date Date::AddMonths(int months) const {
  const Civil c = civil();
  const int absolute = c.year * 12 + c.month - 1 + months;
  const int year = FloorDiv(absolute, 12);
  const int month = absolute - year * 12 + 1;
  return Date(DaysFromCivil(year, month, std::min(c.day, DaysInMonth(year, month))));
}

int WholeMonths(Date from, Date to) {
  if (to < from) return 0;
  const Date::Civil a = from.civil();
  const Date::Civil b = to.civil();
  const int months = (b.year - a.year) * 12 + b.month - a.month;
  return from.AddMonths(months) <= to ? months : months - 1;
}

}  // namespace payfold
