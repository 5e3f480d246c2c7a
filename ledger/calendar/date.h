// Business dates: a day of the proleptic Gregorian calendar, without time zone.
//
//   Date d = *Date::Parse("2025-02-28");
//   (d + 1).ToString();  // "2025-03-01"
//
// Source: ISO 8601; specification, events ("dates").

#ifndef LEDGER_CALENDAR_DATE_H_
#define LEDGER_CALENDAR_DATE_H_

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

// Immutable value, ordered by time. Years 1900 to 9999 parse.
class Date {
 public:
  struct Civil {
    int year;
    int month;  // 1 to 12
    int day;    // 1 to 31
  };

  // The first day of 1970. Use Parse or Of.
  constexpr Date() = default;
  // "YYYY-MM-DD". Errors: kInvalidArgument for another form, a day that does
  // not exist (2025-02-30) or a year outside 1900–9999.
  static absl::StatusOr<Date> Parse(absl::string_view text);
  // REQUIRES: the day exists.
  static Date Of(int year, int month, int day);
  // Days since 1970-01-01, negative before.
  static constexpr Date FromDays(int32_t days) { return Date(days); }

  constexpr int32_t days() const { return days_; }
  // The three at once: cheaper than one after the other.
  Civil civil() const;
  int year() const;
  int month() const;  // 1 to 12
  int day() const;    // 1 to 31
  // 1 (Monday) to 7 (Sunday).
  int iso_weekday() const;
  std::string ToString() const;

  // The same day `months` later (earlier if negative), or the last day of that
  // month where it has no such day: 2025-01-31 + 1 month is 2025-02-28.
  Date AddMonths(int months) const;

  friend constexpr Date operator+(Date d, int32_t n) { return Date(d.days_ + n); }
  friend constexpr Date operator-(Date d, int32_t n) { return Date(d.days_ - n); }
  // Days from b to a.
  friend constexpr int32_t operator-(Date a, Date b) { return a.days_ - b.days_; }
  friend constexpr auto operator<=>(Date a, Date b) = default;
  template <typename H>
  friend H AbslHashValue(H h, Date d) {
    return H::combine(std::move(h), d.days_);
  }

  // Before and after every date that parses: open ends of intervals.
  static constexpr Date Min() { return Date(-1'000'000); }
  static constexpr Date Max() { return Date(10'000'000); }

 private:
  explicit constexpr Date(int32_t days) : days_(days) {}
  int32_t days_ = 0;
};

// Whole months from `from` to `to` (0 if `to` is before): the largest n with
// from.AddMonths(n) <= to. Used for tenure and clawback windows.
int WholeMonths(Date from, Date to);

}  // namespace payfold

#endif  // LEDGER_CALENDAR_DATE_H_
