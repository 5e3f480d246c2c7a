#include "projections/facts/run_parallel.h"

#include <atomic>
#include <chrono>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::StatusIs;

TEST(RunParallelTest, RunsEachTaskOnce) {
  for (int workers : {1, 2, 8}) {
    std::vector<std::atomic<int>> runs(100);
    EXPECT_THAT(RunParallel(workers, runs.size(),
                            [&](size_t task) {
                              ++runs[task];
                              return absl::OkStatus();
                            }),
                IsOk());
    for (const std::atomic<int>& run : runs) EXPECT_EQ(run, 1) << workers << " workers";
  }
}

TEST(RunParallelTest, TheErrorOfTheFirstTaskCounts) {
  const auto fail = [](size_t task) { return absl::InternalError(absl::StrCat("task ", task)); };
  for (int workers : {1, 2, 8}) {
    EXPECT_THAT(RunParallel(workers, 100, fail), StatusIs(absl::StatusCode::kInternal, "task 0"));
  }
}

class BackgroundTest : public testing::Test {
 protected:
  ~BackgroundTest() override { LimitBackground(std::numeric_limits<int>::max()); }

  // Some work of a hundred short tasks, in several threads.
  void Work() {
    const Background background;
    EXPECT_THAT(RunParallel(3, 100,
                            [&](size_t) {
                              Count();
                              return absl::OkStatus();
                            }),
                IsOk());
    Count();
  }
  void Count() {
    const int now = ++running_;
    for (int most = most_; now > most && !most_.compare_exchange_weak(most, now);) continue;
    std::this_thread::sleep_for(std::chrono::microseconds(20));
    --running_;
    ++done_;
  }
  void WorkTwice() {
    std::thread other([this] { Work(); });
    Work();
    other.join();
    EXPECT_EQ(done_, 202);
  }

  std::atomic<int> running_ = 0, most_ = 0, done_ = 0;
};

TEST_F(BackgroundTest, NoMoreThreadsThanMayWorkAtOnce) {
  LimitBackground(1);
  WorkTwice();
  EXPECT_EQ(most_, 1);
}

TEST_F(BackgroundTest, AsManyAsMay) {
  LimitBackground(2);
  WorkTwice();
  EXPECT_EQ(most_, 2);
}

TEST_F(BackgroundTest, EachGetsItsTurnWhileAnotherGoesOn) {
  LimitBackground(1);
  std::atomic<bool> began = false, over = false;
  std::thread lengthy([&] {
    const Background background;
    began = true;
    while (!over) Background::TakeTurns();
  });
  while (!began) std::this_thread::yield();
  Work();
  over = true;
  lengthy.join();
  EXPECT_EQ(done_, 101);
}

TEST_F(BackgroundTest, WhoWaitsForALockThatIsHeldOverTurnsHoldsNobodyUp) {
  LimitBackground(1);
  std::mutex mutex;
  std::atomic<int> within = 0;
  const auto work = [&] {
    const Background background;
    for (int i = 0; i < 20; ++i) {
      const std::unique_lock<std::mutex> lock = Background::Lock(&mutex);
      EXPECT_EQ(++within, 1);
      // Long enough for the others to ask for their turn.
      for (int step = 0; step < 10; ++step) {
        std::this_thread::sleep_for(std::chrono::microseconds(300));
        Background::TakeTurns();
      }
      --within;
    }
  };
  std::thread other(work), third(work);
  work();
  other.join();
  third.join();
  EXPECT_EQ(within, 0);
}

TEST_F(BackgroundTest, WorkWithinWorkIsOne) {
  LimitBackground(1);
  const Background outer;
  Work();
  EXPECT_EQ(done_, 101);
}

}  // namespace
}  // namespace payfold
