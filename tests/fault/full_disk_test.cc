// The disk fills up at random moments: one clear error, and an unchanged ledger.

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/event_log.h"
#include "rocksdb/env.h"
#include "tests/fault/crash_harness.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using ::payfold::EventLog;
using ::testing::HasSubstr;

class FullDiskTest : public testing::TestWithParam<uint64_t> {
 protected:
  FullDiskTest()
      : random_(GetParam()),
        memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())),
        disk_(std::make_shared<FaultyFileSystem>(memory_->GetFileSystem(), GetParam())),
        env_(NewFaultyEnv(disk_)) {
    EXPECT_THAT(EventLog::Create(Options()), IsOk());
  }

  payfold::LogOptions Options() { return TestOptions(env_.get(), nullptr); }

  // Appends until that fails; gives the error.
  absl::Status AppendUntilFull(EventLog& log) {
    disk_->FillDiskAfter(1 + random_() % 40);
    for (;;) {
      absl::Status status = AppendCrashBatch(log, acknowledged_ + 1);
      if (!status.ok()) return status;
      ++acknowledged_;
    }
  }

  std::mt19937_64 random_;
  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<FaultyFileSystem> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  uint64_t acknowledged_ = 0;
};

TEST_P(FullDiskTest, SaysSoAndLeavesTheLedgerAsItWas) {
  for (int round = 0; round < 3; ++round) {
    SCOPED_TRACE(round);
    auto log = EventLog::Open(Options());
    ASSERT_THAT(log, IsOk());
    EXPECT_THAT(AppendUntilFull(**log),
                StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("the disk is full")));
    // Readers go on, and see what was there.
    EXPECT_THAT(CheckCrashLog(**log, acknowledged_), IsOkAndHolds(acknowledged_));
    disk_->MakeRoom();
    log->reset();
    log = EventLog::Open(Options());
    ASSERT_THAT(log, IsOk());
    EXPECT_THAT(CheckCrashLog(**log, acknowledged_), IsOkAndHolds(acknowledged_));
  }
}

// Nothing is written on top of a fault: not even once there is room again.
TEST_P(FullDiskTest, WritesNothingUntilItIsOpenedAgain) {
  auto log = EventLog::Open(Options());
  ASSERT_THAT(log, IsOk());
  EXPECT_THAT(AppendUntilFull(**log), StatusIs(absl::StatusCode::kResourceExhausted));
  disk_->MakeRoom();
  EXPECT_THAT(AppendCrashBatch(**log, acknowledged_ + 1),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("opened again")));
  EXPECT_THAT((*log)->SignTreeHead(), StatusIs(absl::StatusCode::kResourceExhausted));
  log->reset();
  log = EventLog::Open(Options());
  ASSERT_THAT(log, IsOk());
  EXPECT_THAT(AppendCrashBatch(**log, acknowledged_ + 1), IsOk());
  EXPECT_THAT(CheckCrashLog(**log, acknowledged_ + 1), IsOkAndHolds(acknowledged_ + 1));
}

// Every batch that is queued has an answer, and the log is what the answers say.
TEST_P(FullDiskTest, AnswersAllThatIsQueuedWhenItFails) {
  auto log = EventLog::Open(Options());
  ASSERT_THAT(log, IsOk());
  disk_->FillDiskAfter(1 + random_() % 6);
  std::vector<absl::Status> answers;
  std::atomic<uint64_t> answered = 0;
  std::atomic<bool> full = false;
  uint64_t queued = 0;
  while (!full) {
    if (queued - answered > 100) continue;
    const uint64_t number = ++queued;
    (*log)->AppendAsync(EachOnce(CrashBatch(number)),
                        [&](const absl::StatusOr<payfold::AppendResult>& result) {
                          answers.push_back(result.status());
                          ++answered;
                          if (!result.ok()) full = true;
                        });
  }
  log->reset();
  ASSERT_EQ(answers.size(), queued);
  const auto failed = std::find_if(answers.begin(), answers.end(),
                                   [](const absl::Status& status) { return !status.ok(); });
  acknowledged_ = static_cast<uint64_t>(failed - answers.begin());
  EXPECT_THAT(std::vector<absl::Status>(failed, answers.end()),
              testing::Each(StatusIs(absl::StatusCode::kResourceExhausted)));
  disk_->MakeRoom();
  log = EventLog::Open(Options());
  ASSERT_THAT(log, IsOk());
  EXPECT_THAT(CheckCrashLog(**log, acknowledged_), IsOkAndHolds(acknowledged_));
}

INSTANTIATE_TEST_SUITE_P(Seeds, FullDiskTest, testing::Range<uint64_t>(1, 21));

}  // namespace
}  // namespace payfold_testing
