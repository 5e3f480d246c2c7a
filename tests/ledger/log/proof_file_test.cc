// The text of proofs: what is written is read, and nothing else is.

#include "ledger/log/proof_file.h"

#include <optional>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kNote[] = "log.example\n3\nroot\n\n\xe2\x80\x94 log.example c2ln\n";
constexpr char kHashes[] =
    "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n"
    "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n";

// As https://c2sp.org/tlog-proof has it.
std::string Inclusion() {
  return absl::StrCat("c2sp.org/tlog-proof@v1\nextra YnkAdGVz\nindex 1\n", kHashes, "\n", kNote);
}
// As https://c2sp.org/tlog-witness has the body of add-checkpoint.
std::string Consistency() { return absl::StrCat("old 2\n", kHashes, "\n", kNote); }

TEST(ProofFile, AnInclusionProofIsReadAndWrittenTheSame) {
  const auto proof = ParseProofFile(Inclusion());
  ASSERT_THAT(proof, IsOk());
  const auto& inclusion = std::get<InclusionProofFile>(*proof);
  EXPECT_EQ(inclusion.position, 2u);
  EXPECT_EQ(inclusion.event, std::string("by\0tes", 6));
  EXPECT_EQ(inclusion.hashes.size(), 2u);
  EXPECT_EQ(inclusion.tree_head, kNote);
  EXPECT_EQ(FormatProofFile(*proof), Inclusion());
}

TEST(ProofFile, TheEventAndTheHashesMayBeMissing) {
  const std::string text = absl::StrCat("c2sp.org/tlog-proof@v1\nindex 0\n\n", kNote);
  const auto proof = ParseProofFile(text);
  ASSERT_THAT(proof, IsOk());
  EXPECT_EQ(std::get<InclusionProofFile>(*proof).event, std::nullopt);
  EXPECT_EQ(FormatProofFile(*proof), text);
}

TEST(ProofFile, AConsistencyProofIsReadAndWrittenTheSame) {
  const auto proof = ParseProofFile(Consistency());
  ASSERT_THAT(proof, IsOk());
  EXPECT_EQ(std::get<ConsistencyProofFile>(*proof).old_size, 2u);
  EXPECT_EQ(FormatProofFile(*proof), Consistency());
}

TEST(ProofFile, OtherTextIsRefusedWithItsLine) {
  const struct {
    std::string from, to;
    const char* says;
  } kCases[] = {
      {"@v1", "@v2", "no proof"},
      {"extra YnkAdGVz", "extra YnkAdGVz=", "line 2"},
      {"extra YnkAdGVz", "extra YnkA dGVz", "line 2"},
      {"extra YnkAdGVz\n", "note YnkAdGVz\n", "line 2"},
      {"index 1", "index 01", "line 3"},
      {"index 1", "index -1", "line 3"},
      {"index 1", "index 18446744073709551615", "line 3"},
      {"index 1", "index 18446744073709551616", "line 3"},
      {"bjQLnP+z", "bjQLnP+zz", "line 4"},
      {"hevoB0=", "hevoB1=", "line 4"},
      {"=\n\n", "=\n", "line 6"},
  };
  for (const auto& c : kCases) {
    const std::string text = absl::StrReplaceAll(Inclusion(), {{c.from, c.to}});
    ASSERT_NE(text, Inclusion()) << c.from;
    EXPECT_THAT(ParseProofFile(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.says)))
        << text;
  }
}

TEST(ProofFile, ATextThatIsCutBeforeTheTreeHeadIsRefused) {
  const std::string head = absl::StrCat("\n", kNote);
  const std::string text = Inclusion();
  for (size_t size = 0; size < text.size() - head.size(); ++size) {
    EXPECT_THAT(ParseProofFile(text.substr(0, size)), StatusIs(absl::StatusCode::kInvalidArgument))
        << size;
  }
}

}  // namespace
}  // namespace payfold
