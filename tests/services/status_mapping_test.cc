#include "services/status_mapping.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Le;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr size_t kDefaultTrailerLimit = 8'192;

std::vector<FieldViolation> Many(size_t count) {
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < count; ++i) {
    violations.push_back({absl::StrCat("events[", i, "].deal_booked.booked_on"),
                          "\"2025-02-30\" is not a date; write YYYY-MM-DD"});
  }
  return violations;
}

TEST(StatusMapping, KeepsEveryCodeAndMessageThereAndBack) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "what to do");
    const grpc::Status wire = ToGrpc(status);
    EXPECT_EQ(static_cast<int>(wire.error_code()), code);
    EXPECT_THAT(FromGrpc(wire), StatusIs(status.code(), "what to do"));
  }
}

TEST(StatusMapping, OkIsOk) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
}

TEST(StatusMapping, AnErrorWithoutAReasonGetsItsCode) {
  EXPECT_EQ(ReasonOf(FromGrpc(ToGrpc(absl::NotFoundError("none")))), "NOT_FOUND");
}

TEST(StatusMapping, ReasonAndMetadataTravel) {
  const absl::Status status =
      FromGrpc(ToGrpc(WithReason(absl::AbortedError("x"), "STREAM_MOVED", {{"actual", "7"}})));
  EXPECT_EQ(ReasonOf(status), "STREAM_MOVED");
  EXPECT_THAT(MetadataOf(status), ElementsAre(Pair("actual", "7")));
}

TEST(StatusMapping, FieldViolationsTravel) {
  const absl::Status status = FromGrpc(ToGrpc(FieldError("page_size", "X", "is too large")));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "page_size: is too large"));
  EXPECT_THAT(FieldViolationsOf(status), ElementsAre(FieldViolation{"page_size", "is too large"}));
}

TEST(StatusMapping, RetryDelayTravels) {
  const absl::Status status = FromGrpc(ToGrpc(TryAgainError("full", absl::Milliseconds(1500))));
  google::rpc::RetryInfo retry;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.RetryInfo");
  ASSERT_TRUE(payload.has_value());
  ASSERT_TRUE(retry.ParseFromString(std::string(*payload)));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
}

TEST(StatusMapping, GivesAsManyViolationsAsFitAndSaysHowManyThereAre) {
  const absl::Status status =
      WithViolations(absl::InvalidArgumentError("bad"), "DATE_MALFORMED", Many(1'000));
  const size_t given = FieldViolationsOf(status).size();
  EXPECT_GT(given, 40U);
  EXPECT_THAT(MetadataOf(status),
              UnorderedElementsAre(Pair("violations", "1000"),
                                   Pair("violations_given", absl::StrCat(given))));
}

TEST(StatusMapping, TheLargestErrorFitsIntoTheTrailers) {
  const absl::Status status = WithViolations(absl::InvalidArgumentError(std::string(5'000, 'm')),
                                             "DATE_MALFORMED", Many(1'000));
  const grpc::Status wire = ToGrpc(status);
  EXPECT_LE(wire.error_details().size(), kMaxDetailBytes);
  EXPECT_LT(wire.error_details().size() + wire.error_message().size(), kDefaultTrailerLimit);
}

TEST(StatusMapping, CutsLongMessagesBetweenCharacters) {
  std::string message;
  for (int i = 0; i < 400; ++i) message += "é";
  const std::string cut = ToGrpc(absl::InternalError("x" + message)).error_message();
  EXPECT_THAT(cut, SizeIs(Le(kMaxStatusMessageBytes)));
  EXPECT_THAT(cut, EndsWith("é…"));
}

}  // namespace
}  // namespace payfold
