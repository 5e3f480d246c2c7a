#include "ledger/plan/modifiers.h"

#include <vector>

#include "gtest/gtest.h"

namespace payfold {
namespace {

TEST(ModifiersTest, BoundsHoldOnEitherSideAsTheyAreNamed) {
  const struct {
    Compare compare;
    bool below, at, above;
  } kCases[] = {
      {Compare::kAtLeast, false, true, true},
      {Compare::kAbove, false, false, true},
      {Compare::kAtMost, true, true, false},
      {Compare::kBelow, true, false, false},
  };
  for (const auto& c : kCases) {
    const Rational bound = Rational::Of(1, 3);
    EXPECT_EQ(Holds(c.compare, Rational::Of(33, 100), bound), c.below);
    EXPECT_EQ(Holds(c.compare, Rational::Of(2, 6), bound), c.at);
    EXPECT_EQ(Holds(c.compare, Rational::Of(34, 100), bound), c.above);
  }
}

TEST(ModifiersTest, AMultipleIsThatOfItsBandAndOneInNone) {
  const std::vector<Multiplier::Band> bands = {
      {.upto = 5, .includes_upto = false, .multiple = 2},
      {.upto = 10, .includes_upto = true, .multiple = 3},
      {.upto = 20, .includes_upto = false, .multiple = 4},
  };
  const struct {
    Rational x;
    int want;
  } kCases[] = {
      {-7, 2}, {0, 2},  {Rational::Of(49, 10), 2},
      {5, 3},  {10, 3}, {Rational::Of(101, 10), 4},
      {19, 4}, {20, 1}, {1000, 1},
  };
  for (const auto& c : kCases) EXPECT_EQ(MultipleAt(bands, c.x), Rational(c.want)) << c.x.ToText(2);
}

TEST(ModifiersTest, ALastBandWithoutEdgeHoldsForAllAboveAndNoBandForNothing) {
  EXPECT_EQ(MultipleAt({{.upto = 1, .includes_upto = false, .multiple = 0},
                        {.upto = {}, .includes_upto = false, .multiple = 7}},
                       1000),
            Rational(7));
  EXPECT_EQ(MultipleAt({}, 5), Rational(1));
}

}  // namespace
}  // namespace payfold
