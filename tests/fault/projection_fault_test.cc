// The projection after kills and power cuts: it goes on from where it was, and holds
// what a fold from nothing holds.

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
#include "projections/runtime/digest.h"
#include "projections/runtime/fold_prefix.h"
#include "projections/runtime/payout_projection.h"
#include "rocksdb/env.h"
#include "tests/fault/crash_harness.h"
#include "tests/fault/crash_process.h"
#include "tests/fault/deal_batches.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace payfold_testing {
namespace {

using ::payfold::EventLog;
using ::payfold::PayoutProjection;

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
    const bool follow = random_() % 2 == 0;
    const auto projection = PayoutProjection::Open(log_.get(), {.follow = follow});
    if (!projection.ok()) return;  // The power went.
    const uint64_t wanted = random_() % 20;
    for (uint64_t i = 0; i < wanted && !disk_->power_is_off(); ++i) {
      if (AppendCrashBatch(*log_, acknowledged_ + 1, DealBatch).ok()) ++acknowledged_;
      if (!follow) (*projection)->CatchUp(absl::InfiniteFuture()).IgnoreError();
      if (random_() % 16 == 0) (*projection)->Rebuild(1, nullptr).status().IgnoreError();
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

}  // namespace
}  // namespace payfold_testing
