#include "ledger/base/ed25519.h"

#include <cstddef>
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

// RFC 8032, 7.1, tests 1 and 2.
TEST(Ed25519Test, SignaturesAreThoseOfTheRfc) {
  const struct {
    const char* seed;
    const char* public_key;
    const char* message;
    const char* signature;
  } kCases[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
       "f9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
       "f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.seed);
    const std::string seed = *FromHex(c.seed);
    const std::string message = *FromHex(c.message);
    EXPECT_THAT(Ed25519PublicKey(seed), IsOkAndHolds(*FromHex(c.public_key)));
    EXPECT_THAT(Ed25519Sign(seed, message), IsOkAndHolds(*FromHex(c.signature)));
    EXPECT_TRUE(Ed25519Verify(*FromHex(c.public_key), message, *FromHex(c.signature)));
  }
}

TEST(Ed25519Test, OnlyTheSignedMessageUnderTheRightKeyVerifies) {
  const Ed25519KeyPair pair = GenerateEd25519();
  const Ed25519KeyPair other = GenerateEd25519();
  EXPECT_NE(pair.seed, other.seed);
  const std::string signature = *Ed25519Sign(pair.seed, "tree head");
  EXPECT_TRUE(Ed25519Verify(pair.public_key, "tree head", signature));
  EXPECT_FALSE(Ed25519Verify(pair.public_key, "tree heat", signature));
  EXPECT_FALSE(Ed25519Verify(other.public_key, "tree head", signature));
  EXPECT_FALSE(Ed25519Verify(pair.public_key, "tree head", signature + "x"));
  EXPECT_FALSE(Ed25519Verify("short", "tree head", signature));
  for (size_t i = 0; i < signature.size(); ++i) {
    std::string altered = signature;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(Ed25519Verify(pair.public_key, "tree head", altered)) << i;
  }
}

TEST(Ed25519Test, SeedsOfAnotherLengthAreRefused) {
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("32 bytes, not 5"));
  EXPECT_THAT(Ed25519Sign("short", "message"), refused);
  EXPECT_THAT(Ed25519PublicKey("short"), refused);
}

}  // namespace
}  // namespace payfold
