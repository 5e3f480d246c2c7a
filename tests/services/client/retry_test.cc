#include "services/client/retry.h"

#include <algorithm>
#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/errors.h"

namespace payfold {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;
using ::testing::Optional;

const absl::Time kStart = absl::FromUnixSeconds(1'000);

TEST(Retries, OnlyWhatMayBeBetterInAMomentIsTriedAgain) {
  EXPECT_TRUE(IsWorthRetrying(absl::UnavailableError("")));
  EXPECT_TRUE(IsWorthRetrying(TryAgainError("", absl::Seconds(1))));
  EXPECT_FALSE(IsWorthRetrying(absl::ResourceExhaustedError("too large")));
  for (const absl::StatusCode code :
       {absl::StatusCode::kInvalidArgument, absl::StatusCode::kNotFound,
        absl::StatusCode::kAlreadyExists, absl::StatusCode::kAborted, absl::StatusCode::kInternal,
        absl::StatusCode::kDeadlineExceeded, absl::StatusCode::kCancelled}) {
    EXPECT_FALSE(IsWorthRetrying(absl::Status(code, "")));
    EXPECT_EQ(Retries(absl::InfiniteFuture()).Next(absl::Status(code, "")), std::nullopt);
  }
}

TEST(Retries, WaitsDoubleUpToFiveSecondsAndAreHalfRandom) {
  Retries retries(absl::InfiniteFuture());
  for (absl::Duration longest = absl::Milliseconds(50); longest < absl::Seconds(60); longest *= 2) {
    const absl::Duration limit = std::min(longest, absl::Seconds(5));
    EXPECT_THAT(retries.Next(absl::UnavailableError("")),
                Optional(AllOf(Ge(limit / 2), Le(limit))));
  }
}

TEST(Retries, TheDelayThatAnErrorAsksForIsKept) {
  Retries retries(absl::InfiniteFuture());
  EXPECT_THAT(retries.Next(TryAgainError("", absl::Seconds(7))),
              Optional(AllOf(Ge(absl::Seconds(7)), Le(absl::Seconds(7.05)))));
}

TEST(Retries, NoTryBeginsAfterTheDeadline) {
  Retries retries(kStart + absl::Seconds(1));
  EXPECT_NE(retries.Next(absl::UnavailableError(""), kStart), std::nullopt);
  EXPECT_EQ(retries.Next(TryAgainError("", absl::Seconds(1)), kStart), std::nullopt);
  EXPECT_EQ(retries.Next(absl::UnavailableError(""), kStart + absl::Seconds(1)), std::nullopt);
}

}  // namespace
}  // namespace payfold
