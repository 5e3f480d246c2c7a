#include "tests/support/status_matchers.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace payfold_testing {
namespace {

using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pointee;

const absl::Status& Missing() {
  static const absl::Status status = absl::NotFoundError("no deal D1");
  return status;
}

TEST(StatusMatchersTest, IsOkTellsSuccessFromFailure) {
  EXPECT_THAT(absl::OkStatus(), IsOk());
  EXPECT_THAT(absl::StatusOr<int>(1), IsOk());
  EXPECT_THAT(Missing(), Not(IsOk()));
  EXPECT_THAT(absl::StatusOr<int>(Missing()), Not(IsOk()));
}

TEST(StatusMatchersTest, StatusIsNeedsTheCodeAndTheMessage) {
  EXPECT_THAT(Missing(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Missing(), StatusIs(absl::StatusCode::kNotFound, HasSubstr("D1")));
  EXPECT_THAT(Missing(), Not(StatusIs(absl::StatusCode::kNotFound, HasSubstr("D2"))));
  EXPECT_THAT(Missing(), Not(StatusIs(absl::StatusCode::kInternal, HasSubstr("D1"))));
  EXPECT_THAT(absl::StatusOr<int>(Missing()), StatusIs(absl::StatusCode::kNotFound, "no deal D1"));
  EXPECT_THAT(absl::StatusOr<int>(1), Not(StatusIs(absl::StatusCode::kNotFound)));
}

TEST(StatusMatchersTest, IsOkAndHoldsNeedsTheValue) {
  EXPECT_THAT(absl::StatusOr<int>(3), IsOkAndHolds(3));
  EXPECT_THAT(absl::StatusOr<int>(3), IsOkAndHolds(Gt(2)));
  EXPECT_THAT(absl::StatusOr<std::string>("x"), IsOkAndHolds("x"));
  EXPECT_THAT(absl::StatusOr<int>(3), Not(IsOkAndHolds(4)));
  EXPECT_THAT(absl::StatusOr<int>(Missing()), Not(IsOkAndHolds(3)));
}

TEST(StatusMatchersTest, IsOkAndHoldsTakesValuesThatOnlyMove) {
  EXPECT_THAT(absl::StatusOr<std::unique_ptr<int>>(std::make_unique<int>(3)),
              IsOkAndHolds(Pointee(3)));
}

}  // namespace
}  // namespace payfold_testing
