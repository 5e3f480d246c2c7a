#include "projections/runtime/projection_worker.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/coding.h"
#include "projections/runtime/generation.h"
#include "projections/runtime/payout_folding.h"
#include "projections/runtime/projection_list.h"
#include "tests/projections/runtime/more_facts.h"
#include "tests/projections/runtime/test_ledger.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::FullDigest;
using ::payfold_testing::IsOk;
using ::payfold_testing::RandomCompany;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TestLedger;
using ::payfold_testing::WithMoreFacts;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

absl::Time NoDeadline() { return absl::InfiniteFuture(); }

// What a test of first folds opens: a company is larger than a batch.
WorkerOptions SmallBatches(bool follow) {
  return {.follow = follow, .batch_events = 16, .workers = 2};
}

// The smallest projection there is: how many events there are.
class EventCount final : public Projection {
 public:
  explicit EventCount(uint64_t version = 1, bool never_ends = false)
      : version_(version), never_ends_(never_ends) {}

  ProjectionFormat format() const override { return {"event-count", version_}; }
  absl::StatusOr<std::unique_ptr<ProjectionFold>> Load(
      EventLog* log, rocksdb::ColumnFamilyHandle* family) const override {
    return std::make_unique<Folding>(log, family, version_);
  }
  absl::StatusOr<std::unique_ptr<FoldedContent>> FoldFromNothing(
      const EventLog& /*log*/, uint64_t position, int /*workers*/,
      const FoldProgress& progress) const override {
    do {
      if (progress && !progress(0, position)) return absl::CancelledError("told so");
    } while (never_ends_);
    return std::make_unique<Content>(position, version_);
  }

  static uint64_t In(const ProjectionWorker& worker) {
    return static_cast<const Count&>(*worker.Published()->view).events;
  }

 private:
  struct Count final : public ProjectionView {
    uint64_t events = 0;
  };

  static std::string Encode(uint64_t events) {
    std::string value;
    PutVarint64(&value, events);
    return value;
  }

  class Folding final : public ProjectionFold {
   public:
    Folding(EventLog* log, rocksdb::ColumnFamilyHandle* family, uint64_t version)
        : changes_(log, family, version) {}
    absl::Status Add(const EventView& /*event*/) override {
      ++added_;
      return absl::OkStatus();
    }
    absl::Status Derive() override {
      const std::string stored = *changes_.entries().Get(kFirstEntryKey);
      absl::string_view rest = stored;
      uint64_t events = 0;
      EXPECT_TRUE(rest.empty() || GetVarint64(&rest, &events));
      events += std::exchange(added_, 0);
      return changes_.Put(kFirstEntryKey, Encode(events));
    }
    StoredChanges& changes() override { return changes_; }
    std::shared_ptr<const ProjectionView> MakeView(uint64_t /*position*/,
                                                   StoredSnapshot content) override {
      auto view = std::make_shared<Count>();
      const std::string stored = *content.entries.Get(kFirstEntryKey);
      absl::string_view rest = stored;
      EXPECT_TRUE(rest.empty() || GetVarint64(&rest, &view->events));
      return view;
    }

   private:
    StoredChanges changes_;
    uint64_t added_ = 0;
  };

  class Content final : public FoldedContent {
   public:
    Content(uint64_t events, uint64_t version) : events_(events), version_(version) {}
    absl::Status ForEachEntry(VisitEntry visit) const override {
      return visit(kFirstEntryKey, Encode(events_));
    }
    absl::StatusOr<std::unique_ptr<ProjectionFold>> GoOn(
        EventLog* log, rocksdb::ColumnFamilyHandle* family) const override {
      return std::make_unique<Folding>(log, family, version_);
    }

   private:
    uint64_t events_;
    uint64_t version_;
  };

  uint64_t version_;
  bool never_ends_;
};

std::unique_ptr<ProjectionWorker> OpenCount(TestLedger& ledger, const WorkerOptions& options,
                                            uint64_t version = 1) {
  return *ProjectionWorker::Open(&ledger.log(), std::make_unique<const EventCount>(version),
                                 options);
}

std::unique_ptr<ProjectionWorker> OpenPayouts(TestLedger& ledger, const WorkerOptions& options) {
  return *ProjectionWorker::Open(&ledger.log(), std::make_unique<const PayoutFolding>(), options);
}

void Put(TestLedger& ledger, const std::string& key, const std::string& value) {
  const auto generation = Generation::OpenCurrent(&ledger.log());
  ASSERT_THAT(generation, IsOk());
  rocksdb::WriteBatch batch;
  batch.Put((*generation)->family(), key, value);
  ASSERT_THAT(ledger.log().WriteDerived(&batch, /*sync=*/false), IsOk());
}

TEST(ProjectionWorkerTest, RunsAnyProjection) {
  const std::vector<v1::Event> events = RandomCompany(1, {});
  const auto all = absl::MakeConstSpan(events);
  for (bool follow : {false, true}) {
    TestLedger ledger;
    auto worker = OpenCount(ledger, {.follow = follow});
    EXPECT_EQ(worker->name(), "event-count");
    ASSERT_THAT(ledger.Append(all.first(30)), IsOk());
    ASSERT_THAT(worker->CatchUp(NoDeadline()), IsOk());
    EXPECT_EQ(EventCount::In(*worker), 30U);
    const auto outcome = worker->Rebuild(2, nullptr);
    ASSERT_THAT(outcome, IsOk());
    EXPECT_EQ(outcome->rebuilt_digest, outcome->live_digest);
    ASSERT_THAT(ledger.Append(all.subspan(30)), IsOk());
    ASSERT_THAT(worker->CatchUp(NoDeadline()), IsOk());
    EXPECT_EQ(EventCount::In(*worker), events.size());
    worker = nullptr;
    ledger.Reopen();
    EXPECT_EQ(EventCount::In(*OpenCount(ledger, {.follow = false})), events.size());
  }
}

TEST(ProjectionWorkerTest, KeepsProjectionsOfOneLogApart) {
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(RandomCompany(2, {})), IsOk());
  const auto count = OpenCount(ledger, {.follow = false});
  const auto payouts = OpenPayouts(ledger, {.follow = false});
  ASSERT_THAT(count->CatchUp(NoDeadline()), IsOk());
  ASSERT_THAT(payouts->CatchUp(NoDeadline()), IsOk());
  ASSERT_THAT(count->Rebuild(1, nullptr), IsOk());
  EXPECT_EQ(*payouts->Digest(), FullDigest(ledger.log()));
  EXPECT_EQ(EventCount::In(*count), ledger.log().head());
  EXPECT_THAT(ledger.log().ListDerived(),
              IsSupersetOf({"derived.event-count.2", "derived.payouts.1"}));
}

TEST(ProjectionWorkerTest, FoldsAnewWhatAnotherFormatWrote) {
  const std::vector<v1::Event> events = WithMoreFacts(3, RandomCompany(3, {}));
  for (bool follow : {false, true}) {
    TestLedger ledger;
    ASSERT_THAT(ledger.Append(events), IsOk());
    ASSERT_THAT(OpenPayouts(ledger, SmallBatches(follow))->CatchUp(NoDeadline()), IsOk());
    Put(ledger, std::string(kCheckpointKey), EncodeCheckpoint(kLayoutVersion + 1, events.size()));
    ledger.Reopen();
    const auto worker = OpenPayouts(ledger, SmallBatches(follow));
    ASSERT_THAT(worker->CatchUp(NoDeadline()), IsOk());
    EXPECT_EQ(*worker->Digest(), FullDigest(ledger.log()));
    EXPECT_EQ(worker->first_fold(), std::nullopt);
    EXPECT_THAT(ledger.log().ListDerived(), ElementsAre("derived.payouts", "derived.payouts.2"));
  }
}

TEST(ProjectionWorkerTest, GoesOnFromAFoldAnewWhenOpenedAgain) {
  const std::vector<v1::Event> events = WithMoreFacts(4, RandomCompany(4, {}));
  const auto all = absl::MakeConstSpan(events);
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(all.first(60)), IsOk());
  ASSERT_THAT(OpenPayouts(ledger, SmallBatches(false))->CatchUp(NoDeadline()), IsOk());
  ledger.Reopen();
  const auto worker = OpenPayouts(ledger, SmallBatches(false));
  EXPECT_EQ(worker->position(), 60U);
  ASSERT_THAT(ledger.Append(all.subspan(60)), IsOk());
  ASSERT_THAT(worker->CatchUp(NoDeadline()), IsOk());
  EXPECT_EQ(*worker->Digest(), FullDigest(ledger.log()));
}

TEST(ProjectionWorkerTest, AFoldThatNeverEndedCountsForNothing) {
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(RandomCompany(5, {})), IsOk());
  Put(ledger, DealKey(0), "half");  // Without a checkpoint.
  ledger.Reopen();
  const auto worker = OpenPayouts(ledger, SmallBatches(false));
  EXPECT_EQ(worker->position(), 0U);
  ASSERT_THAT(worker->CatchUp(NoDeadline()), IsOk());
  EXPECT_EQ(*worker->Digest(), FullDigest(ledger.log()));
}

TEST(ProjectionWorkerTest, SaysHowFarAFirstFoldIsAndEndsItWhenItCloses) {
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(RandomCompany(6, {})), IsOk());
  auto worker = *ProjectionWorker::Open(&ledger.log(),
                                        std::make_unique<const EventCount>(1, /*never_ends=*/true),
                                        SmallBatches(true));
  const auto first_fold = worker->first_fold();
  ASSERT_TRUE(first_fold.has_value());
  EXPECT_EQ(first_fold->events_in_all, ledger.log().head());
  EXPECT_THAT(worker->CatchUp(absl::Now() + absl::Milliseconds(20)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(worker->Rebuild(1, [](uint64_t, uint64_t) { return false; }),
              StatusIs(absl::StatusCode::kCancelled));
  worker = nullptr;
  EXPECT_EQ(OpenCount(ledger, SmallBatches(false))->position(), 0U);
}

TEST(ProjectionWorkerTest, HasNoFirstFoldWhereABatchIsAll) {
  TestLedger ledger;
  EXPECT_EQ(OpenCount(ledger, {.follow = false})->first_fold(), std::nullopt);
  ASSERT_THAT(ledger.Append(RandomCompany(6, {})), IsOk());
  EXPECT_EQ(OpenCount(ledger, {.follow = false})->first_fold(), std::nullopt);
}

TEST(ProjectionListTest, FindsProjectionsByNameAndRebuildsThem) {
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(RandomCompany(7, {})), IsOk());
  const auto count = OpenCount(ledger, {.follow = false});
  const auto payouts = OpenPayouts(ledger, {.follow = false});
  const ProjectionList projections({payouts.get(), count.get()});
  EXPECT_THAT(projections.Names(), ElementsAre("payouts", "event-count"));
  const auto outcome = projections.Rebuild("event-count", 2, nullptr);
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->position, ledger.log().head());
  EXPECT_THAT(projections.Rebuild("totals", 2, nullptr),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("\"totals\""), HasSubstr("payouts, event-count"))));
}

}  // namespace
}  // namespace payfold
