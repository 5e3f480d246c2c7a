#include "ledger/log/sync_beside.h"

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/database.h"
#include "ledger/log/event_log.h"
#include "ledger/log/fsck.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/gated_logs.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::AppendOnce;
using ::payfold_testing::EachOnce;
using ::payfold_testing::FakeClock;
using ::payfold_testing::GatedLogs;
using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::MakeEvent;
using ::payfold_testing::StatusIs;
using ::payfold_testing::SyncGate;
using ::payfold_testing::TestOptions;
using ::testing::Eq;

constexpr uint64_t kMany = 2'000;

// More than is synced in place.
std::vector<NewEvent> LargeBatch(absl::string_view name) {
  std::vector<NewEvent> events;
  for (uint64_t i = 0; i < kMany; ++i) {
    events.push_back(MakeEvent(absl::StrCat(name, i), absl::StrCat("s", i % 7), 20, {"ana"},
                               std::string(100, 'x')));
  }
  return events;
}

class SyncBesideTest : public testing::Test {
 protected:
  SyncBesideTest()
      : memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())),
        env_(rocksdb::NewCompositeEnv(
            std::make_shared<GatedLogs>(memory_->GetFileSystem(), "/ledger", &gate_))) {
    log_ = *EventLog::Create(TestOptions(env_.get(), &clock_));
  }
  ~SyncBesideTest() override { gate_.Release(); }

  std::future<absl::StatusOr<AppendResult>> Queue(std::vector<NewEvent> events) {
    const auto answer = std::make_shared<std::promise<absl::StatusOr<AppendResult>>>();
    log_->AppendAsync(EachOnce(std::move(events)), [answer](absl::StatusOr<AppendResult> result) {
      answer->set_value(std::move(result));
    });
    return answer->get_future();
  }

  // Whether the database's records come to say that within a while.
  bool ComesToEndAt(uint64_t position) const {
    const absl::Time deadline = absl::Now() + absl::Seconds(20);
    while (log_->records().ReadHead()->position() != position) {
      if (absl::Now() > deadline) return false;
      absl::SleepFor(absl::Milliseconds(1));
    }
    return true;
  }

  rocksdb::Status FlushEventIds() const {
    return log_->database()->Flush(rocksdb::FlushOptions(),
                                   log_->records().family(Family::kEventIds));
  }

  SyncGate gate_;
  FakeClock clock_;
  std::unique_ptr<rocksdb::Env> memory_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(SyncBesideTest, ABatchThatIsNotOnTheDiskIsInMemtablesButNotInTheLog) {
  gate_.Hold();
  std::future<absl::StatusOr<AppendResult>> answer = Queue(LargeBatch("e"));
  gate_.AwaitHeld();
  ASSERT_TRUE(ComesToEndAt(kMany));
  EXPECT_EQ(log_->head(), 0u);
  EXPECT_THAT(log_->FindEventId("e0"), IsOkAndHolds(Eq(std::nullopt)));
  EXPECT_EQ(answer.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  gate_.Release();
  EXPECT_THAT(answer.get(), IsOk());
  EXPECT_EQ(log_->head(), kMany);
  EXPECT_EQ(log_->FindEventId("e0")->value().position, 1u);
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

TEST_F(SyncBesideTest, AfterASyncThatFailedNothingIsInTheLogOrAppendedToIt) {
  ASSERT_THAT(AppendOnce(*log_, LargeBatch("e")), IsOk());
  gate_.fails = true;
  EXPECT_THAT(AppendOnce(*log_, LargeBatch("f")), StatusIs(absl::StatusCode::kUnavailable));
  gate_.fails = false;
  EXPECT_EQ(log_->head(), kMany);
  EXPECT_THAT(log_->FindEventId("f0"), IsOkAndHolds(Eq(std::nullopt)));
  EXPECT_THAT(AppendOnce(*log_, LargeBatch("g")), StatusIs(absl::StatusCode::kUnavailable));
  log_.reset();
  log_ = *EventLog::Open(TestOptions(env_.get(), &clock_));
  EXPECT_THAT(AppendOnce(*log_, LargeBatch("f")), IsOk());
  EXPECT_EQ(log_->head(), 2 * kMany);
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

// Its events are in memtables, where a retry finds them.
TEST_F(SyncBesideTest, ARetryOfABatchWhoseSyncFailedIsNotAcknowledged) {
  gate_.fails = true;
  EXPECT_THAT(AppendOnce(*log_, LargeBatch("f")), StatusIs(absl::StatusCode::kUnavailable));
  gate_.fails = false;
  ASSERT_TRUE(ComesToEndAt(kMany));
  EXPECT_THAT(AppendOnce(*log_, LargeBatch("f")), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(log_->Check(EachOnce(LargeBatch("f"))), StatusIs(absl::StatusCode::kUnavailable));
}

// As a backup would have it, family by family: half a group could outlive the log.
TEST_F(SyncBesideTest, NothingIsFlushedThatIsNotSynced) {
  gate_.Hold();
  std::future<absl::StatusOr<AppendResult>> answer = Queue(LargeBatch("e"));
  gate_.AwaitHeld();
  ASSERT_TRUE(ComesToEndAt(kMany));
  std::future<rocksdb::Status> flushed =
      std::async(std::launch::async, [this] { return FlushEventIds(); });
  EXPECT_EQ(flushed.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  gate_.Release();
  EXPECT_TRUE(flushed.get().ok());
  EXPECT_THAT(answer.get(), IsOk());
  EXPECT_THAT(AppendOnce(*log_, LargeBatch("f")), IsOk());
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

TEST_F(SyncBesideTest, NothingIsFlushedWhoseSyncFailed) {
  gate_.fails = true;
  EXPECT_THAT(AppendOnce(*log_, LargeBatch("f")), StatusIs(absl::StatusCode::kUnavailable));
  gate_.fails = false;
  EXPECT_FALSE(FlushEventIds().ok());
}

TEST_F(SyncBesideTest, OtherFilesThatAreCalledLogsChangeNothing) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  rocksdb::FileSystem* const files = log_->database()->GetFileSystem();
  ASSERT_TRUE(files->CreateDir("/ledger/copy", rocksdb::IOOptions(), nullptr).ok());
  for (const char* path : {"/ledger/copy/000004.log", "/ledger/mine.log", "/000004.log"}) {
    ASSERT_TRUE(files->NewWritableFile(path, rocksdb::FileOptions(), &file, nullptr).ok());
  }
  gate_.Hold();
  std::future<absl::StatusOr<AppendResult>> answer = Queue(LargeBatch("e"));
  gate_.AwaitHeld();
  EXPECT_TRUE(ComesToEndAt(kMany));
  gate_.Release();
  EXPECT_THAT(answer.get(), IsOk());
}

}  // namespace
}  // namespace payfold
