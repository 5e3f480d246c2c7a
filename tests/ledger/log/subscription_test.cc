#include "ledger/log/subscription.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/event_log.h"
#include "rocksdb/env.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::AppendNew;
using ::payfold_testing::FakeClock;
using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::MakeEvent;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TestOptions;
using ::testing::ElementsAre;

using SteadyClock = std::chrono::steady_clock;

class SubscriptionTest : public testing::Test {
 protected:
  SubscriptionTest() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    log_ = *EventLog::Create(TestOptions(env_.get(), &clock_));
  }

  void Append(int count) {
    std::vector<NewEvent> events;
    for (int i = 0; i < count; ++i) events.push_back(MakeEvent(std::to_string(next_id_++), "s"));
    ASSERT_THAT(AppendNew(*log_, events), IsOk());
  }

  // The positions that one call gives, without waiting.
  static std::vector<uint64_t> Take(Subscription& subscription, size_t max_events) {
    std::vector<uint64_t> positions;
    const auto given = subscription.Next(max_events, SteadyClock::now(), [&](const EventView& e) {
      positions.push_back(e.position);
      return absl::OkStatus();
    });
    EXPECT_THAT(given, IsOkAndHolds(positions.size()));
    return positions;
  }

  FakeClock clock_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<EventLog> log_;
  int next_id_ = 0;
};

TEST_F(SubscriptionTest, GivesHistoryThenWhatIsAppended) {
  Append(3);
  const auto subscription = log_->Subscribe(1);
  EXPECT_FALSE(subscription->caught_up());
  EXPECT_THAT(Take(*subscription, 1), ElementsAre(2));
  EXPECT_THAT(Take(*subscription, 10), ElementsAre(3));
  EXPECT_TRUE(subscription->caught_up());
  EXPECT_THAT(Take(*subscription, 10), ElementsAre());
  Append(2);
  EXPECT_FALSE(subscription->caught_up());
  EXPECT_THAT(Take(*subscription, 10), ElementsAre(4, 5));
  EXPECT_EQ(subscription->position(), 5u);
}

TEST_F(SubscriptionTest, MayStartBeyondTheHead) {
  Append(1);
  const auto subscription = log_->Subscribe(2);
  EXPECT_THAT(Take(*subscription, 10), ElementsAre());
  Append(2);
  EXPECT_THAT(Take(*subscription, 10), ElementsAre(3));
}

TEST_F(SubscriptionTest, AnEventThatWasRefusedIsGivenAgain) {
  Append(2);
  const auto subscription = log_->Subscribe(0);
  const auto refuse_second = [](const EventView& event) {
    return event.position == 2 ? absl::AbortedError("later") : absl::OkStatus();
  };
  EXPECT_THAT(subscription->Next(10, SteadyClock::now(), refuse_second),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(subscription->position(), 1u);
  EXPECT_THAT(Take(*subscription, 10), ElementsAre(2));
}

TEST_F(SubscriptionTest, CancelEndsWaiting) {
  const auto subscription = log_->Subscribe(0);
  std::thread canceller([&] { subscription->Cancel(); });
  EXPECT_THAT(subscription->Next(1, SteadyClock::time_point::max(),
                                 [](const EventView&) { return absl::OkStatus(); }),
              StatusIs(absl::StatusCode::kCancelled));
  canceller.join();
}

TEST_F(SubscriptionTest, HasNoGapAndNoRepeatWhileOthersAppend) {
  constexpr uint64_t kEvents = 3000;
  constexpr int kSubscribers = 4;
  Append(100);
  std::vector<std::thread> threads;
  for (int s = 0; s < kSubscribers; ++s) {
    threads.emplace_back([this, s] {
      const auto subscription = log_->Subscribe(static_cast<uint64_t>(s) * 10);
      uint64_t expected = static_cast<uint64_t>(s) * 10 + 1;
      while (expected <= kEvents) {
        const auto given =
            subscription->Next(static_cast<size_t>(1 + 7 * s), SteadyClock::time_point::max(),
                               [&](const EventView& event) {
                                 EXPECT_EQ(event.position, expected++);
                                 return absl::OkStatus();
                               });
        ASSERT_THAT(given, IsOk());
        ASSERT_GT(*given, 0u);
      }
      EXPECT_TRUE(subscription->caught_up());
    });
  }
  while (log_->head() < kEvents) Append(static_cast<int>(1 + log_->head() % 10) % 10 + 1);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace payfold
