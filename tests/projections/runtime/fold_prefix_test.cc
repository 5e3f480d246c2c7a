#include "projections/runtime/fold_prefix.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/facts/fold.h"
#include "projections/facts/load_reference.h"
#include "projections/runtime/digest.h"
#include "projections/runtime/live_fold.h"
#include "tests/projections/runtime/close_facts.h"
#include "tests/projections/runtime/more_facts.h"
#include "tests/projections/runtime/test_ledger.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"
#include "tools/workload/standard_company.h"

namespace payfold {
namespace {

using ::payfold_testing::AppendNew;
using ::payfold_testing::CloseOf;
using ::payfold_testing::IsOk;
using ::payfold_testing::PlainFold;
using ::payfold_testing::RandomCompany;
using ::payfold_testing::SmallCompany;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TestLedger;
using ::payfold_testing::ToText;
using ::payfold_testing::WithMoreFacts;

PrefixOptions UpTo(uint64_t position, uint64_t plans_position, int workers = 1) {
  PrefixOptions options;
  options.position = position;
  options.plans_position = plans_position;
  options.workers = workers;
  return options;
}

TEST(FoldPrefixTest, HoldsWhatALedgerThatStoppedThereHolds) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<v1::Event> events = WithMoreFacts(seed, RandomCompany(seed, SmallCompany()));
    TestLedger ledger;
    ASSERT_THAT(ledger.Append(events), IsOk());
    PlainFold stopped(ledger.log());
    for (uint64_t position = 1; position <= events.size(); ++position) {
      const int workers = position % 2 == 0 ? 2 : 1;
      const auto prefix = FoldPrefix(ledger.log(), UpTo(position, position, workers));
      ASSERT_THAT(prefix, IsOk());
      ASSERT_EQ(*DigestOf(*prefix->tables), stopped.DigestAt(position)) << position;
    }
  }
}

TEST(FoldPrefixTest, ItsReferenceIsWhatItsTablesSay) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    const std::vector<v1::Event> events = WithMoreFacts(seed, RandomCompany(seed, {}));
    TestLedger ledger;
    ASSERT_THAT(ledger.Append(events), IsOk());
    const auto prefix = FoldPrefix(ledger.log(), UpTo(events.size(), events.size(), 2));
    ASSERT_THAT(prefix, IsOk());
    const absl::StatusOr<Reference> loaded = LoadReference(*prefix->tables);
    ASSERT_THAT(loaded, IsOk());
    EXPECT_EQ(ToText(*prefix->reference), ToText(*loaded)) << "seed " << seed;
  }
}

TEST(FoldPrefixTest, HoldsClosesWhereverItStops) {
  const std::vector<v1::Event> events = WithMoreFacts(3, RandomCompany(3, SmallCompany()));
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(events), IsOk());
  ASSERT_THAT(AppendNew(ledger.log(), CloseOf("2025-01", "2025-01-01")), IsOk());
  ASSERT_THAT(AppendNew(ledger.log(), CloseOf("2025-02", "2025-02-01")), IsOk());
  PlainFold stopped(ledger.log());
  for (uint64_t position = events.size(); position <= ledger.log().head(); ++position) {
    const auto prefix = FoldPrefix(ledger.log(), UpTo(position, position, 2));
    ASSERT_THAT(prefix, IsOk());
    ASSERT_EQ(*DigestOf(*prefix->tables), stopped.DigestAt(position)) << position;
    EXPECT_EQ(ToText(*prefix->reference), ToText(*LoadReference(*prefix->tables)));
  }
}

// The plain reading of the rule: leave out what is not known, and fold.
std::string DigestWithPlansOf(const EventLog& log, uint64_t position, uint64_t plans_position) {
  MemoryTables tables;
  Fold fold(&tables, Reference(), FindPositionIn(&log));
  const std::unique_ptr<EventCursor> events = log.Read({});
  while (events->Next()) {
    const EventView& event = events->event();
    const bool of_plans =
        event.kind == v1::Event::kPlanPublished || event.kind == v1::Event::kPlanRetired;
    if (event.position > (of_plans ? plans_position : position)) continue;
    EXPECT_THAT(fold.Add(event), IsOk());
  }
  EXPECT_THAT(events->status(), IsOk());
  EXPECT_THAT(fold.Derive(), IsOk());
  return *DigestOf(tables);
}

// Retires the first plan that the company has.
v1::Event Retirement(const std::vector<v1::Event>& company) {
  v1::Event retired;
  retired.set_event_id("retired");
  retired.set_source("test");
  retired.mutable_plan_retired()->set_effective_to("2025-03-15");
  for (const v1::Event& event : company) {
    if (!event.has_plan_published()) continue;
    retired.mutable_plan_retired()->set_plan_id(event.plan_published().plan().plan_id());
    break;
  }
  return retired;
}

TEST(FoldPrefixTest, KnowsPlansAsOfAnotherPosition) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    std::vector<v1::Event> events = WithMoreFacts(seed, RandomCompany(seed, SmallCompany()));
    events.push_back(Retirement(events));
    TestLedger ledger;
    ASSERT_THAT(ledger.Append(events), IsOk());
    const uint64_t end = events.size();
    for (uint64_t position : {end / 3, end / 2, end - 1, end}) {
      for (uint64_t plans : {uint64_t{1}, end / 2, end - 1, end}) {
        SCOPED_TRACE(absl::StrCat("seed ", seed, ", ", position, ", plans of ", plans));
        const auto prefix = FoldPrefix(ledger.log(), UpTo(position, plans, 2));
        ASSERT_THAT(prefix, IsOk());
        EXPECT_EQ(*DigestOf(*prefix->tables), DigestWithPlansOf(ledger.log(), position, plans));
      }
    }
  }
}

// Pieces of the log, shards of deals and groups of participants, all more than one.
TEST(FoldPrefixTest, HoldsALargeCompanyWithAnyNumberOfWorkers) {
  const StandardCompany company({.deals = 17'000});
  TestLedger ledger;
  std::vector<v1::Event> batch;
  for (int64_t i = 0; i < company.event_count(); ++i) {
    batch.push_back(company.EventAt(i));
    if (batch.size() < 1000 && i + 1 < company.event_count()) continue;
    ASSERT_THAT(ledger.Append(batch), IsOk());
    batch.clear();
  }
  const uint64_t end = ledger.log().head();
  const std::string want = PlainFold(ledger.log()).DigestAt(end);
  for (int workers : {1, 2, 8}) {
    const auto prefix = FoldPrefix(ledger.log(), UpTo(end, end, workers));
    ASSERT_THAT(prefix, IsOk());
    EXPECT_EQ(*DigestOf(*prefix->tables), want) << workers << " workers";
  }
}

TEST(FoldPrefixTest, TellsHowFarItIsAndEndsWhenToldTo) {
  const std::vector<v1::Event> events = RandomCompany(1, {});
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(events), IsOk());
  PrefixOptions options = UpTo(events.size(), events.size());
  uint64_t folded = 0;
  options.progress = [&](uint64_t done, uint64_t all) {
    folded = done;
    return all == events.size();
  };
  ASSERT_THAT(FoldPrefix(ledger.log(), options), IsOk());
  EXPECT_EQ(folded, events.size());
  options.progress = [](uint64_t, uint64_t) { return false; };
  EXPECT_THAT(FoldPrefix(ledger.log(), options), StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace payfold
