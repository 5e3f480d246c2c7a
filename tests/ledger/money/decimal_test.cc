#include "ledger/money/decimal.h"

#include <cstdint>
#include <random>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kForm[] = "write digits and at most one point, as in -12.5";
constexpr char kBothSides[] = "there must be a digit on both sides of the point";

TEST(DecimalTest, ParsesWholeBillionths) {
  const struct {
    const char* text;
    int64_t nanos;
  } kCases[] = {
      {"0", 0},
      {"0.0", 0},
      {"7", 7'000'000'000},
      {"0.7", 700'000'000},
      {"0.700", 700'000'000},
      {"-12.5", -12'500'000'000},
      {"-0.000000001", -1},
      {"0.123456789", 123'456'789},
      {"10.000000000", 10'000'000'000},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Decimal::Parse(c.text), IsOkAndHolds(Decimal::FromNanos(c.nanos))) << c.text;
  }
}

// [1.decimal]
TEST(DecimalTest, HoldsEighteenDigitsBeforeAndNineAfterThePoint) {
  const absl::string_view text = "999999999999999999.999999999";
  const Decimal most = *Decimal::Parse(text);
  EXPECT_EQ(most.nanos(), absl::int128(999'999'999'999'999'999) * 1'000'000'000 + 999'999'999);
  EXPECT_EQ(most.ToString(), text);
  EXPECT_EQ(most.ToPercent(), "99999999999999999999.9999999%");
}

// What each mistake is answered with, word for word after the quoted text.
TEST(DecimalTest, RefusesWhatIsNotADecimalSayingWhy) {
  const struct {
    const char* text;
    const char* why;
  } kCases[] = {
      {"", "\"\" is not a decimal: there is no number"},
      {"-", "there is no number"},
      {"+1", kForm},
      {"1e3", kForm},
      {"1,000", kForm},
      {"0x10", kForm},
      {" 1", kForm},
      {"1 ", kForm},
      {"--1", kForm},
      {"1.2.3", kForm},
      {"NaN", kForm},
      {"5%", kForm},
      {"1\n", "\"1\\n\" is not a decimal: "},
      {"\u22121", "\"\\xe2\\x88\\x92\\x31\" is not a decimal: "},  // The minus of typographers.
      {"\u0661", kForm},                                           // An Arabic digit.
      {"1.", kBothSides},
      {".5", kBothSides},
      {"-.5", kBothSides},
      {".", kBothSides},
      {"01", "\"01\" is not a decimal: drop the leading zeros"},
      {"00", "drop the leading zeros"},
      {"-00.5", "drop the leading zeros"},
      {"-0", "\"-0\" is not a decimal: negative zero; write 0"},
      {"-0.000", "negative zero; write 0"},
      {"1234567890123456789", "at most 18 digits may stand before the point"},
      {"0.1234567890", "at most 9 digits may follow the point"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Decimal::Parse(c.text),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("is not a decimal: "), HasSubstr(c.why))))
        << c.text;
  }
}

TEST(DecimalTest, RefusesANulByteInTheMiddle) {
  EXPECT_THAT(Decimal::Parse(absl::string_view("1\0", 2)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("\"1\\x00\"")));
}

TEST(DecimalTest, ErrorsQuoteOnlyTheBeginningOfAHugeText) {
  EXPECT_LT(Decimal::Parse(std::string(1'000'000, '9')).status().message().size(), 200u);
}

TEST(DecimalTest, PercentagesAreHundredths) {
  const struct {
    const char* text;
    const char* want;
  } kCases[] = {
      {"5%", "0.05"},
      {"0.05", "0.05"},
      {"-12.5%", "-0.125"},
      {"100%", "1"},
      {"0%", "0"},
      {"0.0000001%", "0.000000001"},
      {"999999999999999999%", "9999999999999999.99"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(Decimal::ParsePercent(c.text), IsOkAndHolds(*Decimal::Parse(c.want))) << c.text;
  }
}

TEST(DecimalTest, RefusesPercentagesThatWouldLoseDigits) {
  const auto refused = [](const char* why) {
    return StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(why));
  };
  EXPECT_THAT(Decimal::ParsePercent("0.12345678%"),
              refused("\"0.12345678%\" is not a decimal: at most 7 digits may follow the point"));
  EXPECT_THAT(Decimal::ParsePercent("%"), refused("there is no number"));
  EXPECT_THAT(Decimal::ParsePercent("5%%"), refused(kForm));
  EXPECT_THAT(Decimal::ParsePercent("5 %"), refused(kForm));
  EXPECT_THAT(Decimal::ParsePercent("-0%"), refused("negative zero"));
  EXPECT_THAT(Decimal::ParsePercent(""), refused("there is no number"));
}

TEST(DecimalTest, WritesTheShortestText) {
  EXPECT_EQ(Decimal().ToString(), "0");
  EXPECT_EQ(Decimal::FromInt(-12).ToString(), "-12");
  EXPECT_EQ(Decimal::FromNanos(700'000'000).ToString(), "0.7");
  EXPECT_EQ(Decimal::FromNanos(-1).ToString(), "-0.000000001");
  EXPECT_EQ(Decimal::Parse("0.05")->ToPercent(), "5%");
  EXPECT_EQ(Decimal::Parse("-0.125")->ToPercent(), "-12.5%");
  EXPECT_EQ(Decimal().ToPercent(), "0%");
}

TEST(DecimalTest, TextsComeBackAsTheSameValue) {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 50'000; ++trial) {
    // Any number of digits, so any number of zeros after the point.
    absl::int128 nanos = absl::MakeInt128(0, random()) * static_cast<int64_t>(random() >> 39);
    nanos >>= static_cast<int>(random() % 90);
    if (random() % 2 == 0) nanos = -nanos;
    const Decimal value = Decimal::FromNanos(nanos);
    EXPECT_THAT(Decimal::Parse(value.ToString()), IsOkAndHolds(value));
  }
}

TEST(DecimalTest, ComparesByValue) {
  const Decimal less = *Decimal::Parse("-0.5");
  const Decimal more = *Decimal::Parse("0.25");
  EXPECT_TRUE(less < more && less <= more && more > less && more >= less && less != more);
  EXPECT_TRUE(less == *Decimal::Parse("-0.50") && less <= less && less >= less);
  EXPECT_TRUE(less.is_negative() && !more.is_negative() && Decimal().is_zero());
}

}  // namespace
}  // namespace payfold
