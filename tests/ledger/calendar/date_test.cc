#include "ledger/calendar/date.h"

#include <cstdint>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

Date D(absl::string_view text) { return *Date::Parse(text); }

// A calendar on the wall: one day after the other, by the rule of leap years.
class Wall {
 public:
  explicit Wall(int first_year) : year_(first_year) {}
  void NextDay() {
    if (++day_ <= LastDay()) return;
    day_ = 1;
    if (++month_ <= 12) return;
    month_ = 1;
    ++year_;
  }
  int LastDay() const {
    const bool leap = (year_ % 4 == 0 && year_ % 100 != 0) || year_ % 400 == 0;
    if (month_ == 2) return leap ? 29 : 28;
    return month_ == 4 || month_ == 6 || month_ == 9 || month_ == 11 ? 30 : 31;
  }
  int year() const { return year_; }
  int month() const { return month_; }
  int day() const { return day_; }

 private:
  int year_;
  int month_ = 1;
  int day_ = 1;
};

TEST(DateTest, EveryDayFrom1900To2200IsThatOfTheWallCalendar) {
  Wall wall(1900);
  int weekday = 1;  // 1900-01-01 was a Monday.
  for (Date date = D("1900-01-01"); wall.year() <= 2200; date = date + 1) {
    ASSERT_EQ(date.year(), wall.year()) << date.days();
    ASSERT_EQ(date.month(), wall.month()) << date.days();
    ASSERT_EQ(date.day(), wall.day()) << date.days();
    ASSERT_EQ(date.iso_weekday(), weekday) << date.days();
    ASSERT_EQ(Date::Of(wall.year(), wall.month(), wall.day()), date);
    const std::string text =
        absl::StrFormat("%04d-%02d-%02d", wall.year(), wall.month(), wall.day());
    ASSERT_EQ(date.ToString(), text);
    ASSERT_THAT(Date::Parse(text), IsOkAndHolds(date));
    wall.NextDay();
    weekday = weekday % 7 + 1;
  }
}

TEST(DateTest, DaysCountFrom1970) {
  EXPECT_EQ(Date(), D("1970-01-01"));
  EXPECT_EQ(D("1970-01-01").days(), 0);
  EXPECT_EQ(D("1969-12-31").days(), -1);
  EXPECT_EQ(D("2000-03-01").days(), 11'017);
  EXPECT_EQ(D("9999-12-31").days(), 2'932'896);
  EXPECT_EQ(D("9999-12-31").ToString(), "9999-12-31");
  EXPECT_EQ(Date::FromDays(20'000).ToString(), "2024-10-04");
}

TEST(DateTest, RefusesWhatIsNotADateSayingWhy) {
  const struct {
    const char* text;
    const char* why;
  } kCases[] = {
      {"", "write YYYY-MM-DD, as in 2025-02-28"},
      {"2025-2-28", "write YYYY-MM-DD"},
      {"2025-02-28 ", "write YYYY-MM-DD"},
      {"2025/02/28", "write YYYY-MM-DD"},
      {"28.02.2025", "write YYYY-MM-DD"},
      {"-025-02-28", "write YYYY-MM-DD"},
      {"2025-02-2x", "write YYYY-MM-DD"},
      {"20250228", "write YYYY-MM-DD"},
      {"2025-02-30", "\"2025-02-30\" is not a date: 2025-02 has days 01 to 28"},
      {"2024-02-30", "2024-02 has days 01 to 29"},
      {"1900-02-29", "1900-02 has days 01 to 28"},
      {"2025-04-31", "2025-04 has days 01 to 30"},
      {"2025-01-00", "2025-01 has days 01 to 31"},
      {"2025-00-10", "the month must be 01 to 12"},
      {"2025-13-10", "the month must be 01 to 12"},
      {"1899-12-31", "the year must be 1900 to 9999"},
      {"0000-01-01", "the year must be 1900 to 9999"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Date::Parse(c.text),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("is not a date: "), HasSubstr(c.why))))
        << c.text;
  }
}

TEST(DateTest, AddMonthsKeepsTheDayOrTakesTheLastOfTheMonth) {
  const struct {
    const char* from;
    int months;
    const char* want;
  } kCases[] = {
      {"2025-01-31", 1, "2025-02-28"},   {"2024-01-31", 1, "2024-02-29"},
      {"2025-01-31", 2, "2025-03-31"},   {"2025-03-31", -1, "2025-02-28"},
      {"2025-01-15", -1, "2024-12-15"},  {"2025-12-01", 1, "2026-01-01"},
      {"2024-02-29", 12, "2025-02-28"},  {"2024-02-29", 48, "2028-02-29"},
      {"2024-02-29", -12, "2023-02-28"}, {"2025-05-20", 0, "2025-05-20"},
      {"2025-05-31", -18, "2023-11-30"}, {"2025-05-31", -1200, "1925-05-31"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(D(c.from).AddMonths(c.months).ToString(), c.want) << c.from << " " << c.months;
  }
}

TEST(DateTest, WholeMonthsIsTheLastAddMonthsThatHasCome) {
  EXPECT_EQ(WholeMonths(D("2025-01-31"), D("2025-02-27")), 0);
  EXPECT_EQ(WholeMonths(D("2025-01-31"), D("2025-02-28")), 1);
  EXPECT_EQ(WholeMonths(D("2025-01-15"), D("2026-01-14")), 11);
  EXPECT_EQ(WholeMonths(D("2025-01-15"), D("2026-01-15")), 12);
  EXPECT_EQ(WholeMonths(D("2025-01-15"), D("2024-01-15")), 0);
  EXPECT_EQ(WholeMonths(D("2025-01-15"), D("2025-01-15")), 0);
  std::mt19937 random(9);
  for (int trial = 0; trial < 20'000; ++trial) {
    const Date from = Date::FromDays(static_cast<int32_t>(random() % 30'000));
    const Date to = from + static_cast<int32_t>(random() % 3'000);
    const int months = WholeMonths(from, to);
    ASSERT_LE(from.AddMonths(months), to) << from.ToString() << " " << to.ToString();
    ASSERT_GT(from.AddMonths(months + 1), to) << from.ToString() << " " << to.ToString();
  }
}

TEST(DateTest, OrdersByTimeBetweenTheOpenEnds) {
  EXPECT_LT(D("2025-02-28"), D("2025-03-01"));
  EXPECT_EQ(D("2025-03-01") - D("2025-02-28"), 1);
  EXPECT_EQ(D("2025-03-01") - 1, D("2025-02-28"));
  EXPECT_LT(Date::Min(), D("1900-01-01"));
  EXPECT_GT(Date::Max(), D("9999-12-31"));
  EXPECT_LT(Date::Min().civil().year, 0);
  EXPECT_GT(Date::Max().civil().year, 9999);
}

TEST(DateDeathTest, ADayThatDoesNotExistIsOurMistake) {
  EXPECT_DEATH(Date::Of(2025, 2, 29), "CHECK failed");
  EXPECT_DEATH(Date::Of(2025, 13, 1), "CHECK failed");
}

}  // namespace
}  // namespace payfold
