// The projections after kills, power cuts and full disks, also while what another
// format wrote is folded anew: they go on from where they were, and hold what a fold
// from nothing holds.

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/event_log.h"
#include "projections/daily_totals/daily_totals.h"
#include "projections/runtime/digest.h"
#include "projections/runtime/fold_prefix.h"
#include "projections/runtime/generation.h"
#include "projections/runtime/payout_projection.h"
#include "rocksdb/env.h"
#include "rocksdb/write_batch.h"
#include "tests/fault/crash_harness.h"
#include "tests/fault/crash_process.h"
#include "tests/fault/deal_batches.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace payfold_testing {
namespace {

using ::payfold::DailyTotals;
using ::payfold::EventLog;
using ::payfold::PayoutProjection;
using ::payfold::ProjectionFormat;
using ::payfold::ProjectionWorker;
using ::payfold::WorkerOptions;
using ::testing::HasSubstr;

// Smaller than what a few batches append, so that folds anew happen.
constexpr uint64_t kSmallBatch = 8;

// Makes a projection's content one of another format, as another release wrote it.
absl::Status WriteOtherFormat(EventLog* log, const ProjectionFormat& format) {
  ASSIGN_OR_RETURN(const auto generation, payfold::Generation::OpenCurrent(log, format));
  const std::string checkpoint = payfold::EncodeCheckpoint(format.version + 1, log->head());
  rocksdb::WriteBatch batch;
  batch.Put(generation->family(),
            rocksdb::Slice(payfold::kCheckpointKey.data(), payfold::kCheckpointKey.size()),
            checkpoint);
  return log->WriteDerived(&batch, /*sync=*/true);
}

// Folds on, and compares with a fold from nothing.
absl::Status CheckFold(ProjectionWorker& worker) {
  ASSIGN_OR_RETURN(const payfold::RebuildOutcome outcome, worker.Compare(1, nullptr));
  if (outcome.live_digest == outcome.rebuilt_digest) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("at ", outcome.position, " ", worker.name(), " hold ",
                                          outcome.live_digest, ", a fold from nothing ",
                                          outcome.rebuilt_digest));
}

// Folds on in what a crash left, and compares with a fold from nothing. Gives the
// number of the last batch in the log.
absl::StatusOr<uint64_t> CheckAfterCrash(EventLog* log, uint64_t acknowledged) {
  ASSIGN_OR_RETURN(const uint64_t number, CheckCrashLog(*log, acknowledged, DealBatch));
  ASSIGN_OR_RETURN(const auto projection, PayoutProjection::Open(log, {.follow = false}));
  RETURN_IF_ERROR(projection->CatchUp(absl::InfiniteFuture()));
  ASSIGN_OR_RETURN(const std::string digest, projection->Digest());
  payfold::PrefixOptions all;
  all.position = all.plans_position = log->head();
  ASSIGN_OR_RETURN(const payfold::FoldedPrefix clean, payfold::FoldPrefix(*log, all));
  ASSIGN_OR_RETURN(const std::string clean_digest, payfold::DigestOf(*clean.tables));
  ASSIGN_OR_RETURN(const auto totals, DailyTotals::Open(log, {.follow = false}));
  RETURN_IF_ERROR(CheckFold(totals->worker()));
  if (digest == clean_digest) return number;
  return absl::DataLossError(absl::StrCat("at ", log->head(), " the projection holds ", digest,
                                          ", a clean fold ", clean_digest));
}

// Appends and folds on a disk that loses power.
class FoldingWorld {
 public:
  explicit FoldingWorld(uint64_t seed)
      : random_(seed),
        memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())),
        disk_(std::make_shared<FaultyFileSystem>(memory_->GetFileSystem(), seed)),
        env_(NewFaultyEnv(disk_)) {
    log_ = *EventLog::Create(Options());
  }

  // Works until the power goes, opens again, and compares.
  absl::Status CutOnce() {
    // Into any step of a commit, or of a rebuild and its flush.
    disk_->CutPowerAfter(1 + random_() % (random_() % 4 == 0 ? 200 : 40));
    Work();
    log_.reset();
    disk_->RestorePower();
    ASSIGN_OR_RETURN(log_, EventLog::Open(Options()));
    ASSIGN_OR_RETURN(acknowledged_, CheckAfterCrash(log_.get(), acknowledged_));
    return absl::OkStatus();
  }

  uint64_t acknowledged() const { return acknowledged_; }

 private:
  payfold::LogOptions Options() { return TestOptions(env_.get(), nullptr); }

  void Work() {
    if (random_() % 4 == 0) {
      WriteOtherFormat(log_.get(), payfold::kPayoutFormat).IgnoreError();
      WriteOtherFormat(log_.get(), payfold::kDailyTotalsFormat).IgnoreError();
    }
    const bool follow = random_() % 2 == 0;
    const WorkerOptions options{
        .follow = follow, .batch_events = random_() % 2 == 0 ? kSmallBatch : 10'000, .workers = 2};
    const auto projection = PayoutProjection::Open(log_.get(), options);
    if (!projection.ok()) return;  // The power went.
    const auto totals = DailyTotals::Open(log_.get(), options);
    if (!totals.ok()) return;
    const uint64_t wanted = random_() % 20;
    for (uint64_t i = 0; i < wanted && !disk_->power_is_off(); ++i) {
      if (AppendCrashBatch(*log_, acknowledged_ + 1, DealBatch).ok()) ++acknowledged_;
      if (!follow) {
        (*projection)->CatchUp(absl::InfiniteFuture()).IgnoreError();
        (*totals)->worker().CatchUp(absl::InfiniteFuture()).IgnoreError();
      }
      if (random_() % 16 == 0) (*projection)->Rebuild(1, nullptr).status().IgnoreError();
      if (random_() % 16 == 0) (*totals)->worker().Rebuild(2, nullptr).status().IgnoreError();
    }
  }

  std::mt19937_64 random_;
  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<FaultyFileSystem> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<EventLog> log_;
  uint64_t acknowledged_ = 0;
};

TEST(ProjectionFaultTest, AThousandPowerCutsWhileFoldingChangeNothingInIt) {
  constexpr uint64_t kWorlds = 50;
  constexpr int kCuts = 20;
  uint64_t batches = 0;
  for (uint64_t seed = 1; seed <= kWorlds; ++seed) {
    FoldingWorld world(seed);
    for (int cut = 0; cut < kCuts; ++cut) {
      ASSERT_THAT(world.CutOnce(), IsOk()) << "seed " << seed << ", cut " << cut;
    }
    batches += world.acknowledged();
  }
  EXPECT_GT(batches, 1000u);  // It did append.
}

TEST(ProjectionFaultTest, AHundredKillsWhileFoldingChangeNothingInIt) {
  const TempDir dir;
  const auto options = TestOptions(rocksdb::Env::Default(), nullptr, dir.Path("ledger"));
  ASSERT_THAT(EventLog::Create(options), IsOk());
  std::mt19937_64 random(20250102);
  uint64_t acknowledged = 0;
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(round);
    const CrashProcess child(FOLD_CHILD, options.directory, acknowledged + 1);
    // Some kills fall into the opening, most into the appending and folding.
    const bool early = random() % 8 == 0;
    if (!early) acknowledged = std::max(acknowledged, child.Read());
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 50'000));
    ASSERT_TRUE(child.Kill()) << "the child ended by itself";
    for (uint64_t number = child.Read(); number != 0; number = child.Read()) acknowledged = number;
    const auto log = EventLog::Open(options);
    ASSERT_THAT(log, IsOk());
    const auto number = CheckAfterCrash(log->get(), acknowledged);
    ASSERT_THAT(number, IsOk());
    acknowledged = *number;
  }
  EXPECT_GT(acknowledged, 100u);
}

// A ledger with deals on a disk in memory that can be filled.
class SmallDiskTest : public testing::TestWithParam<uint64_t> {
 protected:
  SmallDiskTest()
      : memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())),
        disk_(std::make_shared<FaultyFileSystem>(memory_->GetFileSystem(), GetParam())),
        env_(NewFaultyEnv(disk_)) {
    log_ = *EventLog::Create(TestOptions(env_.get(), nullptr));
    for (uint64_t number = 1; number <= kBatches; ++number) {
      EXPECT_THAT(AppendCrashBatch(*log_, number, DealBatch), IsOk());
    }
    EXPECT_THAT(CheckAfterCrash(log_.get(), kBatches), IsOk());
  }

  void Reopen() {
    log_ = nullptr;
    disk_->MakeRoom();
    log_ = *EventLog::Open(TestOptions(env_.get(), nullptr));
  }

  static constexpr uint64_t kBatches = 50;
  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<FaultyFileSystem> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<EventLog> log_;
};

TEST_P(SmallDiskTest, AFoldAnewThatFillsTheDiskSaysSoAndLeavesNothingHalfDone) {
  ASSERT_THAT(WriteOtherFormat(log_.get(), payfold::kPayoutFormat), IsOk());
  disk_->FillDiskAfter(GetParam());
  {
    const auto payouts =
        PayoutProjection::Open(log_.get(), {.batch_events = kSmallBatch, .workers = 2});
    if (!payouts.ok()) {
      EXPECT_THAT(payouts,
                  StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("the disk is full")));
    } else if (const auto status = (*payouts)->CatchUp(absl::InfiniteFuture()); !status.ok()) {
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, HasSubstr("the disk is full")));
      EXPECT_EQ((*payouts)->View()->position(), 0U);
    } else {
      EXPECT_EQ((*payouts)->View()->position(), log_->head());
    }
  }
  Reopen();
  EXPECT_THAT(CheckAfterCrash(log_.get(), kBatches), IsOkAndHolds(kBatches));
}

TEST_P(SmallDiskTest, ARebuildThatFillsTheDiskSaysSoAndTheOldFoldIsServed) {
  {
    const auto totals = DailyTotals::Open(log_.get(), {.follow = false});
    ASSERT_THAT(totals, IsOk());
    disk_->FillDiskAfter(GetParam());
    const auto outcome = (*totals)->worker().Rebuild(2, nullptr);
    if (!outcome.ok()) {
      EXPECT_THAT(outcome,
                  StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("the disk is full")));
    }
    EXPECT_EQ((*totals)->View()->position(), log_->head());
  }
  Reopen();
  EXPECT_THAT(CheckAfterCrash(log_.get(), kBatches), IsOkAndHolds(kBatches));
}

INSTANTIATE_TEST_SUITE_P(Operations, SmallDiskTest, testing::Range<uint64_t>(1, 25));

}  // namespace
}  // namespace payfold_testing
