#include "services/work_stream.h"

#include <atomic>
#include <memory>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using Stream = WorkStream<int>;

TEST(WorkStreamTest, GivesProgressThenTheLastMessageThenEnds) {
  Stream stream([](const Stream::Tell& tell) -> absl::StatusOr<int> {
    tell(1);
    return 2;
  });
  std::vector<int> messages;
  int message = 0;
  while (*stream.Next({}, &message)) messages.push_back(message);
  // Progress that nobody took in time is left out.
  EXPECT_EQ(messages.back(), 2);
  EXPECT_THAT(stream.Next({}, &message), IsOkAndHolds(false));
}

TEST(WorkStreamTest, TheErrorOfTheWorkIsThatOfTheStream) {
  Stream stream(
      [](const Stream::Tell&) -> absl::StatusOr<int> { return absl::DataLossError("damaged"); });
  int message = 0;
  EXPECT_THAT(stream.Next({}, &message), StatusIs(absl::StatusCode::kDataLoss));
}

// The work goes on until it is told that nobody waits.
absl::StatusOr<int> Endless(const Stream::Tell& tell, std::atomic<bool>* ended) {
  while (tell(0)) absl::SleepFor(absl::Milliseconds(1));
  *ended = true;
  return absl::CancelledError("stopped");
}

TEST(WorkStreamTest, WorkThatNobodyWaitsForIsToldToStop) {
  std::atomic<bool> ended = false;
  {
    Stream stream([&ended](const Stream::Tell& tell) { return Endless(tell, &ended); });
    int message = 0;
    EXPECT_THAT(stream.Next({}, &message), IsOkAndHolds(true));
  }
  EXPECT_TRUE(ended);
}

TEST(WorkStreamTest, WorkThatSaysNothingEndsAtTheDeadline) {
  std::atomic<bool> go_on = true;
  Stream stream([&go_on](const Stream::Tell&) -> absl::StatusOr<int> {
    while (go_on) absl::SleepFor(absl::Milliseconds(1));
    return 0;
  });
  Call call;
  call.deadline = absl::Now() + absl::Milliseconds(10);
  int message = 0;
  EXPECT_THAT(stream.Next(call, &message), StatusIs(absl::StatusCode::kDeadlineExceeded));
  go_on = false;
}

}  // namespace
}  // namespace payfold
