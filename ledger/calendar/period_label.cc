// The texts of periods: labels, and names of kinds.

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "ledger/calendar/date.h"
#include "ledger/calendar/numbers.h"
#include "ledger/calendar/period.h"

namespace payfold {
namespace {

using ::payfold::calendar_internal::HasForm;
using ::payfold::calendar_internal::kMinYear;
using ::payfold::calendar_internal::kMonthRule;
using ::payfold::calendar_internal::kYearRule;
using ::payfold::calendar_internal::Number;

// In the order of PeriodKind and of PayoutPeriod.
constexpr absl::string_view kKindNames[] = {"DAY",     "WEEK", "HALF_MONTH", "MONTH",
                                            "QUARTER", "HALF", "YEAR",       "WINDOW"};
constexpr absl::string_view kPayoutNames[] = {"WEEK", "TWO_WEEKS", "HALF_MONTH", "MONTH",
                                              "QUARTER"};

absl::StatusOr<size_t> FindName(absl::string_view name, absl::string_view what,
                                absl::Span<const absl::string_view> names) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (absl::EqualsIgnoreCase(name, names[i])) return i;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(Quote(name), " is not a ", what, ": use one of ", absl::StrJoin(names, ", ")));
}

absl::Status Refuse(absl::string_view label, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(Quote(label), " is not a period: ", why));
}

// The week of 4 January is the first of its ISO year.
absl::StatusOr<Period> ParseWeek(const Calendar& calendar, absl::string_view label) {
  const int year = Number(label.substr(0, 4));
  const int week = Number(label.substr(6, 2));
  const Period first = calendar.Containing(PeriodKind::kWeek, Date::Of(year, 1, 4));
  const Period last = calendar.Containing(PeriodKind::kWeek, Date::Of(year, 12, 28));
  const int weeks = (last.first() - first.first()) / 7 + 1;
  if (week < 1 || week > weeks) {
    return Refuse(label, absl::StrFormat("%04d has ISO weeks W01 to W%d", year, weeks));
  }
  return calendar.Containing(PeriodKind::kWeek, first.first() + (week - 1) * 7);
}

absl::StatusOr<Period> ParseWindow(absl::string_view label, size_t dots) {
  const absl::StatusOr<Date> first = Date::Parse(label.substr(0, dots));
  if (!first.ok()) return Refuse(label, first.status().message());
  const absl::StatusOr<Date> last = Date::Parse(label.substr(dots + 2));
  if (!last.ok()) return Refuse(label, last.status().message());
  if (*last < *first) return Refuse(label, "the window ends before it begins");
  return Period::Window(*first, *last);
}

std::string WeekLabel(Date monday) {
  const int year = (monday + 3).year();  // That of its Thursday.
  const Date fourth = Date::Of(year, 1, 4);
  const Date first_monday = fourth - (fourth.iso_weekday() - 1);
  return absl::StrFormat("%04d-W%02d", year, (monday - first_monday) / 7 + 1);
}

}  // namespace

absl::StatusOr<Period> Calendar::ParseFiscal(absl::string_view label) const {
  const int year = Number(label.substr(0, 4));
  const Date start = Date::Of(start_month_ > 1 ? year - 1 : year, start_month_, 1);
  if (label.size() == 4) return Containing(PeriodKind::kYear, start);
  const bool quarter = label[5] == 'Q';
  const int part = label[6] - '0';
  if (part < 1 || part > (quarter ? 4 : 2)) {
    return Refuse(label, quarter ? "quarters are Q1 to Q4" : "halves are H1 and H2");
  }
  return quarter ? Containing(PeriodKind::kQuarter, start.AddMonths(3 * (part - 1)))
                 : Containing(PeriodKind::kHalf, start.AddMonths(6 * (part - 1)));
}

absl::StatusOr<Period> Calendar::ParseInMonth(absl::string_view label) const {
  const int month = Number(label.substr(5, 2));
  if (month < 1 || month > 12) return Refuse(label, kMonthRule);
  const Date first = Date::Of(Number(label.substr(0, 4)), month, 1);
  if (label.size() == 7) return Containing(PeriodKind::kMonth, first);
  if (label[8] != '1' && label[8] != '2') return Refuse(label, "half-months are .1 and .2");
  return Containing(PeriodKind::kHalfMonth, label[8] == '1' ? first : first + 15);
}

absl::StatusOr<Period> Calendar::Parse(absl::string_view label) const {
  const size_t dots = label.find("..");
  if (dots != absl::string_view::npos) return ParseWindow(label, dots);
  if (HasForm(label, "9999-99-99")) {
    const absl::StatusOr<Date> day = Date::Parse(label);
    if (!day.ok()) return Refuse(label, day.status().message());
    return Containing(PeriodKind::kDay, *day);
  }
  const bool fiscal =
      HasForm(label, "9999") || HasForm(label, "9999-Q9") || HasForm(label, "9999-H9");
  const bool in_month = HasForm(label, "9999-99") || HasForm(label, "9999-99.9");
  const bool week = HasForm(label, "9999-W99");
  if (!fiscal && !in_month && !week) {
    return Refuse(label,
                  "write 2025, 2025-H1, 2025-Q1, 2025-03, 2025-03.1, 2025-W07, 2025-03-31 or "
                  "2025-04-01..2025-06-30");
  }
  if (Number(label.substr(0, 4)) < kMinYear) {
    return Refuse(label, kYearRule);
  }
  if (fiscal) return ParseFiscal(label);
  return in_month ? ParseInMonth(label) : ParseWeek(*this, label);
}

std::string Calendar::Label(const Period& period) const {
  const Date first = period.first();
  const Date::Civil c = first.civil();
  const FiscalMonth fiscal = FiscalMonthOf(first);
  switch (period.kind()) {
    case PeriodKind::kDay:
      return first.ToString();
    case PeriodKind::kWeek:
      return WeekLabel(first);
    case PeriodKind::kHalfMonth:
      return absl::StrFormat("%04d-%02d.%d", c.year, c.month, c.day == 1 ? 1 : 2);
    case PeriodKind::kMonth:
      return absl::StrFormat("%04d-%02d", c.year, c.month);
    case PeriodKind::kQuarter:
      return absl::StrFormat("%04d-Q%d", fiscal.year, fiscal.month / 3 + 1);
    case PeriodKind::kHalf:
      return absl::StrFormat("%04d-H%d", fiscal.year, fiscal.month / 6 + 1);
    case PeriodKind::kYear:
      return absl::StrFormat("%04d", fiscal.year);
    case PeriodKind::kWindow:
      break;
  }
  return absl::StrCat(first.ToString(), "..", period.last().ToString());
}

absl::StatusOr<PeriodKind> ParsePeriodKind(absl::string_view name) {
  ASSIGN_OR_RETURN(const size_t index, FindName(name, "kind of period", kKindNames));
  return static_cast<PeriodKind>(index);
}

absl::string_view PeriodKindName(PeriodKind kind) { return kKindNames[static_cast<size_t>(kind)]; }

absl::StatusOr<PayoutPeriod> ParsePayoutPeriod(absl::string_view name) {
  ASSIGN_OR_RETURN(const size_t index, FindName(name, "payout period", kPayoutNames));
  return static_cast<PayoutPeriod>(index);
}

absl::string_view PayoutPeriodName(PayoutPeriod payout) {
  return kPayoutNames[static_cast<size_t>(payout)];
}

}  // namespace payfold
