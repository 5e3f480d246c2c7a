#include "ledger/base/sha256.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

// FIPS 180-4 and NIST's examples.
TEST(Sha256Test, DigestsAreThoseOfTheStandard) {
  EXPECT_EQ(ToHex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256("abc")), kAbc);
  EXPECT_EQ(ToHex(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(ToHex(Sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, PiecesGiveTheDigestOfTheWhole) {
  const std::string text(200, 'q');
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256Hasher hasher;
    hasher.Update(absl::string_view(text).substr(0, cut));
    hasher.Update(absl::string_view(text).substr(cut));
    EXPECT_EQ(hasher.Finish(), Sha256(text)) << cut;
  }
}

TEST(Sha256Test, AHasherStartsAnewAfterItsDigestAndACopyGoesItsOwnWay) {
  Sha256Hasher hasher;
  hasher.Update("a");
  Sha256Hasher copy = hasher;
  copy.Update("bc");
  EXPECT_EQ(hasher.Finish(), Sha256("a"));
  EXPECT_EQ(ToHex(copy.Finish()), kAbc);
  hasher.Update("abc");
  EXPECT_EQ(ToHex(hasher.Finish()), kAbc);
  hasher.Update(Sha256("abc"));
  EXPECT_EQ(hasher.Finish(), Sha256(AsBytes(Sha256("abc"))));
}

// RFC 4231, cases 1, 2 and 6 (a key longer than a block).
TEST(Sha256Test, HmacIsThatOfTheRfc) {
  EXPECT_EQ(ToHex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(std::string(131, '\xaa'),
                             "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Sha256Test, DigestsComeBackFromTheirBytes) {
  const Sha256Digest digest = Sha256("abc");
  EXPECT_THAT(DigestFromBytes(AsBytes(digest)), IsOkAndHolds(digest));
  EXPECT_THAT(DigestFromBytes("short"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bytes, not 5")));
}

TEST(Sha256Test, BytesComeBackFromHexAndBase64) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_THAT(FromHex(ToHex(all)), IsOkAndHolds(all));
  EXPECT_THAT(FromBase64(ToBase64(all)), IsOkAndHolds(all));
  EXPECT_EQ(ToBase64("foob"), "Zm9vYg==");  // RFC 4648, 10.
  EXPECT_THAT(FromHex("0AfF"), IsOkAndHolds(std::string("\x0a\xff", 2)));
  EXPECT_THAT(FromHex("abc"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(FromHex("xy"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("\"xy\"")));
  EXPECT_THAT(FromBase64("a?"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("\"a?\"")));
}

}  // namespace
}  // namespace payfold
