#include "ledger/base/aead.h"

#include <cstddef>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/sha256.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

const char kZeros[32] = {};
const std::string& Key() {
  static const std::string key(kZeros, 32);
  return key;
}
const std::string& Nonce() {
  static const std::string nonce(kZeros, 12);
  return nonce;
}

// McGrew and Viega, The Galois/Counter Mode of Operation, cases 13, 14 and 16.
TEST(AeadTest, SealedBytesAreThoseOfThePaper) {
  EXPECT_EQ(ToHex(*Seal(Key(), "", "", Nonce())).substr(24), "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(ToHex(*Seal(Key(), "", std::string(kZeros, 16), Nonce())),
            "000000000000000000000000"
            "cea7403d4d606b6e074ec5d3baf39d18"
            "d0d1c8a799996bf0265b98b5d48ab919");
  EXPECT_EQ(
      ToHex(*Seal(*FromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
                  *FromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
                  *FromHex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                           "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"),
                  *FromHex("cafebabefacedbaddecaf888"))),
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST(AeadTest, WhatWasSealedOpens) {
  for (const size_t size : {0u, 1u, 15u, 16u, 17u, 1000u}) {
    const std::string text(size, 'x');
    const std::string sealed = *Seal(Key(), "place", text, RandomBytes(12));
    EXPECT_EQ(sealed.size(), kAeadNonceBytes + size + kAeadTagBytes);
    EXPECT_THAT(Open(Key(), "place", sealed), IsOkAndHolds(text));
  }
}

TEST(AeadTest, NothingOpensUnderAnotherKeyPlaceOrAlteredByte) {
  const std::string sealed = *Seal(Key(), "place", "secret", Nonce());
  const auto refused = StatusIs(absl::StatusCode::kDataLoss, HasSubstr("do not open"));
  EXPECT_THAT(Open(std::string(32, 'k'), "place", sealed), refused);
  EXPECT_THAT(Open(Key(), "elsewhere", sealed), refused);
  EXPECT_THAT(Open(Key(), "place", sealed + "x"), refused);
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_THAT(Open(Key(), "place", altered), refused) << i;
    EXPECT_THAT(Open(Key(), "place", sealed.substr(0, i)), StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST(AeadTest, KeysAndNoncesOfAnotherLengthAreRefused) {
  EXPECT_THAT(Seal("short", "", "text", Nonce()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bytes, not 5")));
  EXPECT_THAT(Seal(Key(), "", "text", "short"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("12 bytes, not 5")));
  EXPECT_THAT(Open("short", "", *Seal(Key(), "", "text", Nonce())),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bytes, not 5")));
}

TEST(AeadTest, RandomBytesDoNotRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(RandomBytes(12));
  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_EQ(RandomBytes(0), "");
}

}  // namespace
}  // namespace payfold
