#include "services/page_token.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "payfold/v1/payout_service.pb.h"
#include "services/errors.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

v1::ListLinesRequest QueryFor(const std::string& participant) {
  v1::ListLinesRequest query;
  query.set_participant_id(participant);
  return query;
}

const PageToken kToken{.position = 41, .plans_position = 12, .offset = 1'000};

TEST(PageToken, ComesBackForTheSameQueryAndLedger) {
  const std::string text = EncodePageToken(kToken, QueryFor("ana"), "ledger");
  const absl::StatusOr<PageToken> token = DecodePageToken(text, QueryFor("ana"), "ledger");
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->position, 41U);
  EXPECT_EQ(token->plans_position, 12U);
  EXPECT_EQ(token->offset, 1'000U);
}

TEST(PageToken, IsRefusedForAnotherQueryOrLedger) {
  const std::string text = EncodePageToken(kToken, QueryFor("ana"), "ledger");
  for (const auto& token : {DecodePageToken(text, QueryFor("ben"), "ledger"),
                            DecodePageToken(text, QueryFor("ana"), "another")}) {
    EXPECT_THAT(token, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_token")));
    EXPECT_EQ(ReasonOf(token.status()), kReasonPageToken);
  }
}

TEST(PageToken, IsRefusedWithAnyCharacterChanged) {
  const std::string text = EncodePageToken(kToken, QueryFor("ana"), "ledger");
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(DecodePageToken(changed, QueryFor("ana"), "ledger").ok()) << "at " << i;
  }
}

TEST(PageToken, IsRefusedCutOrMadeUp) {
  const std::string text = EncodePageToken(kToken, QueryFor("ana"), "ledger");
  for (const std::string& bad : {std::string("x"), std::string("not base64!"),
                                 text.substr(0, text.size() - 4), text + "AAAA"}) {
    EXPECT_FALSE(DecodePageToken(bad, QueryFor("ana"), "ledger").ok()) << bad;
  }
}

}  // namespace
}  // namespace payfold
