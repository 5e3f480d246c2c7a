#include "ledger/plan/lookup.h"

#include <map>
#include <string>

#include "gtest/gtest.h"

namespace payfold {
namespace {

std::string Text(const Rational* value) { return value == nullptr ? "none" : value->ToString(); }

TEST(LookupTest, TakesTheExactKeyElseTheStarElseNothing) {
  const LookupTable with_star{"role", {{"AE", 1}, {"*", 9}, {"", 3}}};
  const LookupTable without{"role", {{"AE", 1}}};
  EXPECT_EQ(Text(LookUp(with_star, "AE")), "1");
  EXPECT_EQ(Text(LookUp(with_star, "ae")), "9");
  EXPECT_EQ(Text(LookUp(with_star, "")), "3");
  EXPECT_EQ(Text(LookUp(with_star, "*")), "9");
  EXPECT_EQ(Text(LookUp(without, "AE")), "1");
  EXPECT_EQ(Text(LookUp(without, "SE")), "none");
}

TEST(LookupTest, TenureTakesTheGreatestLowerBoundNotAbove) {
  // As texts, "12" comes before "3".
  const LookupTable table{kTenureMonths.data(), {{"3", 30}, {"12", 120}, {"24", 240}}};
  const std::map<int, std::string> kCases = {{0, "none"}, {2, "none"}, {3, "30"},   {11, "30"},
                                             {12, "120"}, {23, "120"}, {24, "240"}, {500, "240"}};
  for (const auto& [months, want] : kCases) {
    EXPECT_EQ(Text(LookUpTenure(table, months)), want) << months;
  }
  LookupTable with_star = table;
  with_star.values["*"] = 7;
  EXPECT_EQ(Text(LookUpTenure(with_star, 2)), "7");
  EXPECT_EQ(Text(LookUpTenure(with_star, 3)), "30");
}

}  // namespace
}  // namespace payfold
