#include "ledger/plan/measure_range.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/ledger/plan/compile_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Compiled;

std::string RangeText(const std::string& measure, std::optional<PeriodKind> period) {
  const MeasureRange range = RangeOf(*Compiled("measure: " + measure).measure, period);
  return absl::StrCat(range.low.has_value() ? range.low->ToString() : "…", " to ",
                      range.high.has_value() ? range.high->ToString() : "…");
}

TEST(MeasureRangeTest, IsWhatTheMeasureAloneCanTell) {
  const struct {
    std::string measure;
    std::string want;
  } kCases[] = {
      {"{deals: {}}", "… to …"},
      // A cancellation takes a count back in another period.
      {"{deals: {value: COUNT}}", "… to …"},
      {"{deals: {value: COUNT_DISTINCT(customer_id)}}", "0 to …"},
      {"{metric: {name: a, aggregate: NPS}}", "-100 to 100"},
      {"{metric: {name: a, aggregate: COUNT}}", "0 to …"},
      {"{metric: {name: a, aggregate: SUM}}", "… to …"},
      {"{periods: {of: {metric: a}, period: WEEK, at_least: 5}}", "0 to 5"},
      {"{periods: {of: {metric: a}, period: WEEK, at_least: 5, share: true}}", "0 to 1"},
      {"{attribute: level}", "… to …"},
      {"{sum: {measures: [{metric: {name: a, aggregate: NPS}}, {metric: {name: b, aggregate: "
       "NPS}}], weights: [0.5, -1]}}",
       "-150 to 150"},
      {"{sum: {measures: [{metric: {name: a, aggregate: NPS}}, {metric: {name: b, aggregate: "
       "COUNT}}]}}",
       "-100 to …"},
      {"{sum: {measures: [{metric: {name: a, aggregate: NPS}}, {metric: {name: b, aggregate: "
       "COUNT}}], weights: [1, -1]}}",
       "… to 100"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(RangeText(c.measure, PeriodKind::kMonth), c.want) << c.measure;
  }
  EXPECT_EQ(RangeText("{periods: {of: {metric: a}, period: WEEK, at_least: 5}}", std::nullopt),
            "0 to …");
}

// Against the calendar itself, over years that begin on every weekday.
TEST(MeasureRangeTest, NoPeriodHasMoreSubPeriodsThanSaid) {
  const Calendar calendar;
  for (int period = 0; period < static_cast<int>(PeriodKind::kWindow); ++period) {
    for (int sub = 0; sub < static_cast<int>(PeriodKind::kWindow); ++sub) {
      const auto kind = static_cast<PeriodKind>(period);
      const auto sub_kind = static_cast<PeriodKind>(sub);
      int most = 0;
      for (const Period& whole :
           calendar.Overlapping(kind, Date::Of(2000, 1, 1), Date::Of(2028, 12, 31))) {
        int ending = 0;
        for (const Period& part : calendar.Overlapping(sub_kind, whole.first(), whole.last())) {
          ending += whole.Contains(part.last()) ? 1 : 0;
        }
        most = std::max(most, ending);
      }
      EXPECT_EQ(MostSubPeriods(sub_kind, kind), most)
          << PeriodKindName(sub_kind) << " in " << PeriodKindName(kind);
    }
  }
}

}  // namespace
}  // namespace payfold
