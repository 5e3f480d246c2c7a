// What if and backfill, as a client sees them: preview, review, commit.

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "projections/replay/runner.h"
#include "projections/replay/store.h"
#include "tests/services/finance_harness.h"

namespace payfold_testing {
namespace {

namespace v1 = payfold::v1;
using payfold::ReasonOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

using Replays = v1::ReplayService::Stub;

// The plan of the harness, at another rate.
std::string PlanAt(const std::string& rate) {
  return absl::StrReplaceAll(kPlanDocument, {{"10%", rate}});
}

std::vector<std::string> TextOf(const google::protobuf::RepeatedPtrField<v1::Difference>& rows) {
  std::vector<std::string> texts;
  for (const v1::Difference& row : rows) {
    texts.push_back(absl::StrCat(row.participant_id(), " ", row.period(), " ", row.plan_id(), "/",
                                 row.component_id(), " ", row.currency(), " ", row.before(), " ",
                                 row.after(), " ", row.difference()));
  }
  return texts;
}

class ReplayServiceTest : public FinanceTest {
 protected:
  // Waits for its end.
  absl::StatusOr<v1::Replay> Start(const v1::StartReplayRequest& request,
                                   const std::string& as = "petra") {
    const auto started = harness_.Call(*harness_.replays, &Replays::StartReplay, request, as);
    if (!started.ok()) return started.status();
    return Await(started->replay().replay_id());
  }
  v1::Replay Await(const std::string& id) {
    v1::WatchReplayRequest request;
    request.set_replay_id(id);
    grpc::ClientContext context;
    const auto reader = harness_.replays->WatchReplay(&context, request);
    v1::WatchReplayResponse last;
    while (reader->Read(&last)) continue;
    EXPECT_TRUE(reader->Finish().ok());
    return last.replay();
  }
  // The harness's plan at another rate, under an id.
  v1::Replay MustStartRate(const std::string& id, const std::string& rate) {
    v1::StartReplayRequest request;
    request.set_replay_id(id);
    request.add_plan_documents(PlanAt(rate));
    const absl::StatusOr<v1::Replay> replay = Start(request);
    EXPECT_THAT(replay, IsOk());
    EXPECT_EQ(replay->state(), v1::SUCCEEDED) << replay->error();
    return *replay;
  }
  absl::StatusOr<v1::GetReplayResponse> Get(const std::string& id) {
    v1::GetReplayRequest request;
    request.set_replay_id(id);
    request.set_with_events(true);
    return harness_.Call(*harness_.replays, &Replays::GetReplay, request);
  }
  std::vector<std::string> List() {
    const auto response =
        harness_.Call(*harness_.replays, &Replays::ListReplays, v1::ListReplaysRequest());
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> ids;
    for (const v1::Replay& replay : response->replays()) ids.push_back(replay.replay_id());
    return ids;
  }
  absl::StatusOr<v1::ListDifferencesResponse> Differences(const std::string& id,
                                                          bool with_lines = false) {
    v1::ListDifferencesRequest request;
    request.set_replay_id(id);
    request.set_with_lines(with_lines);
    return harness_.Call(*harness_.replays, &Replays::ListDifferences, request);
  }
  absl::StatusOr<v1::CommitReplayResponse> Commit(const v1::Replay& replay,
                                                  const std::string& as = "petra",
                                                  bool validate_only = false) {
    v1::CommitReplayRequest request;
    request.set_replay_id(replay.replay_id());
    request.set_digest(replay.digest());
    request.set_reason("agreed");
    request.set_validate_only(validate_only);
    return harness_.Call(*harness_.replays, &Replays::CommitReplay, request, as);
  }
  absl::StatusOr<v1::ApproveReplayResponse> ApproveReplay(const v1::Replay& replay,
                                                          const std::string& as) {
    v1::ApproveReplayRequest request;
    request.set_replay_id(replay.replay_id());
    request.set_digest(replay.digest());
    return harness_.Call(*harness_.replays, &Replays::ApproveReplay, request, as);
  }
  absl::StatusOr<v1::CancelReplayResponse> Cancel(const std::string& id) {
    v1::CancelReplayRequest request;
    request.set_replay_id(id);
    return harness_.Call(*harness_.replays, &Replays::CancelReplay, request);
  }
  int64_t EarnedBy(const std::string& participant, const std::string& period) {
    v1::GetStatementRequest request;
    request.mutable_context()->set_min_position(Head());
    request.set_participant_id(participant);
    request.set_period(period);
    const auto response =
        harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::GetStatement, request);
    EXPECT_THAT(response, IsOk());
    return response->statements(0).earned_minor_units();
  }
  // A replay that was running when the ledger was closed: one that waits for a
  // position that never comes keeps running.
  void KeepInterrupted(const std::string& id, uint64_t position) {
    payfold::ReplayStore store(&(*harness_.workspace.Get("main"))->ledger->log());
    v1::Replay replay;
    replay.set_replay_id(id);
    replay.set_state(v1::RUNNING);
    replay.set_position(position);
    ASSERT_THAT(store.Begin(replay, {}), IsOk());
  }
  void Reopen() {
    ASSERT_THAT(harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::CloseLedger,
                              v1::CloseLedgerRequest()),
                IsOk());
  }
};

TEST_F(ReplayServiceTest, AReplayShowsWhatAPlanWouldChangeAndChangesNothing) {
  const uint64_t head = Head();
  const v1::Replay replay = MustStartRate("june", "15%");
  EXPECT_EQ(replay.position(), head);
  EXPECT_EQ(replay.started_by(), "petra");
  EXPECT_EQ(replay.events(), 1);
  ASSERT_EQ(replay.totals_size(), 1);
  EXPECT_EQ(replay.totals(0).before_minor_units(), 40'000);
  EXPECT_EQ(replay.totals(0).after_minor_units(), 60'000);
  EXPECT_EQ(replay.totals(0).better_off(), 2);
  EXPECT_EQ(replay.totals(0).worse_off(), 0);
  const auto rows = Differences("june");
  ASSERT_THAT(rows, IsOk());
  EXPECT_THAT(TextOf(rows->differences()),
              ElementsAre("ana 2025-01 ae/commission USD 10000 15000 5000",
                          "ana 2025-02 ae/commission USD 10000 15000 5000",
                          "ben 2025-01 ae/commission USD 10000 15000 5000",
                          "ben 2025-02 ae/commission USD 10000 15000 5000"));
  EXPECT_EQ(Head(), head);
  EXPECT_EQ(EarnedBy("ana", "2025-01"), 10'000);
}

TEST_F(ReplayServiceTest, EachDifferenceIsExplainedOnBothSides) {
  MustStartRate("june", "15%");
  const auto rows = Differences("june", /*with_lines=*/true);
  ASSERT_THAT(rows, IsOk());
  ASSERT_EQ(rows->differences(0).lines_size(), 1);
  const v1::LineDifference& line = rows->differences(0).lines(0);
  EXPECT_THAT(line.before().explanation().sentence(), HasSubstr("10%"));
  EXPECT_THAT(line.after().explanation().sentence(), HasSubstr("15%"));
}

TEST_F(ReplayServiceTest, ACommitMakesWhatWasReviewed) {
  const v1::Replay replay = MustStartRate("june", "15%");
  const uint64_t head = Head();
  const auto committed = Commit(replay);
  ASSERT_THAT(committed, IsOk());
  EXPECT_FALSE(committed->was_committed());
  EXPECT_EQ(committed->results_size(), 2);
  EXPECT_EQ(Head(), head + 2);
  EXPECT_EQ(committed->replay().state(), v1::COMMITTED);
  EXPECT_EQ(committed->replay().committed_by(), "petra");
  EXPECT_EQ(committed->replay().committed_position(), head + 2);
  EXPECT_EQ(EarnedBy("ana", "2025-01"), 15'000);
  v1::GetEventRequest request;
  request.set_position(head + 2);
  const auto event = harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::GetEvent, request);
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->event().event().stream(), "replays/june");
  EXPECT_EQ(event->event().event().replay_committed().digest(), replay.digest());
}

TEST_F(ReplayServiceTest, ASecondCommitChangesNothing) {
  const v1::Replay replay = MustStartRate("june", "15%");
  ASSERT_THAT(Commit(replay), IsOk());
  const uint64_t head = Head();
  const auto again = Commit(replay, "olga");
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->was_committed());
  EXPECT_EQ(again->replay().committed_by(), "petra");
  EXPECT_EQ(Head(), head);
}

TEST_F(ReplayServiceTest, ACommitThatIsOnlyValidatedWritesNothing) {
  const v1::Replay replay = MustStartRate("june", "15%");
  const uint64_t head = Head();
  ASSERT_THAT(Commit(replay, "petra", /*validate_only=*/true), IsOk());
  EXPECT_EQ(Head(), head);
  EXPECT_EQ(Get("june")->replay().state(), v1::SUCCEEDED);
}

TEST_F(ReplayServiceTest, WhatWasReviewedIsWhatHappensOrNothing) {
  const v1::Replay replay = MustStartRate("june", "15%");
  harness_.MustAppend({Deal("ana", "2025-01-20")});
  const uint64_t head = Head();
  const auto refused = Commit(replay);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAborted, HasSubstr("start it again")));
  EXPECT_EQ(ReasonOf(refused.status()), "REPLAY_CHANGED");
  EXPECT_EQ(Head(), head);

  v1::StartReplayRequest request;
  request.set_replay_id("june-2");
  request.set_events_of("june");
  const absl::StatusOr<v1::Replay> again = Start(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(absl::BytesToHexString(again->digest()),
            payfold::MetadataOf(refused.status()).at("digest"));
  EXPECT_THAT(Commit(*again), IsOk());
}

TEST_F(ReplayServiceTest, FactsThatChangeNoDifferenceDoNotHinderACommit) {
  v1::StartReplayRequest request;
  request.set_replay_id("split");
  *request.add_events() = EventOf(
      "event_id: 's' source: 'crm' credit_split { deal_id: 'D-1' shares { participant_id: "
      "'ana' share: '0.5' } shares { participant_id: 'ben' share: '0.5' } }");
  const absl::StatusOr<v1::Replay> replay = Start(request);
  ASSERT_THAT(replay, IsOk());
  harness_.MustAppend({Deal("ana", "2025-01-20")});
  EXPECT_THAT(Commit(*replay), IsOk());
  EXPECT_EQ(EarnedBy("ana", "2025-01"), 15'000);
  EXPECT_EQ(EarnedBy("ben", "2025-01"), 15'000);
}

TEST_F(ReplayServiceTest, ClosedPeriodsBecomeTrueUpsThatTheNextClosePosts) {
  ASSERT_THAT(Close("2025-01"), IsOk());
  const v1::Replay replay = MustStartRate("june", "15%");
  EXPECT_EQ(replay.true_ups(), 2U);
  EXPECT_EQ(replay.totals(0).true_ups_minor_units(), 10'000);
  v1::ListTrueUpsRequest request;
  request.set_replay_id("june");
  const auto true_ups = harness_.Call(*harness_.replays, &Replays::ListTrueUps, request);
  ASSERT_THAT(true_ups, IsOk());
  ASSERT_EQ(true_ups->true_ups_size(), 2);
  EXPECT_EQ(true_ups->true_ups(0).participant_id(), "ana");
  EXPECT_EQ(true_ups->true_ups(0).origin_period(), "2025-01");
  EXPECT_EQ(true_ups->true_ups(0).difference_minor_units(), 5'000);
  ASSERT_THAT(Commit(replay), IsOk());
  ASSERT_THAT(Close("2025-02"), IsOk());
  v1::GetStatementRequest statement;
  statement.mutable_context()->set_min_position(Head());
  statement.set_participant_id("ana");
  statement.set_period("2025-02");
  const auto posted =
      harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::GetStatement, statement);
  ASSERT_THAT(posted, IsOk());
  EXPECT_EQ(posted->statements(0).prior_adjustments_minor_units(), 5'000);
}

TEST_F(ReplayServiceTest, FourEyesAskForAnotherPrincipal) {
  v1::StartReplayRequest request;
  request.set_replay_id("june");
  request.add_plan_documents(PlanAt("15%"));
  request.set_four_eyes(true);
  const absl::StatusOr<v1::Replay> replay = Start(request);
  ASSERT_THAT(replay, IsOk());
  const auto early = Commit(*replay);
  EXPECT_THAT(early, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("approve")));
  EXPECT_EQ(ReasonOf(early.status()), "REPLAY_NOT_APPROVED");
  const auto own = ApproveReplay(*replay, "petra");
  EXPECT_EQ(own.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(own.status()), "SAME_PRINCIPAL");
  const auto approved = ApproveReplay(*replay, "olga");
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->replay().state(), v1::REPLAY_APPROVED);
  EXPECT_EQ(approved->replay().approved_by(), "olga");
  const auto again = ApproveReplay(*replay, "olga");
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->was_approved());
  EXPECT_THAT(Commit(*replay), IsOk());
}

TEST_F(ReplayServiceTest, APartThatWasReviewedIsNotCommittedAsTheWhole) {
  v1::StartReplayRequest request;
  request.set_replay_id("june");
  request.add_plan_documents(PlanAt("15%"));
  request.mutable_scope()->add_participant_ids("ana");
  request.mutable_scope()->set_first_period("2025-02");
  const absl::StatusOr<v1::Replay> replay = Start(request);
  ASSERT_THAT(replay, IsOk());
  EXPECT_THAT(TextOf(Differences("june")->differences()),
              ElementsAre("ana 2025-02 ae/commission USD 10000 15000 5000"));
  EXPECT_EQ(replay->participants_total(), 1U);
  const auto refused = Commit(*replay);
  EXPECT_EQ(ReasonOf(refused.status()), "REPLAY_SCOPE_TOO_NARROW");
}

TEST_F(ReplayServiceTest, TwoPlansAreComparedWithOneAnother) {
  MustStartRate("a", "15%");
  MustStartRate("b", "12%");
  v1::CompareReplaysRequest request;
  request.set_a("a");
  request.set_b("b");
  request.mutable_filter()->set_participant_id("ana");
  const auto compared = harness_.Call(*harness_.replays, &Replays::CompareReplays, request);
  ASSERT_THAT(compared, IsOk());
  EXPECT_THAT(TextOf(compared->differences()),
              ElementsAre("ana 2025-01 ae/commission USD 15000 12000 -3000",
                          "ana 2025-02 ae/commission USD 15000 12000 -3000"));
  EXPECT_EQ(compared->totals(0).worse_off(), 1);
  harness_.MustAppend({Deal("ana", "2025-01-20")});
  MustStartRate("c", "12%");
  request.set_b("c");
  const auto refused = harness_.Call(*harness_.replays, &Replays::CompareReplays, request);
  EXPECT_EQ(ReasonOf(refused.status()), "REPLAYS_NOT_COMPARABLE");
}

TEST_F(ReplayServiceTest, AStandOnThePastIsThatOfThePast) {
  const uint64_t before = Head();
  harness_.MustAppend({Deal("ana", "2025-01-20")});
  v1::StartReplayRequest request;
  request.set_replay_id("then");
  request.add_plan_documents(PlanAt("15%"));
  request.mutable_as_of()->set_position(before);
  const absl::StatusOr<v1::Replay> replay = Start(request);
  ASSERT_THAT(replay, IsOk());
  EXPECT_EQ(replay->position(), before);
  EXPECT_EQ(replay->totals(0).before_minor_units(), 40'000);
}

TEST_F(ReplayServiceTest, BadEventsAreNamedAndNothingIsKept) {
  v1::StartReplayRequest request;
  *request.add_events() = EventOf(
      "event_id: 's' source: 'crm' credit_split { deal_id: 'D-1' shares { participant_id: "
      "'ana' share: '0.9' } }");
  *request.add_events() =
      EventOf("event_id: 'x' source: 'crm' period_closed { period: '2025-01' }");
  const auto refused = Start(request);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(FieldsOf(refused.status()),
              UnorderedElementsAre("events[0].credit_split.shares", "events[1].period_closed"));
  EXPECT_THAT(List(), IsEmpty());
}

TEST_F(ReplayServiceTest, APlanWithMistakesStartsNothing) {
  v1::StartReplayRequest request;
  request.add_plan_documents(PlanAt("ten"));
  const auto refused = Start(request);
  EXPECT_EQ(ReasonOf(refused.status()), "PLAN_REFUSED");
  EXPECT_THAT(List(), IsEmpty());
}

TEST_F(ReplayServiceTest, AScopeThatNamesNobodyStartsNothing) {
  v1::StartReplayRequest request;
  request.mutable_scope()->add_participant_ids("zoe");
  EXPECT_THAT(Start(request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("scope.participant_ids: ")));
  request.mutable_scope()->Clear();
  request.mutable_scope()->set_first_period("2025-Q1");
  EXPECT_THAT(Start(request),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("scope.first_period: ")));
  request.mutable_scope()->set_first_period("2025-03");
  request.mutable_scope()->set_last_period("2025-02");
  EXPECT_THAT(Start(request),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("scope.last_period: ")));
  EXPECT_THAT(List(), IsEmpty());
}

TEST_F(ReplayServiceTest, ARetryOfAStartGivesTheReplayThereIs) {
  v1::StartReplayRequest request;
  request.set_replay_id("june");
  request.add_plan_documents(PlanAt("15%"));
  ASSERT_THAT(Start(request), IsOk());
  ASSERT_THAT(Start(request), IsOk());
  EXPECT_THAT(List(), ElementsAre("june"));
  request.clear_plan_documents();
  request.add_plan_documents(PlanAt("16%"));
  const auto other = Start(request);
  EXPECT_EQ(ReasonOf(other.status()), "REPLAY_EXISTS");
}

TEST_F(ReplayServiceTest, ADigestThatWasNotReviewedIsRefused) {
  v1::Replay replay = MustStartRate("june", "15%");
  replay.set_digest("");
  EXPECT_EQ(ReasonOf(Commit(replay).status()), "FIELD_MISSING");
  replay.set_digest(std::string(32, 'x'));
  EXPECT_EQ(ReasonOf(Commit(replay).status()), "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(ApproveReplay(replay, "olga").status()), "FIELD_INVALID");
}

TEST_F(ReplayServiceTest, WhatIsNoReplayIsNotFound) {
  v1::Replay nobody;
  nobody.set_replay_id("nobody");
  EXPECT_EQ(ReasonOf(Get("nobody").status()), "REPLAY_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Differences("nobody").status()), "REPLAY_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Commit(nobody).status()), "REPLAY_NOT_FOUND");
  EXPECT_EQ(ReasonOf(Cancel("nobody").status()), "REPLAY_NOT_FOUND");
}

TEST_F(ReplayServiceTest, AnInterruptedReplayGoesOnWhenTheLedgerIsOpened) {
  const v1::Replay whole = MustStartRate("whole", "15%");
  KeepInterrupted("interrupted", Head());
  Reopen();
  EXPECT_EQ(Await("interrupted").state(), v1::SUCCEEDED);
  EXPECT_EQ(Get("whole")->replay().digest(), whole.digest());
  EXPECT_EQ(Get("whole")->events_size(), 1);
}

TEST_F(ReplayServiceTest, AReplayThatRunsIsCancelled) {
  KeepInterrupted("long", Head() + 1'000);
  Reopen();
  EXPECT_EQ(Get("long")->replay().state(), v1::RUNNING);
  const auto early = Differences("long");
  EXPECT_EQ(ReasonOf(early.status()), "REPLAY_NOT_DONE");
  const auto cancelled = Cancel("long");
  ASSERT_THAT(cancelled, IsOk());
  EXPECT_EQ(cancelled->replay().state(), v1::CANCELLED);
  EXPECT_THAT(Cancel("long"), IsOk());
  Reopen();
  EXPECT_EQ(Get("long")->replay().state(), v1::CANCELLED);
  const v1::Replay done = MustStartRate("done", "15%");
  EXPECT_EQ(ReasonOf(Cancel("done").status()), "REPLAY_NOT_RUNNING");
}

TEST_F(ReplayServiceTest, OnlySoManyRunAtOnce) {
  for (size_t i = 0; i < payfold::kMaxRunningReplays; ++i) {
    KeepInterrupted(absl::StrCat("long-", i), Head() + 1'000);
  }
  Reopen();
  const auto refused = Start(v1::StartReplayRequest());
  EXPECT_EQ(ReasonOf(refused.status()), "TOO_MANY_REPLAYS");
  EXPECT_TRUE(payfold::RetryDelayOf(refused.status()).has_value());
  ASSERT_THAT(Cancel("long-0"), IsOk());
  EXPECT_THAT(Start(v1::StartReplayRequest()), IsOk());
}

TEST_F(ReplayServiceTest, NamesOfPeopleAreKeptSealedAndGoWithTheirKey) {
  v1::StartReplayRequest request;
  request.set_replay_id("hire");
  *request.add_events() = EventOf(
      "event_id: 'p-zoe' source: 'hris' participant_changed { participant_id: 'zoe' "
      "effective_from: '2025-01-01' status: ACTIVE role: 'AE' display_name: 'Zoe Zimmermann' }");
  const absl::StatusOr<v1::Replay> replay = Start(request);
  ASSERT_THAT(replay, IsOk());
  EXPECT_EQ(Get("hire")->events(0).participant_changed().display_name(), "Zoe Zimmermann");
  payfold::ReplayStore store(&(*harness_.workspace.Get("main"))->ledger->log());
  EXPECT_THAT(store.Events("hire")->front().SerializeAsString(), Not(HasSubstr("Zimmermann")));

  harness_.MustAppend(
      {EventOf("event_id: 'x' source: 'hris' participant_erased { participant_id: 'zoe' }")});
  EXPECT_THAT(Get("hire")->events(0).participant_changed().display_name(), IsEmpty());
  EXPECT_THAT(Commit(*replay),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("erased")));
}

TEST_F(ReplayServiceTest, DifferencesComeInPagesInTheOrderThatIsAskedFor) {
  harness_.MustAppend({Deal("ben", "2025-01-20", 500'000)});
  MustStartRate("june", "15%");
  v1::ListDifferencesRequest request;
  request.set_replay_id("june");
  request.set_order(v1::GAIN_FIRST);
  request.set_page_size(3);
  const auto first = harness_.Call(*harness_.replays, &Replays::ListDifferences, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->differences_size(), 3);
  EXPECT_EQ(first->differences(0).participant_id(), "ben");
  EXPECT_EQ(first->differences(0).difference(), 30'000);
  request.set_page_token(first->next_page_token());
  const auto second = harness_.Call(*harness_.replays, &Replays::ListDifferences, request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->differences_size(), 1);
  EXPECT_THAT(second->next_page_token(), IsEmpty());
  request.set_order(v1::LOSS_FIRST);
  const auto other = harness_.Call(*harness_.replays, &Replays::ListDifferences, request);
  EXPECT_EQ(ReasonOf(other.status()), "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace payfold_testing
