// Replays and commits on a disk that fills up, or loses power, at each of their
// operations in turn: a clear error, the ledger as it was or as it should be, and
// nothing in between.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/runtime/payout_projection.h"
#include "tests/services/what_if_harness.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/folded_company.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;
using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr int kAsked = 5;

// A small company on a faulty disk, and what its ledger is to hold.
class ReplayFaultTest : public testing::Test {
 protected:
  ReplayFaultTest() {
    events_ = RandomCompany(5, {});
    asked_.assign(events_.end() - kAsked, events_.end());
    events_.resize(events_.size() - kAsked);
  }

  // A world of its own, so that each operation can be the one that fails.
  void MakeWorld(uint64_t seed) {
    what_if_ = nullptr;
    env_ = nullptr;
    memory_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    disk_ = std::make_shared<FaultyFileSystem>(memory_->GetFileSystem(), seed);
    env_ = NewFaultyEnv(disk_);
    what_if_ = std::make_unique<WhatIfHarness>(env_.get());
    ASSERT_THAT(what_if_->Make(events_), IsOk());
    ASSERT_THAT(what_if_->View(), IsOk());
    head_ = Head();
    lines_ = Lines();
  }

  uint64_t Head() { return what_if_->ledger()->ledger->log().head(); }
  std::string Lines() { return EngineLines(**what_if_->View(), Horizon(RandomCompanyOptions())); }

  // The disk is sound again, and the ledger opened again.
  void Recover() {
    what_if_->Close();
    disk_->MakeRoom();
    disk_->RestorePower();
    what_if_->Reopen();
    const auto outcome = what_if_->ledger()->payouts->worker().Compare(1, nullptr);
    ASSERT_THAT(outcome, IsOk());
    ASSERT_EQ(outcome->live_digest, outcome->rebuilt_digest);
  }

  std::vector<v1::Event> events_, asked_;
  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<FaultyFileSystem> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<WhatIfHarness> what_if_;
  uint64_t head_ = 0;
  std::string lines_;
};

// What a fault leaves of a replay is none, one that is begun again, or the whole.
TEST_F(ReplayFaultTest, AReplayOnAFullDiskSaysSoAndTheLedgerIsUntouched) {
  bool failed = true;
  int failures = 0;
  for (uint64_t operation = 1; failed; ++operation) {
    SCOPED_TRACE(absl::StrCat("full at operation ", operation));
    ASSERT_LT(operation, 200U);
    ASSERT_NO_FATAL_FAILURE(MakeWorld(operation));
    disk_->FillDiskAfter(operation);
    const absl::StatusOr<v1::Replay> replay = what_if_->Start("what-if", asked_);
    failed = !replay.ok() || replay->state() != v1::SUCCEEDED;
    if (!replay.ok()) {
      EXPECT_THAT(replay,
                  StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("the disk is full")));
    } else if (failed) {
      EXPECT_EQ(replay->state(), v1::FAILED);
      EXPECT_THAT(replay->error(), HasSubstr("the disk is full"));
    }
    // Who reads does not notice.
    EXPECT_EQ(Head(), head_);
    EXPECT_EQ(Lines(), lines_);
    if (failed) ++failures;
    ASSERT_NO_FATAL_FAILURE(Recover());
    EXPECT_EQ(Head(), head_);
    EXPECT_EQ(Lines(), lines_);
    absl::StatusOr<v1::Replay> again = what_if_->Await("what-if");
    if (absl::IsNotFound(again.status())) again = what_if_->Start("what-if", asked_);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->state(), v1::SUCCEEDED) << again->error();
    EXPECT_THAT(what_if_->Commit(*again), IsOk());
  }
  EXPECT_GT(failures, 2);  // Else the test asks nothing.
}

TEST_F(ReplayFaultTest, AReplayThatLosesPowerIsBegunAgainOrWasNeverBegun) {
  bool off = true;
  for (uint64_t operation = 1; off; ++operation) {
    SCOPED_TRACE(absl::StrCat("off at operation ", operation));
    ASSERT_LT(operation, 200U);
    ASSERT_NO_FATAL_FAILURE(MakeWorld(operation));
    disk_->CutPowerAfter(operation);
    const absl::StatusOr<v1::Replay> begun = what_if_->Start("what-if", asked_);
    off = disk_->power_is_off();
    ASSERT_NO_FATAL_FAILURE(Recover());
    EXPECT_EQ(Head(), head_);
    EXPECT_EQ(Lines(), lines_);
    const absl::StatusOr<v1::Replay> kept = what_if_->Await("what-if");
    // Who was told that it had begun finds it.
    if (begun.ok()) {
      ASSERT_THAT(kept, IsOk());
    }
    if (kept.ok()) {
      EXPECT_EQ(kept->state(), v1::SUCCEEDED) << kept->error();
    } else {
      EXPECT_EQ(kept.status().code(), absl::StatusCode::kNotFound);
    }
  }
}

// A commit is one batch with what says that it was committed.
class CommitFaultTest : public ReplayFaultTest {
 protected:
  // Begins a commit that something happens to; checks the answer and what is left.
  void CommitOnce(uint64_t operation, bool power) {
    ASSERT_NO_FATAL_FAILURE(MakeWorld(operation));
    const absl::StatusOr<v1::Replay> replay = what_if_->Start("what-if", asked_);
    ASSERT_THAT(replay, IsOk());
    if (power) {
      disk_->CutPowerAfter(operation);
    } else {
      disk_->FillDiskAfter(operation);
    }
    const auto committed = what_if_->Commit(*replay);
    hit_ = power ? disk_->power_is_off() : !committed.ok();
    if (!power && !committed.ok()) {
      EXPECT_THAT(committed,
                  StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("the disk is full")));
      EXPECT_EQ(Head(), head_);
    }
    ASSERT_NO_FATAL_FAILURE(Recover());
    if (committed.ok() || !power) {
      EXPECT_EQ(Head(), committed.ok() ? head_ + kAsked + 1 : head_);
    } else {
      EXPECT_THAT(Head(), AnyOf(head_, head_ + kAsked + 1));
    }
    const absl::StatusOr<v1::Replay> kept = what_if_->Await("what-if");
    ASSERT_THAT(kept, IsOk());
    EXPECT_EQ(kept->state(), Head() == head_ ? v1::SUCCEEDED : v1::COMMITTED);
    if (Head() == head_) {
      EXPECT_EQ(Lines(), lines_);
    }
    ASSERT_THAT(what_if_->Commit(*kept), IsOk());
    EXPECT_EQ(Head(), head_ + kAsked + 1);
  }

  bool hit_ = true;
};

TEST_F(CommitFaultTest, ACommitOnAFullDiskIsRefusedWhole) {
  int hits = 0;
  for (uint64_t operation = 1; hit_; ++operation, ++hits) {
    SCOPED_TRACE(absl::StrCat("full at operation ", operation));
    ASSERT_LT(operation, 200U);
    ASSERT_NO_FATAL_FAILURE(CommitOnce(operation, /*power=*/false));
  }
  EXPECT_GT(hits, 1);  // Else the test asks nothing.
}

TEST_F(CommitFaultTest, ACommitThatLosesPowerIsMadeWholeOrNot) {
  int hits = 0;
  for (uint64_t operation = 1; hit_; ++operation, ++hits) {
    SCOPED_TRACE(absl::StrCat("off at operation ", operation));
    ASSERT_LT(operation, 200U);
    ASSERT_NO_FATAL_FAILURE(CommitOnce(operation, /*power=*/true));
  }
  EXPECT_GT(hits, 1);
}

}  // namespace
}  // namespace payfold_testing
