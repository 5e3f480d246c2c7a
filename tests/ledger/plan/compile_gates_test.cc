#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/compile.h"
#include "tests/ledger/plan/compile_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Compiled;
using ::payfold_testing::ExpectErrors;
using ::payfold_testing::ExpectWarnings;

TEST(CompileGatesTest, WithATargetAttainmentIsComparedUnlessValueIsAskedFor) {
  const struct {
    std::string gate;
    bool on_attainment;
    Rational bound;
  } kCases[] = {
      {"{at_least: 5}", false, 5},
      {"{compare: VALUE, above: 5}", false, 5},
      {"{target: {quota: a}, at_least: 80%}", true, Rational::Of(4, 5)},
      {"{target: {quota: a}, compare: ATTAINMENT, at_least: 1}", true, 1},
      {"{target: {quota: a}, compare: VALUE, at_least: 100%}", false, 1},
  };
  for (const auto& c : kCases) {
    const Gate gate = Compiled("gates: [" + c.gate + "]").gates[0];
    EXPECT_EQ(gate.on_attainment, c.on_attainment) << c.gate;
    EXPECT_EQ(gate.bound, c.bound) << c.gate;
    EXPECT_FALSE(gate.measure.has_value()) << c.gate;
    EXPECT_FALSE(gate.otherwise.has_value()) << c.gate;
  }
}

TEST(CompileGatesTest, BoundsCompareAsTheyAreNamed) {
  const struct {
    std::string bound;
    Compare want;
  } kCases[] = {{"at_least", Compare::kAtLeast},
                {"above", Compare::kAbove},
                {"at_most", Compare::kAtMost},
                {"below", Compare::kBelow}};
  for (const auto& c : kCases) {
    EXPECT_EQ(Compiled("gates: [{" + c.bound + ": 5}]").gates[0].compare, c.want) << c.bound;
  }
}

TEST(CompileGatesTest, OtherwiseIsZeroOrAMultiple) {
  EXPECT_FALSE(Compiled("gates: [{above: 5, otherwise: zero}]").gates[0].otherwise.has_value());
  EXPECT_EQ(Compiled("gates: [{above: 5, otherwise: 50%}]").gates[0].otherwise, Rational::Of(1, 2));
}

TEST(CompileGatesTest, MistakesOfGates) {
  ExpectErrors({
      {"gates: [{target: {quota: a}}]", ".gates[0]: has 0 bounds"},
      {"gates: [{above: 5, below: 9}]", ".gates[0]: has 2 bounds"},
      {"gates: [{at_least: 80%}]",
       ".gates[0].at_least: \"80%\" is a percentage, but what is measured is an amount in major "
       "units: write one, or hold it to a `target`"},
      {"gates: [{compare: ATTAINMENT, at_least: 1}]", ".gates[0].compare: ATTAINMENT is measure /"},
      {"gates: [{above: 5, otherwise: NOTHING}]", ".gates[0].otherwise: \"NOTHING\" is not"},
      {"gates: [{measure: {deals: {}}, component: b, above: 5}]",
       ".gates[0].component: is given beside `measure`"},
      {"gates: [{measure: {deals: {value: COUNT}}, target: {population: {stat: MEAN, of: "
       "ATTAINMENT}}, at_least: 1}]",
       ".gates[0].target.population.of: ATTAINMENT gives a target in the unit of the component's"},
  });
}

TEST(CompileGatesTest, GatesThatNeverOrAlwaysHoldAreWarnedOf) {
  const std::string kNps = "gates: [{measure: {metric: {name: n, aggregate: NPS}}, ";
  const std::string kDays =
      "period: WEEK\ngates: [{measure: {periods: {of: {metric: calls}, period: DAY, at_least: "
      "5}}, ";
  ExpectWarnings({
      {kNps + "above: 100}]", ".gates[0].above: can never hold: what is measured is at most 100"},
      {kNps + "at_least: -100}]", ".gates[0].at_least: always holds: what is measured is at leas"},
      {kNps + "below: -100}]", ".gates[0].below: can never hold: what is measured is at least"},
      {kNps + "at_most: 100}]", ".gates[0].at_most: always holds: what is measured is at most"},
      {kDays + "at_least: 8}]",
       ".gates[0].at_least: can never hold: what is measured is at most 7"},
      {"gates: [{above: 5, otherwise: 1}]", ".gates[0].otherwise: of 1 leaves the payout"},
  });
}

TEST(CompileGatesTest, MultipliersAscendFromZero) {
  const Multiplier multiplier = Compiled(
                                    "multipliers: [{target: {quota: a}, bands: [{upto: 70%, "
                                    "multiple: 50%}, {multiple: 1.5}]}]")
                                    .multipliers[0];
  EXPECT_FALSE(multiplier.measure.has_value());
  EXPECT_EQ(multiplier.bands[0].upto, Rational::Of(7, 10));
  EXPECT_EQ(multiplier.bands[1].multiple, Rational::Of(3, 2));
  const std::string kBands = ".multipliers[0].bands";
  ExpectErrors({
      {"multipliers: [{bands: []}]", kBands + ": has no band"},
      {"multipliers: [{bands: [{multiple: 1}, {multiple: 2}]}]", kBands + "[0].upto: is required"},
      {"multipliers: [{bands: [{upto: 0, multiple: 2}]}]", kBands + "[0].upto: 0 is not above 0"},
      {"multipliers: [{bands: [{upto: 5, multiple: 2}, {upto: 5, multiple: 3}]}]",
       kBands + "[1].upto: 5 is not above 5"},
      {"multipliers: [{bands: [{upto: 5}]}]", kBands + "[0].multiple: is required"},
      {"multipliers: [{bands: [{multiple: 2, includes_upto: true}]}]",
       kBands + "[0].includes_upto: has no `upto`"},
      {"multipliers: [{bands: [{upto: 70%, multiple: 2}]}]", kBands + "[0].upto: \"70%\" is a per"},
  });
  ExpectWarnings(
      {{"multipliers: [{measure: {metric: {name: n, aggregate: NPS}}, bands: [{upto: "
        "150, multiple: 2}, {multiple: 3}]}]",
        kBands + "[1]: can never be reached: what is measured is at most 100"}});
}

}  // namespace
}  // namespace payfold
