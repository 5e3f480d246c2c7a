#include "ledger/money/allocate.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::boost::multiprecision::cpp_int;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

std::string Parts(int64_t amount, const std::vector<absl::int128>& weights) {
  const absl::StatusOr<std::vector<int64_t>> parts = Allocate(amount, weights);
  return parts.ok() ? absl::StrJoin(*parts, "|") : std::string(parts.status().message());
}

cpp_int Big(absl::int128 value) {
  return (cpp_int(absl::Int128High64(value)) << 64) + absl::Int128Low64(value);
}

// The definition, one unit at a time.
std::vector<int64_t> Reference(int64_t amount, absl::Span<const absl::int128> weights) {
  const cpp_int whole = abs(cpp_int(amount));
  cpp_int sum = 0;
  for (const absl::int128 weight : weights) sum += Big(weight);
  std::vector<cpp_int> parts, remainders;
  cpp_int left = whole;
  for (const absl::int128 weight : weights) {
    parts.push_back(whole * Big(weight) / sum);
    remainders.push_back(whole * Big(weight) % sum);
    left -= parts.back();
  }
  for (; left > 0; --left) {
    size_t largest = 0;
    for (size_t i = 1; i < parts.size(); ++i) {
      if (remainders[i] > remainders[largest]) largest = i;
    }
    ++parts[largest];
    remainders[largest] = -1;
  }
  std::vector<int64_t> result;
  for (const cpp_int& part : parts) {
    result.push_back(static_cast<int64_t>(amount < 0 ? cpp_int(-part) : part));
  }
  return result;
}

// [1.allocate]
TEST(AllocateTest, LeftOverUnitsGoToTheLargestRemaindersTiesToTheFirst) {
  EXPECT_EQ(Parts(100, {1, 1, 1}), "34|33|33");
  EXPECT_EQ(Parts(101, {1, 1, 1}), "34|34|33");
  EXPECT_EQ(Parts(-100, {1, 1, 1}), "-34|-33|-33");
  EXPECT_EQ(Parts(10, {1, 2, 3}), "2|3|5");  // 1.67, 3.33, 5
  EXPECT_EQ(Parts(7, {0, 5}), "0|7");
  EXPECT_EQ(Parts(1, {0, 1, 1}), "0|1|0");
  EXPECT_EQ(Parts(0, {1, 2}), "0|0");
  EXPECT_EQ(Parts(1'234'567, {700'000'000, 300'000'000}), "864197|370370");
}

TEST(AllocateTest, WholeRangeOfAmountsIsSplit) {
  EXPECT_EQ(Parts(kMax, {1}), "9223372036854775807");
  EXPECT_EQ(Parts(kMin, {1}), "-9223372036854775808");
  EXPECT_EQ(Parts(kMin, {0, 3}), "0|-9223372036854775808");
  EXPECT_EQ(Parts(kMin, {1, 1}), "-4611686018427387904|-4611686018427387904");
  EXPECT_EQ(Parts(kMax, {absl::int128(1) << 99, 1}), "9223372036854775807|0");
}

TEST(AllocateTest, RefusesWeightsThatDivideNothing) {
  EXPECT_EQ(Parts(7, {}), "cannot split among nobody");
  EXPECT_EQ(Parts(7, {0, 0}), "all weights are 0; one must be positive");
  EXPECT_EQ(Parts(7, {8, -1}), "weight 2 of 2 is negative; weights are 0 or more");
  EXPECT_EQ(Parts(7, {absl::int128(1) << 100}),
            "weight 1 of 1 is too large; use weights below 2^100");
  EXPECT_THAT(Allocate(7, {}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(AllocateTest, EverySmallCaseFollowsTheDefinition) {
  for (int64_t amount = -12; amount <= 12; ++amount) {
    for (int a = 0; a <= 4; ++a) {
      for (int b = 0; b <= 4; ++b) {
        for (int c = 0; c <= 4; ++c) {
          if (a + b + c == 0) continue;
          const std::vector<absl::int128> weights = {a, b, c};
          EXPECT_EQ(*Allocate(amount, weights), Reference(amount, weights))
              << amount << " by " << a << " " << b << " " << c;
        }
      }
    }
  }
}

// Amounts and weights of every length up to 63 and 100 bits, many of them equal.
TEST(AllocateTest, FollowsTheDefinitionAndLosesNothingForAnyWeights) {
  std::mt19937_64 random(20240229);
  for (int trial = 0; trial < 20'000; ++trial) {
    const int64_t amount = static_cast<int64_t>(random()) >> (random() % 64);
    std::vector<absl::int128> weights(1 + random() % 12);
    const int shift = 28 + static_cast<int>(random() % 100);
    for (absl::int128& weight : weights) {
      weight = absl::int128(absl::MakeUint128(random(), random()) >> shift);
      if (random() % 4 == 0) weight = weights.front();
    }
    weights.back() += weights.back() == 0 ? 1 : 0;
    const std::vector<int64_t> parts = *Allocate(amount, weights);
    ASSERT_EQ(parts, Reference(amount, weights)) << "trial " << trial;
    absl::int128 sum = 0;
    for (const int64_t part : parts) sum += part;
    ASSERT_EQ(sum, amount) << "trial " << trial;
  }
}

// [1.allocate]
TEST(AllocateTest, ANegativeAmountGivesTheNegatedParts) {
  std::mt19937_64 random(5);
  for (int trial = 0; trial < 5'000; ++trial) {
    const int64_t amount = static_cast<int64_t>(random() >> 1);
    std::vector<absl::int128> weights(1 + random() % 6);
    for (absl::int128& weight : weights) weight = 1 + static_cast<int64_t>(random() % 1000);
    const std::vector<int64_t> parts = *Allocate(amount, weights);
    const std::vector<int64_t> negated = *Allocate(-amount, weights);
    for (size_t i = 0; i < parts.size(); ++i) EXPECT_EQ(negated[i], -parts[i]);
  }
}

}  // namespace
}  // namespace payfold
