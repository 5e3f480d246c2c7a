// The power goes at random moments, and takes with it what was not synced.

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/event_log.h"
#include "rocksdb/env.h"
#include "tests/fault/crash_harness.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using ::payfold::EventLog;
using ::payfold::TreeHead;

// A ledger on a disk that loses power; what was promised survives.
class PowerCutWorld {
 public:
  explicit PowerCutWorld(uint64_t seed)
      : random_(seed),
        memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())),
        disk_(std::make_shared<FaultyFileSystem>(memory_->GetFileSystem(), seed)),
        env_(NewFaultyEnv(disk_)) {
    log_ = *EventLog::Create(Options());
  }

  // Appends until the power goes (while appending, or closing), opens again, and
  // compares what is left.
  absl::Status CutOnce() {
    // Few enough to fall into any step of a commit, enough to reach a flush.
    disk_->CutPowerAfter(1 + random_() % (random_() % 4 == 0 ? 200 : 30));
    const uint64_t wanted = random_() % 20;
    const uint64_t queued = random_() % 2 * wanted;
    if (queued > 0) {
      Queue(queued);
    } else {
      Append(wanted);
    }
    log_.reset();
    disk_->RestorePower();
    ASSIGN_OR_RETURN(log_, EventLog::Open(Options()));
    return Compare(std::max<uint64_t>(1, queued));
  }

  uint64_t acknowledged() const { return acknowledged_; }

 private:
  payfold::LogOptions Options() { return TestOptions(env_.get(), nullptr); }

  void Append(uint64_t wanted) {
    for (uint64_t i = 0; i < wanted && !disk_->power_is_off(); ++i) {
      if (AppendCrashBatch(*log_, acknowledged_ + 1).ok()) ++acknowledged_;
      if (random_() % 8 == 0) {
        absl::StatusOr<TreeHead> head = log_->SignTreeHead();
        if (head.ok()) promised_.push_back(*std::move(head));
      }
    }
  }

  // All at once: some are decided while others are written. Waits for the answers.
  void Queue(uint64_t wanted) {
    const uint64_t before = acknowledged_;
    for (uint64_t i = 1; i <= wanted; ++i) {
      log_->AppendAsync(EachOnce(CrashBatch(before + i)),
                        [this](const absl::StatusOr<payfold::AppendResult>& result) {
                          if (result.ok()) ++acknowledged_;
                        });
    }
    log_.reset();
  }

  absl::Status Compare(uint64_t under_way) {
    ASSIGN_OR_RETURN(acknowledged_, CheckCrashLog(*log_, acknowledged_, CrashBatch, under_way));
    for (const TreeHead& head : promised_) {
      ASSIGN_OR_RETURN(const auto kept, log_->ListTreeHeads(head.size, head.size, 1));
      if (kept.size() != 1 || kept.front().note != head.note) {
        return absl::DataLossError(absl::StrCat("the tree head of size ", head.size, " is gone"));
      }
    }
    return absl::OkStatus();
  }

  std::mt19937_64 random_;
  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<FaultyFileSystem> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<EventLog> log_;
  uint64_t acknowledged_ = 0;
  std::vector<TreeHead> promised_;
};

TEST(PowerCutTest, AThousandCutsLoseNothingThatWasAcknowledged) {
  constexpr uint64_t kWorlds = 50;
  constexpr int kCuts = 20;
  uint64_t batches = 0;
  for (uint64_t seed = 1; seed <= kWorlds; ++seed) {
    PowerCutWorld world(seed);
    for (int cut = 0; cut < kCuts; ++cut) {
      ASSERT_THAT(world.CutOnce(), IsOk()) << "seed " << seed << ", cut " << cut;
    }
    batches += world.acknowledged();
  }
  EXPECT_GT(batches, 1000u);  // It did append.
}

}  // namespace
}  // namespace payfold_testing
