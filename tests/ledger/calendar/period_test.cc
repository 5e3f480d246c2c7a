#include "ledger/calendar/period.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "ledger/calendar/date.h"

namespace payfold {
namespace {

constexpr PeriodKind kNamedKinds[] = {
    PeriodKind::kDay,     PeriodKind::kWeek, PeriodKind::kHalfMonth, PeriodKind::kMonth,
    PeriodKind::kQuarter, PeriodKind::kHalf, PeriodKind::kYear};

Date D(absl::string_view text) { return *Date::Parse(text); }
Period P(absl::string_view label, int start_month = 1) {
  return *Calendar(start_month).Parse(label);
}

// The labels of `periods`, space between.
std::string Labels(const Calendar& calendar, const std::vector<Period>& periods) {
  return absl::StrJoin(periods, " ", [&calendar](std::string* out, const Period& period) {
    out->append(calendar.Label(period));
  });
}

std::string Tiles(int start_month, absl::string_view whole, PeriodKind kind) {
  const Calendar calendar(start_month);
  return Labels(calendar, calendar.Tiles(*calendar.Parse(whole), kind));
}

// How often a fiscal period that starts in month F ends with month m: the
// definition, month by month.
bool EndsWithMonth(PeriodKind kind, int start_month, int month) {
  const int months_begun = (month - start_month + 12) % 12 + 1;
  const int length = kind == PeriodKind::kQuarter ? 3 : (kind == PeriodKind::kHalf ? 6 : 12);
  return months_begun % length == 0;
}

TEST(PeriodTest, DaysBothEndsIncluded) {
  const Period march = P("2025-03");
  EXPECT_EQ(march.days(), 31);
  EXPECT_TRUE(march.Contains(D("2025-03-01")) && march.Contains(D("2025-03-31")));
  EXPECT_FALSE(march.Contains(D("2025-02-28")) || march.Contains(D("2025-04-01")));
  EXPECT_TRUE(march.Overlaps(P("2025-Q1")) && P("2025-W14").Overlaps(march));
  EXPECT_FALSE(march.Overlaps(P("2025-04")) || march.Overlaps(P("2025-02")));
}

TEST(PeriodTest, EqualDaysOfAnotherKindAreAnotherPeriod) {
  EXPECT_EQ(P("2025-03"), P("2025-03"));
  EXPECT_FALSE(P("2025-03") == P("2025-03-01..2025-03-31"));
  EXPECT_TRUE(P("2025-03") < P("2025-03-01..2025-03-31"));
  EXPECT_TRUE(P("2025-03") < P("2025-Q2") && P("2025-01") < P("2025-Q1"));
  EXPECT_EQ(absl::HashOf(P("2025-03")), absl::HashOf(P("2025-03")));
  EXPECT_NE(absl::HashOf(P("2025-03")), absl::HashOf(P("2025-04")));
}

// Fiscal quarters, halves and years: each day's period is found by walking to
// the nearest month ends that the definition gives.
TEST(PeriodTest, FiscalPeriodsFollowTheDefinitionForEveryStartMonth) {
  for (int start_month = 1; start_month <= 12; ++start_month) {
    const Calendar calendar(start_month);
    for (const PeriodKind kind : {PeriodKind::kQuarter, PeriodKind::kHalf, PeriodKind::kYear}) {
      // A whole leap cycle, month by month, with its first and last day.
      for (Date month = D("2023-01-01"); month < D("2028-01-01"); month = month.AddMonths(1)) {
        Date end = month;
        while (!EndsWithMonth(kind, start_month, end.month())) end = end.AddMonths(1);
        Date begin = month;
        while (!EndsWithMonth(kind, start_month, begin.AddMonths(-1).month())) {
          begin = begin.AddMonths(-1);
        }
        for (const Date day : {month, month.AddMonths(1) - 1}) {
          const Period period = calendar.Containing(kind, day);
          ASSERT_EQ(period.kind(), kind);
          ASSERT_EQ(period.first(), begin) << start_month << " " << day.ToString();
          ASSERT_EQ(period.last(), end.AddMonths(1) - 1) << start_month << " " << day.ToString();
        }
        // Year Y is the twelve months that end in calendar year Y.
        const Period year = calendar.Containing(PeriodKind::kYear, month);
        ASSERT_EQ(calendar.Label(year), std::to_string(year.last().year()));
      }
    }
  }
}

TEST(PeriodTest, ADayIsInThePeriodThatContainsIt) {
  for (const int start_month : {1, 2, 4, 12}) {
    const Calendar calendar(start_month);
    for (const PeriodKind kind : kNamedKinds) {
      for (Date day = D("2023-06-01"); day < D("2025-06-01"); day = day + 1) {
        const Period period = calendar.Containing(kind, day);
        ASSERT_TRUE(period.Contains(day));
        ASSERT_EQ(calendar.Containing(kind, period.first()), period);
        ASSERT_EQ(calendar.Containing(kind, period.last()), period);
      }
    }
  }
}

TEST(PeriodTest, HalfMonthsSplitAfterTheFifteenth) {
  const Calendar calendar;
  EXPECT_EQ(calendar.Containing(PeriodKind::kHalfMonth, D("2025-02-15")), P("2025-02.1"));
  EXPECT_EQ(calendar.Containing(PeriodKind::kHalfMonth, D("2025-02-16")), P("2025-02.2"));
  EXPECT_EQ(P("2025-02.2").days(), 13);
  EXPECT_EQ(P("2024-02.2").days(), 14);
  EXPECT_EQ(P("2025-03.2").days(), 16);
}

TEST(PeriodTest, PreviousAndNextAreNeighboursAndUndoEachOther) {
  for (int start_month = 1; start_month <= 12; ++start_month) {
    const Calendar calendar(start_month);
    std::vector<Period> periods = {P("2024-02-20..2024-03-03"), P("2024-02-29..2024-02-29")};
    for (const PeriodKind kind : kNamedKinds) {
      for (const Period& p : calendar.Overlapping(kind, D("2024-01-01"), D("2025-03-01"))) {
        periods.push_back(p);
      }
    }
    for (const Period& period : periods) {
      const Period previous = calendar.Previous(period);
      const Period next = calendar.Next(period);
      ASSERT_EQ(previous.kind(), period.kind());
      ASSERT_EQ(previous.last() + 1, period.first()) << calendar.Label(period);
      ASSERT_EQ(next.first(), period.last() + 1) << calendar.Label(period);
      ASSERT_EQ(calendar.Next(previous), period);
      ASSERT_EQ(calendar.Previous(next), period);
    }
  }
}

TEST(PeriodTest, ThePreviousWindowHasAsManyDays) {
  EXPECT_EQ(Calendar().Previous(P("2025-03-11..2025-03-20")), P("2025-03-01..2025-03-10"));
  EXPECT_EQ(Calendar().Next(P("2025-03-11..2025-03-20")), P("2025-03-21..2025-03-30"));
  EXPECT_EQ(Calendar().Previous(P("2025-01")), P("2024-12"));
  EXPECT_EQ(Calendar().Previous(P("2021-W01")), P("2020-W53"));
}

TEST(PeriodTest, OverlappingListsAllInOrder) {
  const Calendar calendar;
  EXPECT_EQ(
      Labels(calendar, calendar.Overlapping(PeriodKind::kMonth, D("2025-01-31"), D("2025-03-01"))),
      "2025-01 2025-02 2025-03");
  EXPECT_EQ(
      Labels(calendar, calendar.Overlapping(PeriodKind::kWeek, D("2025-01-05"), D("2025-01-06"))),
      "2025-W01 2025-W02");
  EXPECT_EQ(
      Labels(calendar, calendar.Overlapping(PeriodKind::kYear, D("2025-01-05"), D("2025-01-04"))),
      "");
}

TEST(PeriodTest, ShorterKindsTileWhatTheyFillExactly) {
  EXPECT_EQ(Tiles(1, "2025", PeriodKind::kHalf), "2025-H1 2025-H2");
  EXPECT_EQ(Tiles(1, "2025", PeriodKind::kQuarter), "2025-Q1 2025-Q2 2025-Q3 2025-Q4");
  EXPECT_EQ(Tiles(1, "2025-Q2", PeriodKind::kMonth), "2025-04 2025-05 2025-06");
  EXPECT_EQ(Tiles(4, "2025-Q4", PeriodKind::kMonth), "2025-01 2025-02 2025-03");
  EXPECT_EQ(Tiles(4, "2025", PeriodKind::kHalf), "2025-H1 2025-H2");
  EXPECT_EQ(Tiles(1, "2025-02", PeriodKind::kHalfMonth), "2025-02.1 2025-02.2");
  EXPECT_EQ(Calendar().Tiles(P("2025-02.1"), PeriodKind::kDay).size(), 15u);
  EXPECT_EQ(Calendar().Tiles(P("2025-W07"), PeriodKind::kDay).size(), 7u);
}

TEST(PeriodTest, WindowsAreTiledWhereTheEndsMeet) {
  EXPECT_EQ(Tiles(1, "2025-04-01..2025-06-30", PeriodKind::kQuarter), "2025-Q2");
  EXPECT_EQ(Tiles(2, "2025-04-01..2025-06-30", PeriodKind::kQuarter), "");
  EXPECT_EQ(Tiles(2, "2025-04-01..2025-06-30", PeriodKind::kMonth), "2025-04 2025-05 2025-06");
  EXPECT_EQ(Tiles(1, "2025-04-16..2025-05-15", PeriodKind::kHalfMonth), "2025-04.2 2025-05.1");
  EXPECT_EQ(Tiles(1, "2025-04-16..2025-05-15", PeriodKind::kMonth), "");
  EXPECT_EQ(Tiles(1, "2025-04-01..2025-06-29", PeriodKind::kMonth), "");
  EXPECT_EQ(Tiles(1, "2025-04-02..2025-06-30", PeriodKind::kMonth), "");
}

TEST(PeriodTest, WeeksTileNothingAndNothingTilesItsOwnOrAShorterKind) {
  EXPECT_EQ(Tiles(1, "2025-W07", PeriodKind::kWeek), "");
  EXPECT_EQ(Tiles(1, "2025-02-10..2025-02-23", PeriodKind::kWeek), "");
  EXPECT_EQ(Tiles(1, "2021-02", PeriodKind::kWeek), "");  // Four whole weeks.
  EXPECT_EQ(Tiles(1, "2025-02", PeriodKind::kMonth), "");
  EXPECT_EQ(Tiles(1, "2025-02", PeriodKind::kYear), "");
  EXPECT_EQ(Tiles(1, "2025-02-01..2025-02-28", PeriodKind::kWindow), "");
}

// Every period of the table is the sum of its tiles, whatever the fiscal year.
TEST(PeriodTest, TilesFollowOneAnotherFromTheFirstDayToTheLast) {
  for (int start_month = 1; start_month <= 12; ++start_month) {
    const Calendar calendar(start_month);
    for (const PeriodKind whole_kind : kNamedKinds) {
      const Period whole = calendar.Containing(whole_kind, D("2024-02-29"));
      for (const PeriodKind kind : kNamedKinds) {
        const std::vector<Period> tiles = calendar.Tiles(whole, kind);
        const bool tiled = kind < whole_kind && kind != PeriodKind::kWeek &&
                           (whole_kind != PeriodKind::kWeek || kind == PeriodKind::kDay);
        ASSERT_EQ(!tiles.empty(), tiled) << PeriodKindName(kind) << PeriodKindName(whole_kind);
        Date next = whole.first();
        for (const Period& tile : tiles) {
          ASSERT_EQ(tile.kind(), kind);
          ASSERT_EQ(tile.first(), next);
          next = tile.last() + 1;
        }
        if (tiled) {
          ASSERT_EQ(next, whole.last() + 1);
        }
      }
    }
  }
}

TEST(PeriodTest, TwoWeeksCountFromTheirAnchorInBothDirections) {
  const Calendar calendar;
  const Date anchor = D("2025-01-06");
  const auto two_weeks = [&](absl::string_view day) {
    return calendar.Label(calendar.PayoutContaining(PayoutPeriod::kTwoWeeks, anchor, D(day)));
  };
  EXPECT_EQ(two_weeks("2025-01-06"), "2025-01-06..2025-01-19");
  EXPECT_EQ(two_weeks("2025-01-19"), "2025-01-06..2025-01-19");
  EXPECT_EQ(two_weeks("2025-01-20"), "2025-01-20..2025-02-02");
  EXPECT_EQ(two_weeks("2025-01-05"), "2024-12-23..2025-01-05");
  EXPECT_EQ(two_weeks("2024-12-23"), "2024-12-23..2025-01-05");
  EXPECT_EQ(two_weeks("2024-12-22"), "2024-12-09..2024-12-22");
  EXPECT_EQ(two_weeks("1969-12-31"), "1969-12-22..1970-01-04");
}

TEST(PeriodTest, PayoutPeriodsFollowOneAnother) {
  const Calendar calendar(4);
  const Date anchor = D("2025-01-08");
  for (const PayoutPeriod payout :
       {PayoutPeriod::kWeek, PayoutPeriod::kTwoWeeks, PayoutPeriod::kHalfMonth,
        PayoutPeriod::kMonth, PayoutPeriod::kQuarter}) {
    for (Date day = D("2024-06-01"); day < D("2025-07-01"); day = day + 1) {
      const Period period = calendar.PayoutContaining(payout, anchor, day);
      ASSERT_TRUE(period.Contains(day));
      ASSERT_EQ(calendar.PayoutContaining(payout, anchor, period.last() + 1),
                calendar.Next(period));
    }
  }
  EXPECT_EQ(calendar.PayoutContaining(PayoutPeriod::kQuarter, anchor, D("2025-03-31")),
            P("2025-Q4", 4));
}

TEST(PeriodTest, AWeekOrWindowBelongsToTheFiscalYearOfItsFirstDay) {
  EXPECT_EQ(Calendar(1).FiscalYearOf(P("2025-W01")), P("2024"));  // From 2024-12-30.
  EXPECT_EQ(Calendar(4).FiscalYearOf(P("2025-03-31..2025-04-30")), P("2025", 4));
  EXPECT_EQ(Calendar(4).FiscalYearOf(P("2025-04", 4)), P("2026", 4));
  EXPECT_EQ(Calendar(4).FiscalYearOf(P("2025-Q3", 4)), P("2025", 4));
  EXPECT_EQ(Calendar(1).FiscalYearOf(P("2025")), P("2025"));
}

TEST(PeriodDeathTest, MistakesOfTheCallerStop) {
  EXPECT_DEATH(Calendar(0), "CHECK failed");
  EXPECT_DEATH(Calendar(13), "CHECK failed");
  EXPECT_DEATH(Period::Window(D("2025-01-02"), D("2025-01-01")), "CHECK failed");
  EXPECT_DEATH(Calendar().Containing(PeriodKind::kWindow, D("2025-01-02")), "CHECK failed");
}

}  // namespace
}  // namespace payfold
