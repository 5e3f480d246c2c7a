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

TEST(CompileBandsTest, AByWithoutTargetOnAttainmentTakesTheComponents) {
  const Component component = Compiled(
      "payout: {bands: {basis: ATTAINMENT, mode: RETROACTIVE, by: {measure: {deals: {}}}, "
      "bands: [{rate: 5%}]}}");
  ASSERT_TRUE(component.payout.bands.by_target.has_value());
  EXPECT_EQ(component.payout.bands.by_target->fixed, Rational(100));
}

TEST(CompileBandsTest, AByInAnotherUnitOnAttainmentNeedsATargetOfItsOwn) {
  const std::string before =
      "payout: {bands: {basis: ATTAINMENT, mode: RETROACTIVE, by: {measure: {deals: {value: "
      "COUNT}}";
  const std::string after = "}, bands: [{rate: 5%}]}}";
  ExpectErrors({{before + after, ".payout.bands.by: measures money where"}});
  EXPECT_EQ(Compiled(before + ", target: {fixed: 3}" + after).payout.bands.by_target->fixed,
            Rational(3));
}

TEST(CompileBandsTest, EdgesCarryTheirInclusion) {
  const Component upper = Compiled(
      "payout: {bands: {edges: UPPER_INCLUSIVE, bands: [{upto: 5, rate: 1%}, {rate: 2%}]}}");
  EXPECT_TRUE(upper.payout.bands.from_excluded);
  EXPECT_TRUE(upper.payout.bands.bands[0].includes_upto);
  EXPECT_FALSE(upper.payout.bands.bands[1].includes_upto);
}

TEST(CompileBandsTest, MistakesOfBands) {
  const std::string kBands = ".payout.bands";
  ExpectErrors({
      {"payout: {bands: []}", kBands + ".bands: has no band"},
      {"payout: {bands: [{upto: 5}]}", kBands + ".bands[0]: pays nothing"},
      {"payout: {bands: [{rate: 1%}, {rate: 2%}]}", kBands + ".bands[0].upto: is required"},
      {"payout: {bands: [{upto: 5, rate: 1%}, {upto: 5, rate: 2%}]}",
       kBands + ".bands[1].upto: 5 is not above 5"},
      {"payout: {bands: [{upto: 0, rate: 1%}]}", kBands + ".bands[0].upto: 0 is not above 0"},
      {"payout: {bands: [{upto: 50%, rate: 1%}]}", kBands + ".bands[0].upto: \"50%\" is a perc"},
      {"payout: {bands: [{includes_upto: true, rate: 1%}]}",
       kBands + ".bands[0].includes_upto: has no `upto`"},
      {"payout: {bands: {from: x, bands: [{rate: 1%}]}}", kBands + ".from: "},
      {"payout: {bands: {mode: INTERPOLATED, bands: [{upto: 5, rate: 1%}]}}",
       kBands + ".bands[0]: mode INTERPOLATED accrues fixed"},
      {"payout: {bands: {mode: RETROACTIVE, bands: [{rate: 1%, retroactive: true}]}}",
       kBands + ".bands[0].retroactive: is for mode MARGINAL"},
      {"payout: {bands: [{upto: 5, rate: 1%}, {fixed: 1, retroactive: true}]}",
       kBands + ".bands[1].retroactive: is for a rate"},
      {"payout: {bands: {by: {measure: {deals: {}}}, bands: [{rate: 1%}]}}",
       kBands + ".by: is for mode RETROACTIVE only"},
      {"payout: {bands: {mode: RETROACTIVE, by: {}, bands: [{rate: 1%}]}}",
       kBands + ".by.measure: is required"},
      {"payout: {bands: [{upto: 5, fixed: 1, rate_by: {role: {AE: 1%}}}]}",
       kBands + ".bands[0].rate_by: is for a band that pays `rate` or `per_unit`"},
      {"payout: {bands: [{rate: 1%, rate_by: {role: {AE: 1%}, team: {A: 2%}}}]}",
       kBands + ".bands[0].rate_by: names 2 attributes"},
      {"payout: {bands: [{rate: 1%, rate_by: {role: {}}}]}",
       kBands + ".bands[0].rate_by[role]: is empty"},
      {"payout: {bands: [{rate: 1%, rate_by: {tenure_months: {young: 1%}}}]}",
       kBands + ".bands[0].rate_by[tenure_months].rates[young]: \"young\" is not a number of w"},
      {"payout: {bands: [{rate: 1%, rate_by: {tenure_months: {06: 1%}}}]}",
       kBands + ".bands[0].rate_by[tenure_months].rates[06]: \"06\" is not a number of whole"},
  });
}

TEST(CompileBandsTest, ARateByIsATableOfTheParticipantsRates) {
  const Component component =
      Compiled("payout: {bands: [{rate: 5%, rate_by: {tenure_months: {0: 4%, 12: 6%}}}]}");
  const Band& band = component.payout.bands.bands[0];
  ASSERT_TRUE(band.rate_by.has_value());
  EXPECT_EQ(band.value, Rational::Of(5, 100));
  EXPECT_EQ(band.rate_by->by, "tenure_months");
  EXPECT_EQ(band.rate_by->values.at("12"), Rational::Of(6, 100));
}

TEST(CompileBandsTest, EdgesOfRatiosMayBePercentages) {
  const Component component = Compiled(
      "measure: {ratio: {numerator: {deals: {}}, denominator: {deals: {}}}}\n"
      "payout: {bands: [{upto: 50%, fixed: 1}, {fixed: 2}]}");
  EXPECT_EQ(component.payout.bands.bands[0].upto, Rational::Of(1, 2));
}

TEST(CompileBandsTest, GapsAndBandsOutOfReachAreWarnedOf) {
  const std::string kBands = ".payout.bands.bands";
  ExpectWarnings({
      {"payout: {bands: [{upto: 5, rate: 1%}]}",
       kBands + "[0]: is the last band and ends: nothing more is paid above 5"},
      {"payout: {bands: {mode: RETROACTIVE, bands: [{upto: 5, fixed: 1}]}}",
       kBands + "[0]: is the last band and ends: nothing is paid above 5"},
      {"payout: {bands: {mode: INTERPOLATED, bands: [{fixed: 1}]}}",
       kBands + "[0]: accrues nothing"},
      {"payout: {bands: [{rate: 1%, retroactive: true}]}",
       kBands + "[0].retroactive: has no effect on the first band"},
      {"measure: {deals: {value: COUNT}}\n"
       "payout: {bands: {mode: RETROACTIVE, bands: [{upto: 1.2, fixed: 1}, {upto: 1.5, fixed: 2}, "
       "{fixed: 3}]}}",
       kBands + "[1]: can never be reached: no count"},
      {"measure: {metric: {name: score, aggregate: NPS}}\n"
       "payout: {bands: [{upto: 100, includes_upto: true, fixed: 1}, {fixed: 2}]}",
       kBands + "[1]: can never be reached: what is measured is at most 100"},
      {"period: MONTH\n"
       "measure: {periods: {of: {metric: calls}, period: WEEK, at_least: 50}}\n"
       "payout: {bands: [{upto: 6, fixed: 1}, {fixed: 2}]}",
       kBands + "[1]: can never be reached: what is measured is at most 5"},
  });
}

TEST(CompileBandsTest, CurvesNeedATargetAndPointsThatAscend) {
  const Component component = Compiled(
      "payout: {curve: {points: [{attainment: 50%, multiple: 0.5}, {attainment: 1, multiple: "
      "1}]}}");
  ASSERT_EQ(component.payout.curve.points.size(), 2U);
  EXPECT_EQ(component.payout.curve.points[0].attainment, Rational::Of(1, 2));
  EXPECT_FALSE(component.payout.curve.extend);
  const std::string kCurve = ".payout.curve";
  ExpectErrors({
      {"payout: {curve: {points: []}}", kCurve + ".points: has no point"},
      {"payout: {curve: {points: [{attainment: 1}]}}", kCurve + ".points[0].multiple: is required"},
      {"payout: {curve: {points: [{multiple: 1}]}}", kCurve + ".points[0].attainment: is required"},
      {"payout: {curve: {points: [{attainment: 1, multiple: 1}, {attainment: 50%, multiple: 2}]}}",
       kCurve + ".points[1].attainment: 50% is below that of the point before"},
      {"payout: {curve: {points: [{attainment: 1, multiple: 1}], beyond: EXTEND}}",
       kCurve + ".beyond: EXTEND follows the line through two points"},
  });
  ExpectWarnings(
      {{"payout: {curve: {points: [{attainment: 1, multiple: 1}, {attainment: 1, "
        "multiple: 2}, {attainment: 1, multiple: 3}]}}",
        kCurve + ".points[1]: has no effect"}});
}

TEST(CompileBandsTest, AMatrixHasOneMoreBandThanEdgesOnBothAxes) {
  const std::string kAxes =
      "payout: {matrix: {rows: {edges: [5]}, columns: {measure: {deals: {value: COUNT}}, target: "
      "{fixed: 10}, edges: [50%, 100%]}, cells: ";
  const Component component = Compiled(
      kAxes +
      "[[{fixed: 1}, {fixed: 2}, {fixed: 3}], [{rate: 1%}, {multiple: 50%}, {fixed: 0}]]}}");
  const Matrix& matrix = component.payout.matrix;
  EXPECT_EQ(matrix.rows.measure.value, DealValue::kAmount);  // the component's own
  EXPECT_EQ(matrix.columns.measure.value, DealValue::kCount);
  EXPECT_EQ(matrix.columns.edges[0], Rational::Of(1, 2));
  EXPECT_EQ(matrix.cells[1][1].pay, Matrix::Cell::Pay::kMultiple);
  const std::string kMatrix = ".payout.matrix";
  ExpectErrors({
      {kAxes + "[[{fixed: 1}, {fixed: 2}, {fixed: 3}]]}}",
       kMatrix + ".cells: has 1 rows, but 1 edges of the rows make 2 bands: give 2"},
      {kAxes + "[[{fixed: 1}, {fixed: 2}], [{fixed: 1}, {fixed: 2}, {fixed: 3}]]}}",
       kMatrix + ".cells[0]: has 2 cells, but 2 edges of the columns make 3 bands: give 3"},
      {kAxes + "[[{}, {fixed: 2}, {fixed: 3}], [{fixed: 1}, {fixed: 2}, {fixed: 3}]]}}",
       kMatrix + ".cells[0].cells[0]: pays nothing"},
      {"payout: {matrix: {rows: {edges: [5, 5]}, columns: {edges: [1]}, cells: []}}",
       kMatrix + ".rows.edges[1]: 5 is not above 5"},
      {"payout: {matrix: {rows: {edges: [5%]}, columns: {edges: [1]}, cells: []}}",
       kMatrix + ".rows.edges[0]: \"5%\" is a percentage"},
      {"payout: {matrix: {rows: {edges: [5]}, cells: []}}", kMatrix + ".columns: is required"},
  });
  ExpectWarnings(
      {{"payout: {matrix: {rows: {edges: [5]}, columns: {edges: []}, cells: [[{fixed: "
        "1}], [{fixed: 2}]]}}",
        kMatrix + ".columns.edges: is empty"}});
}

}  // namespace
}  // namespace payfold
