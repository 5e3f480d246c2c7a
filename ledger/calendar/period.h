// Periods: named intervals of whole days, both ends included.
//
//   kind           label                          days
//   kDay           2025-03-31                     that day
//   kWeek          2025-W07                       ISO week, Monday to Sunday
//   kHalfMonth     2025-03.1, 2025-03.2           1st–15th, 16th–last
//   kMonth         2025-03
//   kQuarter       2025-Q1                        fiscal
//   kHalf          2025-H1                        fiscal
//   kYear          2025                           fiscal
//   kWindow        2025-04-01..2025-06-30         any days; also TWO_WEEKS
//
// With a fiscal year that starts in month F > 1, year Y is the twelve months
// that end in calendar year Y, and quarters and halves follow; days, weeks,
// half-months, months and windows stay calendar.
//
// Source: specification, calculation 2; ISO 8601 for weeks.

#ifndef LEDGER_CALENDAR_PERIOD_H_
#define LEDGER_CALENDAR_PERIOD_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/calendar/date.h"

namespace payfold {

// From short to long; tiling looks for the longest shorter kind.
enum class PeriodKind { kDay, kWeek, kHalfMonth, kMonth, kQuarter, kHalf, kYear, kWindow };

// Immutable value. Two periods are equal if kind and days are.
class Period {
 public:
  PeriodKind kind() const { return kind_; }
  Date first() const { return first_; }
  Date last() const { return last_; }
  int days() const { return last_ - first_ + 1; }
  bool Contains(Date d) const { return first_ <= d && d <= last_; }
  bool Overlaps(const Period& o) const { return first_ <= o.last_ && o.first_ <= last_; }
  static Period Window(Date first, Date last);  // REQUIRES: first <= last

  friend bool operator==(const Period& a, const Period& b) {
    return a.kind_ == b.kind_ && a.first_ == b.first_ && a.last_ == b.last_;
  }
  friend bool operator<(const Period& a, const Period& b) {
    if (a.first_ != b.first_) return a.first_ < b.first_;
    if (a.last_ != b.last_) return a.last_ < b.last_;
    return a.kind_ < b.kind_;
  }
  template <typename H>
  friend H AbslHashValue(H h, const Period& p) {
    return H::combine(std::move(h), p.kind_, p.first_, p.last_);
  }

 private:
  friend class Calendar;
  Period(PeriodKind kind, Date first, Date last) : kind_(kind), first_(first), last_(last) {}
  PeriodKind kind_;
  Date first_, last_;
};

// What a ledger calls a payout period.
enum class PayoutPeriod { kWeek, kTwoWeeks, kHalfMonth, kMonth, kQuarter };

// The ledger's calendar: names periods and finds them. Immutable; share freely.
class Calendar {
 public:
  // REQUIRES: 1 <= fiscal_year_start_month <= 12.
  explicit Calendar(int fiscal_year_start_month = 1);

  int fiscal_year_start_month() const { return start_month_; }

  // Errors: kInvalidArgument for a label of no kind, a period that does not
  // exist (2025-W53, 2025-Q5, a window that ends before it begins), or a year
  // outside 1900–9999.
  absl::StatusOr<Period> Parse(absl::string_view label) const;
  // REQUIRES: `period` is of a calendar with the same fiscal year.
  std::string Label(const Period& period) const;

  // The period of `kind` that contains `d`. REQUIRES: kind != kWindow.
  Period Containing(PeriodKind kind, Date d) const;
  // The neighbours of the same kind; of a window, the window of as many days that
  // ends the day before (begins the day after).
  Period Previous(const Period& period) const;
  Period Next(const Period& period) const;
  // All periods of `kind` that overlap [first, last], in order.
  std::vector<Period> Overlapping(PeriodKind kind, Date first, Date last) const;
  // The periods of `kind` that together are exactly `whole`, in order; empty if
  // they do not tile it. Weeks tile nothing longer; `kind` is shorter.
  std::vector<Period> Tiles(const Period& whole, PeriodKind kind) const;

  // The payout period that contains `d`. For kTwoWeeks a window of 14 days
  // counted from `anchor`; the others ignore it.
  Period PayoutContaining(PayoutPeriod payout, Date anchor, Date d) const;

  // The fiscal year of a period: for a week or window that of its first day.
  Period FiscalYearOf(const Period& period) const;

 private:
  // Quarters, halves and years: `months` at a time from the start of the fiscal year.
  Period Fiscal(PeriodKind kind, int months, Date d) const;
  absl::StatusOr<Period> ParseFiscal(absl::string_view label) const;
  absl::StatusOr<Period> ParseInMonth(absl::string_view label) const;
  // The calendar year that the fiscal year of `d` ends in, and the months of
  // that fiscal year before the month of `d`.
  struct FiscalMonth {
    int year;
    int month;  // 0 to 11
  };
  FiscalMonth FiscalMonthOf(Date d) const;

  int start_month_;
};

// "month", "QUARTER", … to a kind and back (upper case).
absl::StatusOr<PeriodKind> ParsePeriodKind(absl::string_view name);
absl::string_view PeriodKindName(PeriodKind kind);
// The same for payout periods: "WEEK", "TWO_WEEKS", "HALF_MONTH", "MONTH", "QUARTER".
absl::StatusOr<PayoutPeriod> ParsePayoutPeriod(absl::string_view name);
absl::string_view PayoutPeriodName(PayoutPeriod payout);

}  // namespace payfold

#endif  // LEDGER_CALENDAR_PERIOD_H_
