// What is committed is what was reviewed: for random companies, for many callers at
// once, and against what others wrote.

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/admission/ledger_event_id.h"
#include "services/errors.h"
#include "tests/services/what_if_harness.h"
#include "tests/support/folded_company.h"
#include "tests/support/random_cases.h"
#include "tests/support/random_company.h"
#include "tests/support/random_source.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;
using payfold::ReasonOf;

class ReplayCommitTest : public testing::Test {
 protected:
  ReplayCommitTest() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())), what_if_(env_.get()) {}

  // A company of which the last events are asked about.
  void MakeCompany(uint64_t seed) {
    std::vector<v1::Event> events = RandomCompany(seed, {});
    asked_.assign(events.end() - 5, events.end());
    events.resize(events.size() - 5);
    ASSERT_THAT(what_if_.Make(events), IsOk());
  }

  uint64_t Head() { return what_if_.ledger()->ledger->log().head(); }

  std::unique_ptr<rocksdb::Env> env_;
  WhatIfHarness what_if_;
  std::vector<v1::Event> asked_;
};

uint64_t Cases() { return RandomCases(40); }

// In a random order, but configured first, as a ledger is.
std::vector<v1::Event> RandomLog(uint64_t seed) {
  RandomSource random(seed * 17 + 3);
  RandomCompanyOptions options;
  options.features = FeaturesFor(seed, &random);
  std::vector<v1::Event> events = Interleave(seed, RandomCompany(seed, options));
  std::stable_partition(events.begin(), events.end(),
                        [](const v1::Event& event) { return event.has_ledger_configured(); });
  WriteEnvelopes(&events);
  return events;
}

TEST(RandomCommitTest, TheLiveFoldAfterACommitIsThatOfALedgerWithTheEvents) {
  const payfold::Date horizon = Horizon(RandomCompanyOptions());
  size_t changed = 0;
  for (uint64_t seed = 1; seed <= Cases(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const std::vector<v1::Event> all = RandomLog(seed);
    const auto asked = static_cast<std::ptrdiff_t>(1 + seed % 20);
    ASSERT_GT(all.size(), 21);
    const std::unique_ptr<rocksdb::Env> env(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    WhatIfHarness what_if(env.get());
    ASSERT_THAT(what_if.Make({all.begin(), all.end() - asked}), IsOk());
    const absl::StatusOr<v1::Replay> replay =
        what_if.Start("what-if", {all.end() - asked, all.end()});
    ASSERT_THAT(replay, IsOk());
    ASSERT_EQ(replay->state(), v1::SUCCEEDED) << replay->error();
    const std::string before = EngineLines(**what_if.View(), horizon);
    ASSERT_THAT(what_if.Commit(*replay), IsOk());

    FoldedCompany whole;
    ASSERT_THAT(whole.AddAll(all), IsOk());
    const std::string after = EngineLines(**what_if.View(), horizon);
    ASSERT_EQ(after, EngineLines(whole.View(), horizon));
    EXPECT_EQ(replay->differences() > 0, before != after);
    if (before != after) ++changed;
  }
  EXPECT_GT(changed, Cases() / 4);  // Else the test asks nothing.
}

TEST_F(ReplayCommitTest, OfManyCommitsAtOnceOneIsMadeAndTheOthersSaySo) {
  MakeCompany(1);
  const absl::StatusOr<v1::Replay> replay = what_if_.Start("what-if", asked_);
  ASSERT_THAT(replay, IsOk());
  const uint64_t head = Head();
  std::vector<absl::StatusOr<v1::CommitReplayResponse>> answers(8);
  std::vector<std::thread> callers;
  for (auto& answer : answers) {
    callers.emplace_back([&] { answer = what_if_.Commit(*replay); });
  }
  for (std::thread& caller : callers) caller.join();
  int made = 0;
  for (const auto& answer : answers) {
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(answer->replay().state(), v1::COMMITTED);
    if (!answer->was_committed()) ++made;
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(Head(), head + asked_.size() + 1);
}

TEST_F(ReplayCommitTest, ACommitIsTriedAgainWhileOthersAppend) {
  MakeCompany(2);
  const absl::StatusOr<v1::Replay> replay = what_if_.Start("what-if", asked_);
  ASSERT_THAT(replay, IsOk());
  std::atomic<bool> over = false;
  std::thread writer([&] {
    for (int i = 0; !over; ++i) {
      v1::Event event;
      event.set_event_id(absl::StrCat("visit-", i));
      event.set_source("test");
      v1::MetricRecorded* metric = event.mutable_metric_recorded();
      metric->set_metric("visits-that-no-plan-counts");
      metric->set_participant_id("somebody");
      metric->set_occurred_on("2025-01-15");
      metric->set_value("1");
      EXPECT_THAT(what_if_.ledger()->ledger->Append({event}, {.actor = "test"}), IsOk());
    }
  });
  EXPECT_THAT(what_if_.Commit(*replay), IsOk());
  over = true;
  writer.join();
}

TEST_F(ReplayCommitTest, AnApprovalOfAnotherDifferenceApprovesNothing) {
  MakeCompany(3);
  const absl::StatusOr<v1::Replay> replay = what_if_.Start("what-if", asked_, /*four_eyes=*/true);
  ASSERT_THAT(replay, IsOk());
  v1::Event approved;
  approved.set_event_id(payfold::LedgerEventId("replay-approved", "what-if"));
  approved.set_source("payfold");
  approved.mutable_replay_approved()->set_replay_id("what-if");
  approved.mutable_replay_approved()->set_digest(std::string(32, 'x'));
  ASSERT_THAT(what_if_.ledger()->ledger->Append(
                  {approved}, {.actor = "olga", .writer = payfold::Writer::kLedger}),
              IsOk());
  EXPECT_EQ(what_if_.Await("what-if")->state(), v1::SUCCEEDED);
  EXPECT_EQ(ReasonOf(what_if_.Commit(*replay).status()), "REPLAY_NOT_APPROVED");
}

TEST_F(ReplayCommitTest, ALedgerThatIsConfiguredOtherwiseIsAWhatIfToo) {
  std::vector<v1::Event> events = RandomCompany(4, {});
  ASSERT_THAT(what_if_.Make(events), IsOk());
  v1::Event other = *std::find_if(events.begin(), events.end(), [](const v1::Event& event) {
    return event.has_ledger_configured();
  });
  other.set_event_id("other-periods");
  const bool months = other.ledger_configured().payout_period() == v1::LedgerConfigured::MONTH;
  other.mutable_ledger_configured()->set_payout_period(months ? v1::LedgerConfigured::QUARTER
                                                              : v1::LedgerConfigured::MONTH);
  const absl::StatusOr<v1::Replay> replay = what_if_.Start("what-if", {other});
  ASSERT_THAT(replay, IsOk());
  ASSERT_EQ(replay->state(), v1::SUCCEEDED) << replay->error();
  ASSERT_THAT(what_if_.Commit(*replay), IsOk());
  events.push_back(other);
  WriteEnvelopes(&events);
  FoldedCompany whole;
  ASSERT_THAT(whole.AddAll(events), IsOk());
  const payfold::Date horizon = Horizon(RandomCompanyOptions());
  EXPECT_EQ(EngineLines(**what_if_.View(), horizon), EngineLines(whole.View(), horizon));
}

}  // namespace
}  // namespace payfold_testing
