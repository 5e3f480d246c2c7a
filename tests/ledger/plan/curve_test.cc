#include "ledger/plan/curve.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace payfold {
namespace {

constexpr uint64_t kSeed = 20250401;

// Points in hundredths: {50, 25} is a multiple of 0.25 at an attainment of 50%.
Curve CurveOf(const std::vector<std::pair<int, int>>& points, bool extend) {
  Curve curve;
  curve.extend = extend;
  for (const auto& [attainment, multiple] : points) {
    curve.points.push_back({Rational::Of(attainment, 100), Rational::Of(multiple, 100)});
  }
  return curve;
}

std::string MultipleOf(const Curve& curve, int attainment) {
  return (CurveMultiple(curve, Rational::Of(attainment, 100)) * 100).ToText(4);
}

TEST(CurveTest, IsLinearBetweenItsPointsAndFlatOrExtendedOutside) {
  const struct {
    int attainment;
    std::string flat;
    std::string extended;
  } kCases[] = {
      {-10, "20", "-28"},  {0, "20", "-20"},     {49, "20", "19.2"},  {50, "20", "20"},
      {75, "40", "40"},    {99, "59.2", "59.2"}, {100, "60", "60"},   {125, "110", "110"},
      {150, "160", "160"}, {151, "160", "162"},  {200, "160", "260"},
  };
  for (const auto& c : kCases) {
    const std::vector<std::pair<int, int>> points = {{50, 20}, {100, 60}, {150, 160}};
    EXPECT_EQ(MultipleOf(CurveOf(points, false), c.attainment), c.flat) << c.attainment;
    EXPECT_EQ(MultipleOf(CurveOf(points, true), c.attainment), c.extended) << c.attainment;
  }
}

TEST(CurveTest, OfTwoPointsAtOneAttainmentTheLaterCountsFromThereOn) {
  const Curve curve = CurveOf({{0, 0}, {100, 50}, {100, 100}, {200, 200}}, false);
  EXPECT_EQ(MultipleOf(curve, 98), "49");
  EXPECT_EQ(MultipleOf(curve, 100), "100");
  EXPECT_EQ(MultipleOf(curve, 102), "102");
}

TEST(CurveTest, AStepAtAnEndIsExtendedToTheNearestPointAtAnotherAttainment) {
  // The first two points stand at one attainment, and the last two.
  const Curve curve = CurveOf({{50, 0}, {50, 10}, {100, 50}, {100, 70}}, true);
  // Below, the line from (50, 0) to (100, 50); above, from (100, 70) to (50, 10).
  EXPECT_EQ(MultipleOf(curve, 40), "-10");
  EXPECT_EQ(MultipleOf(curve, 50), "10");
  EXPECT_EQ(MultipleOf(curve, 99), "49.2");
  EXPECT_EQ(MultipleOf(curve, 100), "70");
  EXPECT_EQ(MultipleOf(curve, 110), "82");
}

TEST(CurveTest, OneAttainmentAloneHasNoLineToExtend) {
  const Curve curve = CurveOf({{100, 50}, {100, 70}}, true);
  EXPECT_EQ(MultipleOf(curve, 99), "50");
  EXPECT_EQ(MultipleOf(curve, 100), "70");
  EXPECT_EQ(MultipleOf(curve, 500), "70");
}

// Points that rise and have no steps: the multiple rises too, never by more than
// the steepest segment, and goes through every point.
TEST(CurvePropertyTest, IsContinuousAndMonotoneWhereItsPointsAre) {
  std::mt19937_64 random(kSeed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint64_t>(n)); };
  for (int trial = 0; trial < 200; ++trial) {
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " trial ", trial));
    std::vector<std::pair<int, int>> points = {{below(50), below(50)}};
    for (int i = below(5); i > 0; --i) {
      points.emplace_back(points.back().first + 1 + below(40), points.back().second + below(90));
    }
    const Curve curve = CurveOf(points, below(2) == 0);
    for (const auto& [attainment, multiple] : points) {
      EXPECT_EQ(MultipleOf(curve, attainment), absl::StrCat(multiple));
    }
    Rational before = CurveMultiple(curve, -1);
    for (int at = -199; at <= 800; ++at) {
      const Rational now = CurveMultiple(curve, Rational::Of(at, 200));
      ASSERT_GE(now, before) << at;
      // At most 0.89 on a width of 0.01, so 0.445 on half of it.
      ASSERT_LE(now - before, at == -199 ? Rational(100) : Rational::Of(89, 200)) << at;
      before = now;
    }
  }
}

}  // namespace
}  // namespace payfold
