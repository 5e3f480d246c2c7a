#include "ledger/log/tree_head.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr absl::string_view kOrigin = "payfold.example/acme";

TreeHeadSigner Signer(absl::string_view origin = kOrigin, char seed = 's') {
  return *TreeHeadSigner::Make(origin, std::string(32, seed));
}

TEST(TreeHeadTest, TextIsThatOfATlogCheckpoint) {
  EXPECT_EQ(TreeHeadText(kOrigin, 1234, Sha256("")),
            "payfold.example/acme\n1234\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
}

// The example of the Go implementation (golang.org/x/mod/sumdb/note).
TEST(TreeHeadTest, VerifiesTheExampleOfTheNotePackage) {
  const std::string text =
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n";
  const std::string note = text +
                           "\n\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZ"
                           "InNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
  const std::string key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  EXPECT_THAT(VerifyNote(note, key), IsOkAndHolds(absl::string_view(text)));
  EXPECT_THAT(VerifyTreeHead(note, key).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("three lines")));
}

TEST(TreeHeadTest, WhatIsSignedVerifies) {
  const TreeHeadSigner signer = Signer();
  const std::string note = *signer.Sign(7, Sha256("root"));
  EXPECT_THAT(note, StartsWith(TreeHeadText(kOrigin, 7, Sha256("root")) +
                               "\n\xe2\x80\x94 payfold.example/acme "));
  const auto head = VerifyTreeHead(note, signer.verifier_key());
  ASSERT_THAT(head, IsOk());
  EXPECT_EQ(head->size, 7u);
  EXPECT_EQ(head->root, Sha256("root"));
  EXPECT_EQ(head->note, note);
}

TEST(TreeHeadTest, AnyOtherByteFails) {
  const TreeHeadSigner signer = Signer();
  const std::string note = *signer.Sign(7, Sha256("root"));
  for (size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THAT(VerifyTreeHead(changed, signer.verifier_key()), Not(IsOk())) << "byte " << i;
  }
  for (size_t size = 0; size < note.size(); ++size) {
    EXPECT_THAT(VerifyTreeHead(note.substr(0, size), signer.verifier_key()), Not(IsOk()))
        << "size " << size;
  }
}

TEST(TreeHeadTest, SignaturesOfOtherKeysAreIgnored) {
  const TreeHeadSigner signer = Signer();
  const std::string note = *signer.Sign(7, Sha256("root"));
  const std::string other = *Signer(kOrigin, 't').Sign(7, Sha256("root"));
  const std::string signature = other.substr(other.rfind("\n\xe2") + 1);
  EXPECT_THAT(VerifyTreeHead(note + signature, signer.verifier_key()), IsOk());
  EXPECT_THAT(VerifyTreeHead(other, signer.verifier_key()),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no signature of the key")));
}

// https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint.
TEST(TreeHeadTest, WhatTheSpecificationForbidsIsRefusedWhoeverSigned) {
  const TreeHeadSigner signer = Signer();
  const std::string note = *signer.Sign(7, Sha256("root"));
  const std::string other = "\xe2\x80\x94 other.example AAAAAAAA\n";
  EXPECT_THAT(VerifyTreeHead(note + other, signer.verifier_key()), IsOk());
  for (const char* bad : {"\xe2\x80\x94 other.example AAAA\tAAAA\n",
                          "\xe2\x80\x94 oth\xff AAAAAAAA\n", "\xe2\x80\x94 other.example AAAAAAB\n",
                          "- other.example AAAAAAAA\n", "\xe2\x80\x94 other.example\n", "\n"}) {
    EXPECT_THAT(VerifyTreeHead(note + bad, signer.verifier_key()),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << bad;
  }
}

TEST(TreeHeadTest, AtLeastSixteenSignaturesAreTaken) {
  const TreeHeadSigner signer = Signer();
  const std::string note = *signer.Sign(7, Sha256("root"));
  const size_t signatures = note.rfind("\n\n") + 2;
  std::string many = note.substr(0, signatures);
  for (int i = 0; i < 16; ++i) many += "\xe2\x80\x94 other.example AAAAAAAA\n";
  many += note.substr(signatures);
  EXPECT_THAT(VerifyTreeHead(many, signer.verifier_key()), IsOk());
}

TEST(TreeHeadTest, ReadsWithoutAKeyAndSaysWhoseItIs) {
  const std::string note = *Signer().Sign(7, Sha256("root"));
  absl::string_view origin;
  const auto head = ReadTreeHead(note, &origin);
  ASSERT_THAT(head, IsOk());
  EXPECT_EQ(head->size, 7u);
  EXPECT_EQ(origin, kOrigin);
  EXPECT_THAT(ReadTreeHead("7\n"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TreeHeadTest, VerifierKeyMustBeWellFormed) {
  const TreeHeadSigner signer = Signer();
  const std::string note = *signer.Sign(7, Sha256("root"));
  const std::string key = signer.verifier_key();
  for (const std::string& bad :
       {std::string(), std::string(kOrigin), key.substr(0, key.size() - 4),
        absl::StrReplaceAll(key, {{"acme+", "acme+0"}}), absl::StrCat("x", key)}) {
    EXPECT_THAT(VerifyTreeHead(note, bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(TreeHeadTest, OriginMustBeAName) {
  for (const char* bad : {"", "a b", "a+b", "a\nb", "\xc3\xa9"}) {
    EXPECT_THAT(TreeHeadSigner::Make(bad, std::string(32, 's')).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("origin")))
        << bad;
  }
  EXPECT_THAT(TreeHeadSigner::Make(kOrigin, "short").status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace payfold
