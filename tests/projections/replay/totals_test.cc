#include "projections/replay/totals.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;
using ::payfold::DifferenceTotals;
using ::payfold::HistogramOf;
using ::testing::ElementsAre;

// "[0, 10): 2".
std::vector<std::string> TextOf(const std::vector<v1::HistogramBucket>& buckets) {
  std::vector<std::string> texts;
  for (const v1::HistogramBucket& bucket : buckets) {
    texts.push_back(absl::StrCat("[", bucket.from_minor_units(), ", ", bucket.to_minor_units(),
                                 "): ", bucket.participants()));
  }
  return texts;
}

TEST(HistogramTest, OfNothingIsEmpty) { EXPECT_TRUE(HistogramOf({}).empty()); }

TEST(HistogramTest, SmallSpreadsHaveBucketsOfOne) {
  EXPECT_THAT(TextOf(HistogramOf({3, -1, 3})),
              ElementsAre("[-1, 0): 1", "[0, 1): 0", "[1, 2): 0", "[2, 3): 0", "[3, 4): 2"));
}

TEST(HistogramTest, NegativeAmountsAreRoundedDown) {
  EXPECT_THAT(TextOf(HistogramOf({-100, -1, 1, 99})),
              ElementsAre("[-100, -90): 1", "[-90, -80): 0", "[-80, -70): 0", "[-70, -60): 0",
                          "[-60, -50): 0", "[-50, -40): 0", "[-40, -30): 0", "[-30, -20): 0",
                          "[-20, -10): 0", "[-10, 0): 1", "[0, 10): 1", "[10, 20): 0",
                          "[20, 30): 0", "[30, 40): 0", "[40, 50): 0", "[50, 60): 0", "[60, 70): 0",
                          "[70, 80): 0", "[80, 90): 0", "[90, 100): 1"));
}

TEST(HistogramTest, TheWholeRangeOfAmountsFits) {
  const auto buckets = HistogramOf({INT64_MIN, INT64_MAX});
  EXPECT_LE(buckets.size(), payfold::kHistogramBuckets);
  EXPECT_EQ(buckets.front().participants(), 1);
  EXPECT_EQ(buckets.back().participants(), 1);
}

TEST(DifferenceTotalsTest, CountsParticipantsOnceWhateverTheirRows) {
  DifferenceTotals totals;
  ASSERT_THAT(totals.Add("USD", 100, 150), IsOk());
  ASSERT_THAT(totals.Add("USD", 10, 0), IsOk());
  totals.EndParticipant();  // 40 more
  ASSERT_THAT(totals.Add("USD", 100, 99), IsOk());
  totals.EndParticipant();
  ASSERT_THAT(totals.Add("USD", 5, 10), IsOk());
  ASSERT_THAT(totals.Add("USD", 10, 5), IsOk());
  totals.EndParticipant();  // as much
  ASSERT_THAT(totals.AddTrueUp("USD", 7), IsOk());
  const std::vector<v1::ReplayTotal> list = totals.Finish(10);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].before_minor_units(), 225);
  EXPECT_EQ(list[0].after_minor_units(), 264);
  EXPECT_EQ(list[0].difference_minor_units(), 39);
  EXPECT_EQ(list[0].better_off(), 1);
  EXPECT_EQ(list[0].worse_off(), 1);
  EXPECT_EQ(list[0].unchanged(), 8);
  EXPECT_EQ(list[0].true_ups_minor_units(), 7);
}

TEST(DifferenceTotalsTest, KeepsCurrenciesApart) {
  DifferenceTotals totals;
  ASSERT_THAT(totals.Add("USD", 0, 1), IsOk());
  ASSERT_THAT(totals.Add("EUR", 0, -1), IsOk());
  totals.EndParticipant();
  const std::vector<v1::ReplayTotal> list = totals.Finish(1);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].currency(), "EUR");
  EXPECT_EQ(list[0].worse_off(), 1);
  EXPECT_EQ(list[1].better_off(), 1);
}

TEST(DifferenceTotalsTest, RefusesSumsThatDoNotFit) {
  DifferenceTotals totals;
  ASSERT_THAT(totals.Add("USD", 0, INT64_MAX), IsOk());
  EXPECT_TRUE(absl::IsOutOfRange(totals.Add("USD", 0, 1)));
}

}  // namespace
}  // namespace payfold_testing
