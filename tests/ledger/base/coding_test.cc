#include "ledger/base/coding.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "ledger/base/sha256.h"

namespace payfold {
namespace {

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();

std::string VarintHex(uint64_t value) {
  std::string out;
  PutVarint64(&out, value);
  return ToHex(out);
}

// The number in a varint written in hexadecimal, what is left, or "refused".
std::string ReadVarintHex(absl::string_view hex) {
  const std::string bytes = *FromHex(hex);
  absl::string_view in = bytes;
  uint64_t value = 0;
  if (!GetVarint64(&in, &value)) {
    return in.size() == bytes.size() ? "refused" : "refused, but consumed";
  }
  return std::to_string(value) + " then " + ToHex(in);
}

// Numbers of every length: random bits, shifted by a random distance.
uint64_t AnyLength(std::mt19937_64* random) { return (*random)() >> ((*random)() % 64); }

TEST(CodingTest, BigEndianKeysHoldTheNumberHighestByteFirst) {
  std::string out;
  PutBig32(&out, 0x01020304);
  PutBig64(&out, 0xfffefdfcfbfaf9f8);
  EXPECT_EQ(ToHex(out), "01020304fffefdfcfbfaf9f8");
  EXPECT_EQ(GetBig32(out), 0x01020304u);
  EXPECT_EQ(GetBig64(absl::string_view(out).substr(4)), 0xfffefdfcfbfaf9f8u);
}

TEST(CodingTest, BigEndianKeysSortAsTheirNumbers) {
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 10'000; ++trial) {
    const uint64_t a = AnyLength(&random);
    const uint64_t b = AnyLength(&random);
    std::string a_key, b_key;
    PutBig64(&a_key, a);
    PutBig64(&b_key, b);
    EXPECT_EQ(a < b, a_key < b_key) << a << " " << b;
  }
}

TEST(CodingDeathTest, BigEndianRefusesTooFewBytes) {
  EXPECT_DEATH(GetBig32("abc"), "CHECK failed");
  EXPECT_DEATH(GetBig64("abcdefg"), "CHECK failed");
}

TEST(CodingTest, VarintsAreThoseOfProtobuf) {
  EXPECT_EQ(VarintHex(0), "00");
  EXPECT_EQ(VarintHex(127), "7f");
  EXPECT_EQ(VarintHex(128), "8001");
  EXPECT_EQ(VarintHex(150), "9601");  // The example of the encoding guide.
  EXPECT_EQ(VarintHex(16'383), "ff7f");
  EXPECT_EQ(VarintHex(16'384), "808001");
  EXPECT_EQ(VarintHex(kMax), "ffffffffffffffffff01");
}

TEST(CodingTest, VarintsOfEveryLengthComeBack) {
  std::mt19937_64 random(2);
  for (int trial = 0; trial < 100'000; ++trial) {
    const uint64_t want = AnyLength(&random);
    std::string out;
    PutVarint64(&out, want);
    out += "rest";
    absl::string_view in = out;
    uint64_t got = 0;
    ASSERT_TRUE(GetVarint64(&in, &got)) << want;
    EXPECT_EQ(got, want);
    EXPECT_EQ(in, "rest");
  }
}

TEST(CodingTest, MalformedVarintsAreRefusedAndNotConsumed) {
  EXPECT_EQ(ReadVarintHex("9601aa"), "150 then aa");
  EXPECT_EQ(ReadVarintHex("ffffffffffffffffff01"), "18446744073709551615 then ");
  EXPECT_EQ(ReadVarintHex(""), "refused");
  EXPECT_EQ(ReadVarintHex("80"), "refused");                      // Cut.
  EXPECT_EQ(ReadVarintHex("ffffffffffffffffff"), "refused");      // Cut.
  EXPECT_EQ(ReadVarintHex("ffffffffffffffffff02"), "refused");    // 65 bits.
  EXPECT_EQ(ReadVarintHex("ffffffffffffffffff8100"), "refused");  // Eleven bytes.
  EXPECT_EQ(ReadVarintHex("8000"), "refused");                    // Zero has a shorter form.
  EXPECT_EQ(ReadVarintHex("968100"), "refused");                  // So has 150.
}

TEST(CodingTest, ZigZagGivesSmallMagnitudesSmallNumbers) {
  const int64_t values[] = {
      0, -1, 1, -2, 2, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()};
  const uint64_t wants[] = {0, 1, 2, 3, 4, kMax - 1, kMax};
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(ZigZag(values[i]), wants[i]);
    EXPECT_EQ(UnZigZag(wants[i]), values[i]);
    std::string out;
    PutSignedVarint64(&out, values[i]);
    absl::string_view in = out;
    int64_t got = 0;
    EXPECT_TRUE(GetSignedVarint64(&in, &got));
    EXPECT_EQ(got, values[i]);
  }
}

TEST(CodingTest, LengthPrefixedBytesComeBack) {
  const std::string sizes[] = {"", "a", std::string(127, 'x'), std::string(300, 'y')};
  std::string out;
  for (const std::string& bytes : sizes) PutLengthPrefixed(&out, bytes);
  absl::string_view in = out;
  for (const std::string& want : sizes) {
    absl::string_view got;
    ASSERT_TRUE(GetLengthPrefixed(&in, &got));
    EXPECT_EQ(got, want);
  }
  EXPECT_TRUE(in.empty());
}

TEST(CodingTest, CutLengthPrefixedBytesAreRefusedAndNotConsumed) {
  std::string out;
  PutLengthPrefixed(&out, std::string(200, 'x'));
  for (size_t size = 0; size < out.size(); ++size) {
    absl::string_view in = absl::string_view(out).substr(0, size);
    absl::string_view got = "untouched";
    EXPECT_FALSE(GetLengthPrefixed(&in, &got)) << size;
    EXPECT_EQ(in.size(), size);
    EXPECT_EQ(got, "untouched");
  }
  std::string huge;
  PutVarint64(&huge, kMax);
  absl::string_view in = huge;
  absl::string_view got;
  EXPECT_FALSE(GetLengthPrefixed(&in, &got));
}

}  // namespace
}  // namespace payfold
