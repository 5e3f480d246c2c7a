#include "tools/load/latency_histogram.h"

#include <algorithm>
#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace payfold {
namespace {

TEST(LatencyHistogram, WithoutAnyIsZero) {
  EXPECT_EQ(LatencyHistogram().Quantile(990), absl::ZeroDuration());
}

TEST(LatencyHistogram, TheLastQuantileIsTheMaximumExactly) {
  LatencyHistogram histogram;
  histogram.Add(absl::Nanoseconds(123'456'789));
  histogram.Add(absl::Nanoseconds(5));
  EXPECT_EQ(histogram.Quantile(1'000), absl::Nanoseconds(123'456'789));
  EXPECT_EQ(histogram.max(), absl::Nanoseconds(123'456'789));
}

TEST(LatencyHistogram, SmallOnesAreExact) {
  LatencyHistogram histogram;
  for (int i = 0; i < 32; ++i) histogram.Add(absl::Nanoseconds(i));
  EXPECT_EQ(histogram.Quantile(500), absl::Nanoseconds(15));
}

TEST(LatencyHistogram, ANegativeOneIsNone) {
  LatencyHistogram histogram;
  histogram.Add(absl::Nanoseconds(-7));
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.max(), absl::ZeroDuration());
}

TEST(LatencyHistogram, QuantilesAreThoseOfTheSortedValuesToOneIn32) {
  std::mt19937_64 random(7);
  std::vector<int64_t> values;
  LatencyHistogram all;
  LatencyHistogram parts[2];
  for (int i = 0; i < 10'000; ++i) {
    const int64_t nanos = static_cast<int64_t>(random() >> (random() % 40 + 22));
    values.push_back(nanos);
    all.Add(absl::Nanoseconds(nanos));
    parts[i % 2].Add(absl::Nanoseconds(nanos));
  }
  std::sort(values.begin(), values.end());
  parts[0].Add(parts[1]);
  for (int per_mille = 1; per_mille <= 1'000; ++per_mille) {
    const int64_t exact = values[static_cast<size_t>(per_mille) * 10 - 1];
    const int64_t told = absl::ToInt64Nanoseconds(all.Quantile(per_mille));
    EXPECT_GE(told, exact);
    EXPECT_LE(told, exact + exact / 32);
    EXPECT_EQ(parts[0].Quantile(per_mille), all.Quantile(per_mille));
  }
}

}  // namespace
}  // namespace payfold
