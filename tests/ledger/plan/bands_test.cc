#include "ledger/plan/bands.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Amounts;
using ::payfold_testing::BandsFrom;

Rational Number(const std::string& text) { return Rational(*Decimal::Parse(text)); }

struct Case {
  std::string measure;
  std::string want;  // "band:amount|band:amount"
};

// Target incentive 1000, target 100 unless given.
void ExpectPays(const std::string& bands, const std::vector<Case>& cases,
                std::optional<Rational> target = Rational(100)) {
  const Bands compiled = BandsFrom(bands);
  for (const Case& c : cases) {
    SCOPED_TRACE(absl::StrCat(bands, " at ", c.measure));
    BandsInput input;
    input.measure = Number(c.measure);
    input.target = target;
    input.target_incentive = 1000;
    EXPECT_EQ(Amounts(PayBands(compiled, input)), c.want);
  }
}

TEST(BandsTest, MarginalRatesPayOnTheSliceInside) {
  ExpectPays("[{upto: 10, rate: 5%}, {upto: 20, per_unit: 1}, {rate: 2}]",
             {{"0", ""},
              {"9.99", "1:999/2000"},
              {"10", "1:1/2"},
              {"10.01", "1:1/2|2:1/100"},
              {"20", "1:1/2|2:10"},
              {"30", "1:1/2|2:10|3:20"}});
}

TEST(BandsTest, AboveTheLastClosedBandNothingMoreIsPaid) {
  ExpectPays("[{upto: 10, rate: 50%}]", {{"10", "1:5"}, {"11", "1:5"}});
  ExpectPays("{mode: RETROACTIVE, bands: [{upto: 10, rate: 50%}]}",
             {{"9", "1:9/2"}, {"10", ""}, {"11", ""}});
}

TEST(BandsTest, MarginalFixedIsPaidInFullOnceEntered) {
  const std::string bands = "{bands: [{upto: 10, fixed: 7}, {upto: 20, fixed: 8}, {fixed: 9}]}";
  ExpectPays(bands, {{"-1", ""},
                     {"0", "1:7"},
                     {"9.99", "1:7"},
                     {"10", "1:7|2:8"},
                     {"19.99", "1:7|2:8"},
                     {"20", "1:7|2:8|3:9"}});
}

TEST(BandsTest, AnEdgeBelongsToTheLowerBandIfSaid) {
  ExpectPays("{edges: UPPER_INCLUSIVE, bands: [{upto: 10, fixed: 7}, {fixed: 8}]}",
             {{"0", ""}, {"0.01", "1:7"}, {"10", "1:7"}, {"10.01", "1:7|2:8"}});
  ExpectPays("[{upto: 10, includes_upto: true, fixed: 7}, {upto: 20, fixed: 8}, {fixed: 9}]",
             {{"0", "1:7"}, {"10", "1:7"}, {"10.01", "1:7|2:8"}, {"20", "1:7|2:8|3:9"}});
  ExpectPays("{mode: RETROACTIVE, bands: [{upto: 10, includes_upto: true, rate: 1}, {rate: 2}]}",
             {{"9", "1:9"}, {"10", "1:10"}, {"11", "2:22"}});
}

TEST(BandsTest, ANegativeMeasureExtendsAFirstBandThatStartsAtZero) {
  ExpectPays("[{upto: 10, rate: 5%}, {rate: 10%}]", {{"-10", "1:-1/2"}});
  ExpectPays("[{upto: 10, per_unit: 2}]", {{"-10", "1:-20"}});
  ExpectPays("{basis: ATTAINMENT, bands: [{multiple: 2}]}", {{"-10", "1:-200"}});
  ExpectPays("{mode: RETROACTIVE, bands: [{upto: 10, rate: 5%}]}", {{"-10", "1:-1/2"}});
  ExpectPays("[{upto: 10, retroactive: true, rate: 5%}]", {{"-10", "1:-1/2"}});
}

TEST(BandsTest, ANegativeMeasurePaysNoFixedAmountAndNothingBelowAFrom) {
  ExpectPays("[{upto: 10, fixed: 5}, {rate: 1}]", {{"-10", ""}});
  ExpectPays("{mode: RETROACTIVE, bands: [{upto: 10, fixed: 5}]}", {{"-10", ""}, {"0", "1:5"}});
  ExpectPays("{mode: INTERPOLATED, bands: [{upto: 10, fixed: 5}]}", {{"-10", ""}, {"0", ""}});
  ExpectPays("{from: 5, bands: [{rate: 1}]}",
             {{"-10", ""}, {"4.99", ""}, {"5", ""}, {"5.5", "1:1/2"}});
  ExpectPays("{from: 5, mode: RETROACTIVE, bands: [{rate: 1}]}",
             {{"-10", ""}, {"4.99", ""}, {"5", "1:5"}, {"5.5", "1:11/2"}});
  ExpectPays("{from: 5, mode: RETROACTIVE, edges: UPPER_INCLUSIVE, bands: [{rate: 1}]}",
             {{"5", ""}, {"5.5", "1:11/2"}});
}

TEST(BandsTest, ARetroactiveBandOfMarginalReplacesTheRatesBelow) {
  ExpectPays("[{upto: 10, rate: 1}, {upto: 20, rate: 2, retroactive: true}, {rate: 3}]",
             {{"9", "1:9"}, {"10", "2:20"}, {"15", "2:30"}, {"20", "2:40"}, {"25", "2:40|3:15"}});
}

TEST(BandsTest, TheHighestRetroactiveBandEnteredHolds) {
  ExpectPays(
      "[{upto: 10, rate: 1}, {upto: 20, rate: 2, retroactive: true}, {rate: 3, retroactive: true}]",
      {{"15", "2:30"}, {"20", "3:60"}, {"25", "3:75"}});
}

TEST(BandsTest, ARetroactiveBandKeepsTheFixedAmountsBelow) {
  ExpectPays("[{upto: 10, fixed: 7}, {rate: 2, retroactive: true}]",
             {{"9", "1:7"}, {"10", "1:7|2:20"}, {"12", "1:7|2:24"}});
}

TEST(BandsTest, RetroactiveBandsNeverReachBelowFrom) {
  ExpectPays("{from: 5, bands: [{upto: 10, rate: 1}, {rate: 2, retroactive: true}]}",
             {{"4", ""}, {"9", "1:4"}, {"10", "2:10"}});
}

TEST(BandsTest, AttainmentCutsTheMeasureAtTargetTimesEdges) {
  ExpectPays(
      "{basis: ATTAINMENT, bands: [{upto: 50%, rate: 5%}, {upto: 100%, rate: 10%}, "
      "{rate: 20%}]}",
      {{"50", "1:5/2"}, {"100", "1:5/2|2:5"}, {"110", "1:5/2|2:5|3:2"}});
}

TEST(BandsTest, AMultiplePaysTargetIncentiveOnTheSliceOfAttainment) {
  ExpectPays("{basis: ATTAINMENT, bands: [{upto: 1, multiple: 1}, {multiple: 2}]}",
             {{"50", "1:500"}, {"100", "1:1000"}, {"125", "1:1000|2:500"}});
  ExpectPays("[{upto: 100, multiple: 1}, {multiple: 2}]",
             {{"50", "1:500"}, {"125", "1:1000|2:500"}});
  ExpectPays(
      "{basis: ATTAINMENT, mode: RETROACTIVE, bands: [{upto: 1, multiple: 50%}, "
      "{multiple: 2}]}",
      {{"50", "1:250"}, {"100", "2:2000"}, {"125", "2:2500"}});
}

TEST(BandsTest, WithoutATargetAttainmentPaysNothing) {
  const std::string bands =
      "{basis: ATTAINMENT, bands: [{upto: 1, rate: 1}, {upto: 2, fixed: 1}, {multiple: 1}]}";
  ExpectPays(bands, {{"-5", ""}, {"0", ""}, {"500", ""}}, std::nullopt);
  ExpectPays(bands, {{"-5", ""}, {"0", ""}, {"500", ""}}, Rational(0));
  ExpectPays("[{upto: 10, rate: 1}, {multiple: 1}]", {{"20", "1:10"}}, Rational(0));
}

TEST(BandsTest, RetroactivePaysTheBandReachedOnTheWhole) {
  ExpectPays("{mode: RETROACTIVE, bands: [{upto: 10, rate: 1}, {upto: 20, fixed: 7}, {rate: 2}]}",
             {{"0", ""}, {"9", "1:9"}, {"10", "2:7"}, {"19.99", "2:7"}, {"20", "3:40"}});
}

TEST(BandsTest, AnotherMeasureChoosesTheBand) {
  const Bands bands = BandsFrom(
      "{mode: RETROACTIVE, by: {measure: {deals: {value: COUNT}}}, bands: [{upto: 10, rate: 1}, "
      "{rate: 2}]}");
  const struct {
    std::optional<Rational> by;
    std::string want;
  } kCases[] = {
      {Rational(-1), "1:50"}, {Rational(9), "1:50"}, {Rational(10), "2:100"}, {std::nullopt, ""}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.by.has_value() ? c.by->ToString() : "undefined");
    BandsInput input;
    input.measure = 50;
    input.has_by = true;
    input.by = c.by;
    EXPECT_EQ(Amounts(PayBands(bands, input)), c.want);
  }
}

TEST(BandsTest, InterpolatedFixedAccruesOverTheWidth) {
  ExpectPays(
      "{mode: INTERPOLATED, bands: [{upto: 10, fixed: 100}, {upto: 30, fixed: 50}, "
      "{fixed: 9}]}",
      {{"0", ""},
       {"1", "1:10"},
       {"10", "1:100"},
       {"14", "1:100|2:10"},
       {"30", "1:100|2:50"},
       {"99", "1:100|2:50"}});
  ExpectPays("{mode: INTERPOLATED, basis: ATTAINMENT, from: 50%, bands: [{upto: 150%, fixed: 10}]}",
             {{"50", ""}, {"60", "1:1"}, {"150", "1:10"}, {"160", "1:10"}});
}

TEST(BandsTest, PaysSayTheSliceAndTheRate) {
  BandsInput input;
  input.measure = 125;
  input.target = Rational(100);
  const std::vector<BandPay> pays = PayBands(
      BandsFrom("{basis: ATTAINMENT, bands: [{upto: 50%, fixed: 3}, {upto: 100%, rate: 5%}, "
                "{rate: 8%}]}"),
      input);
  ASSERT_EQ(pays.size(), 3U);
  EXPECT_EQ(pays[0].pay, Band::Pay::kFixed);
  EXPECT_EQ(pays[0].slice_from, pays[0].slice_to);
  EXPECT_EQ(pays[1].slice_from, Rational(50));
  EXPECT_EQ(pays[1].slice_to, Rational(100));
  EXPECT_EQ(pays[2].slice_from, Rational(100));
  EXPECT_EQ(pays[2].slice_to, Rational(125));
  EXPECT_EQ(pays[2].value, Number("0.08"));
}

TEST(BandsTest, BandAtFollowsTheEdges) {
  const struct {
    std::string bands;
    std::string x;
    int want;
  } kCases[] = {
      {"[{upto: 10, rate: 1}, {upto: 20, rate: 1}]", "-5", 1},
      {"[{upto: 10, rate: 1}, {upto: 20, rate: 1}]", "0", 1},
      {"[{upto: 10, rate: 1}, {upto: 20, rate: 1}]", "10", 2},
      {"[{upto: 10, rate: 1}, {upto: 20, rate: 1}]", "20", 0},
      {"[{upto: 10, fixed: 1}]", "-5", 0},
      {"[{upto: 10, fixed: 1}]", "0", 1},
      {"{edges: UPPER_INCLUSIVE, bands: [{upto: 10, fixed: 1}]}", "0", 0},
      {"{edges: UPPER_INCLUSIVE, bands: [{upto: 10, rate: 1}]}", "0", 1},
      {"{edges: UPPER_INCLUSIVE, bands: [{upto: 10, rate: 1}, {rate: 2}]}", "10", 1},
      {"{from: 5, bands: [{rate: 1}]}", "4.99", 0},
      {"{from: 5, bands: [{rate: 1}]}", "5", 1},
      {"{from: -5, bands: [{rate: 1}]}", "-6", 0},
      {"{from: -5, bands: [{rate: 1}]}", "-5", 1},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(BandAt(BandsFrom(c.bands), Number(c.x)), c.want) << c.bands << " at " << c.x;
  }
}

}  // namespace
}  // namespace payfold
