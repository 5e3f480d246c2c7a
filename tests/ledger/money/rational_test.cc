#include "ledger/money/rational.h"

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
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::boost::multiprecision::cpp_int;
using ::boost::multiprecision::cpp_rational;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
const absl::int128 kMax128 = absl::Int128Max();
const absl::int128 kMin128 = absl::Int128Min();

cpp_int Big(absl::int128 value) {
  return cpp_int(absl::Int128High64(value)) * (cpp_int(1) << 64) + absl::Int128Low64(value);
}

// A value and the same value computed by Boost.
struct Twin {
  Rational ours;
  cpp_rational theirs;
};

// Of any length up to 127 bits, of either sign, often whole or over a power of ten.
Twin AnyTwin(std::mt19937_64* random) {
  const auto any = [random] {
    const absl::int128 bits = absl::MakeInt128(static_cast<int64_t>((*random)()), (*random)());
    return bits >> static_cast<int>((*random)() % 128);
  };
  const absl::int128 num = (*random)() % 16 == 0 ? kMin128 : any();
  absl::int128 den = any();
  if ((*random)() % 3 == 0) den = 1;
  if ((*random)() % 3 == 0) den = 1'000'000'000;
  if ((*random)() % 32 == 0) den = kMin128;
  if (den == 0) den = -7;
  return {Rational::Of(num, den), cpp_rational(Big(num)) / cpp_rational(Big(den))};
}

int Sign(int value) { return value < 0 ? -1 : (value > 0 ? 1 : 0); }

// floor(value + 1/2) away from zero, or to even, by the definition.
cpp_int SlowRound(const cpp_rational& value, Rounding rounding) {
  const cpp_rational size = abs(value);
  const cpp_int below = numerator(size) / denominator(size);
  const cpp_rational rest = size - cpp_rational(below);
  const cpp_rational half(1, 2);
  const bool up =
      rest > half || (rest == half && (rounding == Rounding::kHalfUp || below % 2 == 1));
  const cpp_int nearest = up ? cpp_int(below + 1) : below;
  return value < 0 ? cpp_int(-nearest) : nearest;
}

cpp_int SlowFloor(const cpp_rational& value) {
  const cpp_int toward_zero = numerator(value) / denominator(value);
  return cpp_rational(toward_zero) > value ? cpp_int(toward_zero - 1) : toward_zero;
}

void ExpectWhole(const absl::StatusOr<int64_t>& got, const cpp_int& want) {
  if (want < kMin || want > kMax) {
    EXPECT_THAT(got, StatusIs(absl::StatusCode::kOutOfRange)) << want;
  } else {
    EXPECT_THAT(got, IsOkAndHolds(static_cast<int64_t>(want)));
  }
}

void ExpectSame(const Twin& twin) {
  EXPECT_EQ(twin.ours.ToString(), twin.theirs.str());
  EXPECT_EQ(twin.ours.sign(), twin.theirs.sign());
  EXPECT_EQ(twin.ours.is_zero(), twin.theirs.is_zero());
  ExpectWhole(twin.ours.Round(Rounding::kHalfUp), SlowRound(twin.theirs, Rounding::kHalfUp));
  ExpectWhole(twin.ours.Round(Rounding::kHalfEven), SlowRound(twin.theirs, Rounding::kHalfEven));
  ExpectWhole(twin.ours.Floor(), SlowFloor(twin.theirs));
}

TEST(RationalTest, IsInLowestTermsWithAPositiveDenominator) {
  EXPECT_EQ(Rational::Of(6, 4).ToString(), "3/2");
  EXPECT_EQ(Rational::Of(6, -4).ToString(), "-3/2");
  EXPECT_EQ(Rational::Of(-6, -3).ToString(), "2");
  EXPECT_EQ(Rational::Of(0, -5).ToString(), "0");
  EXPECT_EQ(Rational().ToString(), "0");
  EXPECT_EQ(Rational(*Decimal::Parse("0.07")).ToString(), "7/100");
  EXPECT_EQ(Rational(*Decimal::Parse("-12")).ToString(), "-12");
}

TEST(RationalTest, TheExampleOfTheHeaderHolds) {
  const Rational pay = Rational(Decimal::FromNanos(70'000'000)) * Rational(1'234'500);
  EXPECT_THAT(pay.Round(Rounding::kHalfUp), IsOkAndHolds(86'415));
}

TEST(RationalTest, RoundsTiesAsAsked) {
  const struct {
    int halves;
    int64_t half_up, half_even, floor;
  } kCases[] = {
      {1, 1, 0, 0},     {3, 2, 2, 1},     {5, 3, 2, 2}, {-1, -1, 0, -1},
      {-3, -2, -2, -2}, {-5, -3, -2, -3}, {4, 2, 2, 2}, {-4, -2, -2, -2},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.halves);
    const Rational value = Rational::Of(c.halves, 2);
    EXPECT_THAT(value.Round(Rounding::kHalfUp), IsOkAndHolds(c.half_up));
    EXPECT_THAT(value.Round(Rounding::kHalfEven), IsOkAndHolds(c.half_even));
    EXPECT_THAT(value.Floor(), IsOkAndHolds(c.floor));
  }
}

TEST(RationalTest, RoundingReportsWhatDoesNotFit) {
  const auto refused = StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("64 bits"));
  const Rational half = Rational::Of(1, 2);
  EXPECT_THAT(Rational(kMax).Round(Rounding::kHalfUp), IsOkAndHolds(kMax));
  EXPECT_THAT(Rational(kMin).Round(Rounding::kHalfUp), IsOkAndHolds(kMin));
  EXPECT_THAT((Rational(kMax) + half).Round(Rounding::kHalfUp), refused);
  EXPECT_THAT((Rational(kMax) + half).Floor(), IsOkAndHolds(kMax));
  EXPECT_THAT((Rational(kMin) - half).Round(Rounding::kHalfEven), IsOkAndHolds(kMin));
  EXPECT_THAT((Rational(kMin) - half).Floor(), refused);
  EXPECT_THAT(Rational(kMin128).Round(Rounding::kHalfUp), refused);
  EXPECT_THAT((Rational(kMax128) * kMax128).Floor(), refused);
}

TEST(RationalTest, TextForPeopleIsRoundedHalfUpWithoutTrailingZeros) {
  const struct {
    absl::int128 num, den;
    int digits;
    const char* want;
  } kCases[] = {
      {2, 3, 4, "0.6667"},       {-2, 3, 4, "-0.6667"}, {1, 2, 0, "1"},     {-1, 2, 0, "-1"},
      {1, 4, 1, "0.3"},          {5, 1, 4, "5"},        {120, 1, 2, "120"}, {1, 1000, 2, "0"},
      {-1, 1000, 2, "0"},        {1, 20, 9, "0.05"},    {0, 1, 3, "0"},     {999, 1000, 2, "1"},
      {12345, 100, 9, "123.45"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Rational::Of(c.num, c.den).ToText(c.digits), c.want);
  }
  EXPECT_EQ(Rational(kMax128).ToText(9), "170141183460469231731687303715884105727");
  EXPECT_EQ((Rational(kMax128) * 10 + Rational::Of(1, 8)).ToText(2),
            "1701411834604692317316873037158841057270.13");
}

TEST(RationalTest, GoesWideBeyond128BitsAndComesBack) {
  const Rational most(kMax128);
  const Rational least(kMin128);
  EXPECT_EQ((most + 1).ToString(), "170141183460469231731687303715884105728");
  EXPECT_EQ((most + 1) - 1, most);
  EXPECT_EQ((-least).ToString(), "170141183460469231731687303715884105728");
  EXPECT_EQ(-(-least), least);
  EXPECT_EQ(-(most + 1), least);
  EXPECT_EQ(least / -1, -least);
  EXPECT_EQ(Rational(1) / least * least, 1);
  EXPECT_EQ(most * most / most, most);
  EXPECT_EQ(most * most - most * most, 0);
  EXPECT_TRUE((most * most - most * most).is_zero());
}

TEST(RationalTest, AgreesWithBoostOnValuesOfEveryLength) {
  std::mt19937_64 random(6);
  for (int trial = 0; trial < 10'000 && !HasFailure(); ++trial) {
    SCOPED_TRACE(trial);
    const Twin a = AnyTwin(&random);
    const Twin b = AnyTwin(&random);
    ExpectSame(a);
    ExpectSame({-a.ours, -a.theirs});
    ExpectSame({a.ours + b.ours, a.theirs + b.theirs});
    ExpectSame({a.ours - b.ours, a.theirs - b.theirs});
    ExpectSame({a.ours * b.ours, a.theirs * b.theirs});
    if (!b.ours.is_zero()) ExpectSame({a.ours / b.ours, a.theirs / b.theirs});
    EXPECT_EQ(Sign(Rational::Compare(a.ours, b.ours)), Sign(a.theirs.compare(b.theirs)));
  }
}

// Long chains cross the border of 128 bits in both directions.
TEST(RationalTest, AgreesWithBoostThroughLongChains) {
  std::mt19937_64 random(7);
  for (int chain = 0; chain < 300 && !HasFailure(); ++chain) {
    SCOPED_TRACE(chain);
    Twin value = AnyTwin(&random);
    Twin before = value;
    for (int step = 0; step < 12; ++step) {
      const Twin other = random() % 3 == 0 ? before : AnyTwin(&random);
      before = value;
      switch (random() % 4) {
        case 0:
          value = {value.ours + other.ours, value.theirs + other.theirs};
          break;
        case 1:
          value = {value.ours - other.ours, value.theirs - other.theirs};
          break;
        case 2:
          value = {value.ours * other.ours, value.theirs * other.theirs};
          break;
        default:
          if (other.ours.is_zero()) break;
          value = {value.ours / other.ours, value.theirs / other.theirs};
      }
      ExpectSame(value);
      EXPECT_EQ(Sign(Rational::Compare(value.ours, before.ours)),
                Sign(value.theirs.compare(before.theirs)));
    }
  }
}

TEST(RationalTest, EqualValuesAreEqualHoweverTheyWereReached) {
  std::mt19937_64 random(8);
  for (int trial = 0; trial < 5'000 && !HasFailure(); ++trial) {
    SCOPED_TRACE(trial);
    const Rational a = AnyTwin(&random).ours;
    const Rational b = AnyTwin(&random).ours;
    const Rational c = AnyTwin(&random).ours;
    EXPECT_EQ((a + b) + c, a + (b + c));
    EXPECT_EQ((a * b) * c, a * (b * c));
    EXPECT_EQ(a * (b + c), a * b + a * c);
    EXPECT_EQ(a - a, 0);
    if (!b.is_zero()) {
      EXPECT_EQ(a / b * b, a);
    }
  }
}

TEST(RationalTest, OrdersByValue) {
  const std::vector<Rational> ascending = {Rational(kMin128) * 3,
                                           kMin128,
                                           Rational(kMin128) + 1,
                                           -1,
                                           Rational::Of(-1, 2),
                                           Rational(-1) / (Rational(kMax128) * 3),
                                           0,
                                           Rational::Of(1, kMax128),
                                           Rational::Of(1, 3),
                                           Rational::Of(1, 2),
                                           1,
                                           Rational(kMax128) - Rational::Of(1, 2),
                                           kMax128,
                                           Rational(kMax128) + Rational::Of(1, 2)};
  for (size_t i = 0; i < ascending.size(); ++i) {
    for (size_t j = 0; j < ascending.size(); ++j) {
      const Rational& a = ascending[i];
      const Rational& b = ascending[j];
      SCOPED_TRACE(a.ToString() + " and " + b.ToString());
      EXPECT_EQ(a < b, i < j);
      EXPECT_EQ(a <= b, i <= j);
      EXPECT_EQ(a > b, i > j);
      EXPECT_EQ(a >= b, i >= j);
      EXPECT_EQ(a == b, i == j);
      EXPECT_EQ(a != b, i != j);
      EXPECT_EQ(Min(a, b), i < j ? a : b);
      EXPECT_EQ(Max(a, b), i < j ? b : a);
    }
  }
}

TEST(RationalDeathTest, DividingByZeroIsOurMistake) {
  EXPECT_DEATH(Rational(1) / Rational(), "CHECK failed");
  EXPECT_DEATH(Rational::Of(1, 0), "CHECK failed");
}

}  // namespace
}  // namespace payfold
