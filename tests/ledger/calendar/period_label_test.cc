#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr PeriodKind kNamedKinds[] = {
    PeriodKind::kDay,     PeriodKind::kWeek, PeriodKind::kHalfMonth, PeriodKind::kMonth,
    PeriodKind::kQuarter, PeriodKind::kHalf, PeriodKind::kYear};

// "MONTH 2025-03-01..2025-03-31", or the message of the error.
std::string Read(const Calendar& calendar, absl::string_view label) {
  const absl::StatusOr<Period> period = calendar.Parse(label);
  if (!period.ok()) return std::string(period.status().message());
  return absl::StrCat(PeriodKindName(period->kind()), " ", period->first().ToString(), "..",
                      period->last().ToString());
}

TEST(PeriodLabelTest, EachKindHasItsLabel) {
  const Calendar calendar;
  const struct {
    const char* label;
    const char* want;
  } kCases[] = {
      {"2025-03-31", "DAY 2025-03-31..2025-03-31"},
      {"2025-W07", "WEEK 2025-02-10..2025-02-16"},
      {"2025-03.1", "HALF_MONTH 2025-03-01..2025-03-15"},
      {"2025-03.2", "HALF_MONTH 2025-03-16..2025-03-31"},
      {"2024-02.2", "HALF_MONTH 2024-02-16..2024-02-29"},
      {"2025-02", "MONTH 2025-02-01..2025-02-28"},
      {"2025-Q1", "QUARTER 2025-01-01..2025-03-31"},
      {"2025-Q4", "QUARTER 2025-10-01..2025-12-31"},
      {"2025-H2", "HALF 2025-07-01..2025-12-31"},
      {"2025", "YEAR 2025-01-01..2025-12-31"},
      {"2025-04-01..2025-06-30", "WINDOW 2025-04-01..2025-06-30"},
      {"2025-04-01..2025-04-01", "WINDOW 2025-04-01..2025-04-01"},
      {"1900", "YEAR 1900-01-01..1900-12-31"},
      {"9999-12", "MONTH 9999-12-01..9999-12-31"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Read(calendar, c.label), c.want);
    EXPECT_EQ(calendar.Label(*calendar.Parse(c.label)), c.label);
  }
}

// The years around which weeks belong to their neighbour; ISO 8601 and the
// tables that follow from it.
TEST(PeriodLabelTest, WeeksBelongToTheYearOfTheirThursday) {
  const Calendar calendar;
  const struct {
    const char* day;
    const char* week;
  } kCases[] = {
      {"2005-01-01", "2004-W53"}, {"2005-01-02", "2004-W53"}, {"2005-12-31", "2005-W52"},
      {"2006-01-01", "2005-W52"}, {"2007-01-01", "2007-W01"}, {"2007-12-30", "2007-W52"},
      {"2007-12-31", "2008-W01"}, {"2008-01-01", "2008-W01"}, {"2008-12-28", "2008-W52"},
      {"2008-12-29", "2009-W01"}, {"2009-12-31", "2009-W53"}, {"2010-01-03", "2009-W53"},
      {"2010-01-04", "2010-W01"}, {"2020-12-31", "2020-W53"}, {"2021-01-03", "2020-W53"},
      {"2024-12-30", "2025-W01"}, {"2025-12-28", "2025-W52"}, {"2025-12-29", "2026-W01"},
      {"2026-12-31", "2026-W53"}, {"2027-01-03", "2026-W53"}, {"2027-01-04", "2027-W01"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(calendar.Label(calendar.Containing(PeriodKind::kWeek, *Date::Parse(c.day))), c.week)
        << c.day;
  }
}

// A year has 53 weeks if it begins on a Thursday, or in a leap year on a Wednesday.
TEST(PeriodLabelTest, Week53ExistsInLongYearsOnly) {
  const Calendar calendar;
  for (int year = 1900; year <= 2200; ++year) {
    const int first = Date::Of(year, 1, 1).iso_weekday();
    const int days = Date::Of(year + 1, 1, 1) - Date::Of(year, 1, 1);
    const bool is_long = first == 4 || (first == 3 && days == 366);
    EXPECT_EQ(calendar.Parse(absl::StrCat(year, "-W53")).ok(), is_long) << year;
    EXPECT_TRUE(calendar.Parse(absl::StrCat(year, "-W52")).ok());
  }
}

TEST(PeriodLabelTest, FiscalLabelsNameTheYearTheyEndIn) {
  const struct {
    int start_month;
    const char* label;
    const char* want;
  } kCases[] = {
      {4, "2025", "YEAR 2024-04-01..2025-03-31"},
      {4, "2025-Q1", "QUARTER 2024-04-01..2024-06-30"},
      {4, "2025-Q4", "QUARTER 2025-01-01..2025-03-31"},
      {4, "2025-H2", "HALF 2024-10-01..2025-03-31"},
      {2, "2025", "YEAR 2024-02-01..2025-01-31"},
      {2, "2025-Q4", "QUARTER 2024-11-01..2025-01-31"},
      {12, "2025", "YEAR 2024-12-01..2025-11-30"},
      {12, "2024-Q1", "QUARTER 2023-12-01..2024-02-29"},
      {7, "2025-H1", "HALF 2024-07-01..2024-12-31"},
      {4, "2025-03", "MONTH 2025-03-01..2025-03-31"},
      {4, "2025-W01", "WEEK 2024-12-30..2025-01-05"},
      {4, "2025-03.2", "HALF_MONTH 2025-03-16..2025-03-31"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Read(Calendar(c.start_month), c.label), c.want);
}

TEST(PeriodLabelTest, EveryLabelComesBackAsItsPeriod) {
  for (int start_month = 1; start_month <= 12; ++start_month) {
    const Calendar calendar(start_month);
    for (const PeriodKind kind : kNamedKinds) {
      const Date last = Date::Of(2031, 1, 1);
      for (const Period& period : calendar.Overlapping(kind, Date::Of(2019, 1, 1), last)) {
        ASSERT_THAT(calendar.Parse(calendar.Label(period)), IsOkAndHolds(period))
            << calendar.Label(period) << ", fiscal year from month " << start_month;
      }
    }
  }
}

TEST(PeriodLabelTest, RefusesWhatIsNoPeriodSayingWhy) {
  const struct {
    const char* label;
    const char* why;
  } kCases[] = {
      {"", "write 2025, 2025-H1, 2025-Q1, 2025-03, 2025-03.1, 2025-W07, 2025-03-31 or "},
      {"25", "write 2025, "},
      {"2025-q1", "write 2025, "},
      {"2025-W7", "write 2025, "},
      {"2025-3", "write 2025, "},
      {"2025 ", "write 2025, "},
      {"2025-03.", "write 2025, "},
      {"March", "write 2025, "},
      {"2025-W53", "\"2025-W53\" is not a period: 2025 has ISO weeks W01 to W52"},
      {"2026-W54", "2026 has ISO weeks W01 to W53"},
      {"2025-W00", "2025 has ISO weeks W01 to W52"},
      {"2025-Q5", "quarters are Q1 to Q4"},
      {"2025-Q0", "quarters are Q1 to Q4"},
      {"2025-H3", "halves are H1 and H2"},
      {"2025-13", "the month must be 01 to 12"},
      {"2025-00.1", "the month must be 01 to 12"},
      {"2025-03.3", "half-months are .1 and .2"},
      {"2025-03.0", "half-months are .1 and .2"},
      {"2025-02-30", "2025-02 has days 01 to 28"},
      {"1899", "the year must be 1900 to 9999"},
      {"1899-Q1", "the year must be 1900 to 9999"},
      {"1899-12-31", "the year must be 1900 to 9999"},
      {"2025-06-30..2025-04-01", "the window ends before it begins"},
      {"2025-02-30..2025-04-01", "\"2025-02-30\" is not a date"},
      {"2025-02-20..", "\"\" is not a date"},
      {"..2025-02-20", "\"\" is not a date"},
      {"2025-Q1..2025-Q2", "\"2025-Q1\" is not a date"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Calendar().Parse(c.label),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("is not a period: "), HasSubstr(c.why))))
        << c.label;
  }
}

TEST(PeriodLabelTest, NamesOfKindsAreReadInEitherCase) {
  for (size_t i = 0; i <= static_cast<size_t>(PeriodKind::kWindow); ++i) {
    const PeriodKind kind = static_cast<PeriodKind>(i);
    EXPECT_THAT(ParsePeriodKind(PeriodKindName(kind)), IsOkAndHolds(kind));
    EXPECT_THAT(ParsePeriodKind(absl::AsciiStrToLower(PeriodKindName(kind))), IsOkAndHolds(kind));
  }
  for (size_t i = 0; i <= static_cast<size_t>(PayoutPeriod::kQuarter); ++i) {
    const PayoutPeriod payout = static_cast<PayoutPeriod>(i);
    EXPECT_THAT(ParsePayoutPeriod(PayoutPeriodName(payout)), IsOkAndHolds(payout));
  }
  EXPECT_EQ(PeriodKindName(PeriodKind::kHalfMonth), "HALF_MONTH");
  EXPECT_EQ(PeriodKindName(PeriodKind::kYear), "YEAR");
  EXPECT_EQ(PayoutPeriodName(PayoutPeriod::kTwoWeeks), "TWO_WEEKS");
  EXPECT_THAT(ParsePeriodKind("fortnight"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("\"fortnight\" is not a kind of period: use one of DAY, WEEK,")));
  EXPECT_THAT(ParsePayoutPeriod("year"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("\"year\" is not a payout period: use one of WEEK, TWO_WEEKS,")));
}

}  // namespace
}  // namespace payfold
