#include "ledger/money/currency.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

Currency Of(absl::string_view code) { return *Currency::Parse(code); }

// Every code of three capitals whose minor unit has `digits` digits.
std::string CodesWith(int digits) {
  std::string codes;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      for (char c = 'A'; c <= 'Z'; ++c) {
        const std::string code = {a, b, c};
        const auto currency = Currency::Parse(code);
        if (!currency.ok() || currency->digits() != digits) continue;
        EXPECT_EQ(currency->code(), code);
        codes += (codes.empty() ? "" : " ") + code;
      }
    }
  }
  return codes;
}

TEST(CurrencyTest, TheExceptionsFromTwoDigitsAreThoseOfIso4217) {
  EXPECT_EQ(CodesWith(0), "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF");
  EXPECT_EQ(CodesWith(3), "BHD IQD JOD KWD LYD OMR TND");
  EXPECT_EQ(CodesWith(4), "CLF UYW");
  EXPECT_EQ(CodesWith(1), "");
}

TEST(CurrencyTest, AllOthersHaveTwoDigits) {
  const std::string codes = CodesWith(2);
  EXPECT_EQ((codes.size() + 1) / 4, 144u);
  for (const char* code : {"USD", "EUR", "GBP", "CHF", "AED", "ZWG", "XCG", "HRK"}) {
    EXPECT_THAT(codes, HasSubstr(code));
  }
}

TEST(CurrencyTest, RefusesWhatIsNoCurrencyOfMoney) {
  for (const char* code : {"", "usd", "US", "USDX", " USD", "XAU", "XXX", "XTS", "DEM", "U\nD"}) {
    EXPECT_THAT(Currency::Parse(code),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is not a currency")))
        << code;
  }
  EXPECT_THAT(
      Currency::Parse("usd"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("\"usd\" is not a currency: write its ISO 4217 code in capitals")));
}

TEST(CurrencyTest, MinorUnitsPerMajor) {
  EXPECT_EQ(Of("JPY").minor_per_major(), 1);
  EXPECT_EQ(Of("USD").minor_per_major(), 100);
  EXPECT_EQ(Of("KWD").minor_per_major(), 1000);
  EXPECT_EQ(Of("CLF").minor_per_major(), 10'000);
  EXPECT_TRUE(Of("USD") == Of("USD") && Of("USD") != Of("EUR"));
}

TEST(CurrencyTest, FormatsAmountsForPeopleAndMachines) {
  const struct {
    int64_t minor;
    const char* currency;
    const char* people;
    const char* machines;
  } kCases[] = {
      {0, "USD", "0.00", "0.00"},
      {5, "USD", "0.05", "0.05"},
      {-5, "USD", "-0.05", "-0.05"},
      {99'999, "USD", "999.99", "999.99"},
      {100'000, "USD", "1,000.00", "1000.00"},
      {-1'234'500, "USD", "-12,345.00", "-12345.00"},
      {12, "JPY", "12", "12"},
      {0, "JPY", "0", "0"},
      {1'234'567, "JPY", "1,234,567", "1234567"},
      {1, "KWD", "0.001", "0.001"},
      {1'234'567, "KWD", "1,234.567", "1234.567"},
      {std::numeric_limits<int64_t>::max(), "USD", "92,233,720,368,547,758.07",
       "92233720368547758.07"},
      {std::numeric_limits<int64_t>::min(), "USD", "-92,233,720,368,547,758.08",
       "-92233720368547758.08"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(FormatAmount(c.minor, Of(c.currency)), c.people);
    EXPECT_EQ(FormatPlainAmount(c.minor, Of(c.currency)), c.machines);
  }
}

}  // namespace
}  // namespace payfold
