#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/call.h"
#include "services/errors.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Ana;
using ::payfold_testing::BatchOf;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::EventOf;
using ::payfold_testing::IsOk;
using ::payfold_testing::ServiceHarness;
using ::payfold_testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LedgerServiceTest : public testing::Test {
 protected:
  LedgerServiceTest() { harness_.MakeLedger(); }

  absl::StatusOr<std::vector<v1::StoredEvent>> Read(const v1::ReadEventsRequest& request) {
    grpc::ClientContext context;
    const auto reader = harness_.ledgers->ReadEvents(&context, request);
    std::vector<v1::StoredEvent> events;
    for (v1::ReadEventsResponse page; reader->Read(&page);) {
      events.insert(events.end(), page.events().begin(), page.events().end());
    }
    if (const grpc::Status status = reader->Finish(); !status.ok()) return FromGrpc(status);
    return events;
  }

  std::vector<uint64_t> PositionsRead(const v1::ReadEventsRequest& request) {
    const absl::StatusOr<std::vector<v1::StoredEvent>> events = Read(request);
    EXPECT_THAT(events, IsOk());
    std::vector<uint64_t> positions;
    if (!events.ok()) return positions;
    for (const v1::StoredEvent& event : *events) positions.push_back(event.event().position());
    return positions;
  }

  ServiceHarness harness_;
};

TEST_F(LedgerServiceTest, ALedgerIsMadeOnce) {
  v1::CreateLedgerRequest request;
  request.mutable_configuration()->set_base_currency("USD");
  request.mutable_configuration()->set_payout_period(v1::LedgerConfigured::MONTH);
  const auto again =
      harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::CreateLedger, request);
  EXPECT_THAT(again, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(ReasonOf(again.status()), kReasonLedgerExists);
}

TEST_F(LedgerServiceTest, ARefusedConfigurationNamesItsFieldAndMakesNothing) {
  v1::CreateLedgerRequest request;
  request.set_ledger("other");
  request.mutable_configuration()->set_base_currency("XYZ");
  const auto made =
      harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::CreateLedger, request);
  EXPECT_THAT(made, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(FieldViolationsOf(made.status()).size(), 2U) << made.status();
  const auto list = harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::ListLedgers,
                                  v1::ListLedgersRequest());
  ASSERT_THAT(list, IsOk());
  EXPECT_THAT(list->ledgers(), ElementsAre("main"));
}

TEST_F(LedgerServiceTest, AppendingAgainIsFree) {
  const v1::AppendRequest batch = BatchOf({Ana(), DealOfAna("D-1")});
  const auto first = harness_.Append(batch);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->position(), 3U);
  const auto second = harness_.Append(batch);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->position(), 3U);
  ASSERT_EQ(second->results_size(), 2);
  EXPECT_TRUE(second->results(1).duplicate());
  EXPECT_EQ(second->results(1).position(), first->results(1).position());
}

TEST_F(LedgerServiceTest, ARefusedBatchNamesEveryFieldAndWritesNothing) {
  v1::Event bad_date = DealOfAna("D-1");
  bad_date.mutable_deal_booked()->set_booked_on("2025-02-30");
  v1::Event bad_currency = DealOfAna("D-2");
  bad_currency.mutable_deal_booked()->mutable_amount()->set_currency("USX");
  const auto refused = harness_.Append(BatchOf({Ana(), bad_date, bad_currency}));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  const std::vector<FieldViolation> violations = FieldViolationsOf(refused.status());
  ASSERT_EQ(violations.size(), 2U) << refused.status();
  EXPECT_EQ(violations[0].field, "events[1].deal_booked.booked_on");
  EXPECT_THAT(violations[0].description, HasSubstr("2025-02-30"));
  EXPECT_EQ(violations[1].field, "events[2].deal_booked.amount.currency");
  EXPECT_EQ(ReasonOf(refused.status()), "DATE_MALFORMED");
  EXPECT_THAT(PositionsRead({}), ElementsAre(1));
}

TEST_F(LedgerServiceTest, ValidateOnlyAnswersTheSameWithoutEffect) {
  v1::AppendRequest batch = BatchOf({Ana()});
  batch.set_validate_only(true);
  const auto answer = harness_.Append(batch);
  ASSERT_THAT(answer, IsOk());
  ASSERT_EQ(answer->results_size(), 1);
  EXPECT_EQ(answer->results(0).position(), 0U);
  EXPECT_EQ(answer->position(), 1U);
  EXPECT_THAT(PositionsRead({}), ElementsAre(1));
}

TEST_F(LedgerServiceTest, CheckEventsGivesEveryViolationInTheBody) {
  v1::CheckEventsRequest request;
  for (int i = 0; i < 300; ++i) {
    *request.add_events() = DealOfAna(absl::StrCat("D-", i));
    request.mutable_events(i)->mutable_deal_booked()->set_booked_on("soon");
  }
  const auto checked =
      harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::CheckEvents, request);
  ASSERT_THAT(checked, IsOk());
  ASSERT_EQ(checked->violations_size(), 300);
  EXPECT_EQ(checked->violations(299).field(), "events[299].deal_booked.booked_on");
  EXPECT_EQ(checked->violations(0).reason(), "DATE_MALFORMED");
  EXPECT_EQ(checked->violations(0).code(), "INVALID_ARGUMENT");
}

TEST_F(LedgerServiceTest, ReadsInBothDirectionsFromAPositionUpToALimit) {
  harness_.MustAppend({Ana(), DealOfAna("D-1"), DealOfAna("D-2")});
  v1::ReadEventsRequest request;
  EXPECT_THAT(PositionsRead(request), ElementsAre(1, 2, 3, 4));
  request.set_from_position(2);
  request.set_limit(2);
  EXPECT_THAT(PositionsRead(request), ElementsAre(2, 3));
  request.set_backwards(true);
  EXPECT_THAT(PositionsRead(request), ElementsAre(2, 1));
}

TEST_F(LedgerServiceTest, ReadsByStreamParticipantAndKind) {
  harness_.MustAppend({Ana(), DealOfAna("D-1"), DealOfAna("D-2")});
  v1::ReadEventsRequest request;
  request.set_stream("deals/D-2");
  EXPECT_THAT(PositionsRead(request), ElementsAre(4));
  request.Clear();
  request.set_participant_id("ana");
  EXPECT_THAT(PositionsRead(request), ElementsAre(2, 3, 4));
  request.add_kinds("participant_changed");
  EXPECT_THAT(PositionsRead(request), ElementsAre(2));
  request.set_participant_id("nobody");
  EXPECT_THAT(PositionsRead(request), IsEmpty());
}

TEST_F(LedgerServiceTest, AKindThatDoesNotExistIsNamedWithThoseThatDo) {
  v1::ReadEventsRequest request;
  request.add_kinds("deal_bokked");
  const auto events = Read(request);
  EXPECT_THAT(events, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("deal_bokked")));
  EXPECT_THAT(events, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("deal_booked")));
}

TEST_F(LedgerServiceTest, GivesPersonalFieldsInClearTextAndStoredBytesSealed) {
  harness_.MustAppend({Ana()});
  v1::GetEventRequest request;
  request.set_event_id("hr-ana");
  const auto found = harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::GetEvent, request);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->event().event().participant_changed().display_name(), "Ana Example");
  EXPECT_EQ(found->event().stored().find("Ana Example"), std::string::npos);
  EXPECT_EQ(found->event().event().actor(), "local");
}

TEST_F(LedgerServiceTest, TheClaimedNameIsTheActor) {
  grpc::ClientContext context;
  context.AddMetadata(kActorMetadata, "petra");
  v1::AppendResponse response;
  ASSERT_TRUE(harness_.ledgers->Append(&context, BatchOf({Ana()}), &response).ok());
  v1::GetEventRequest request;
  request.set_position(2);
  const auto found = harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::GetEvent, request);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->event().event().actor(), "petra");
}

TEST_F(LedgerServiceTest, UnknownEventsAndLedgersAreNotFound) {
  v1::GetEventRequest request;
  request.set_event_id("none");
  EXPECT_THAT(harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::GetEvent, request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  request.set_ledger("elsewhere");
  const auto unknown =
      harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::GetEvent, request);
  EXPECT_THAT(unknown, StatusIs(absl::StatusCode::kNotFound, HasSubstr("elsewhere")));
  EXPECT_EQ(ReasonOf(unknown.status()), kReasonLedgerNotFound);
}

TEST_F(LedgerServiceTest, ACancelledStreamEndsAndTheServerGoesOn) {
  std::vector<v1::Event> many;
  for (int i = 0; i < 3'000; ++i) many.push_back(DealOfAna(absl::StrCat("D-", i)));
  harness_.MustAppend(many);
  grpc::ClientContext context;
  const auto reader = harness_.ledgers->ReadEvents(&context, {});
  v1::ReadEventsResponse page;
  ASSERT_TRUE(reader->Read(&page));
  EXPECT_EQ(page.events_size(), 500);
  context.TryCancel();
  while (reader->Read(&page)) continue;
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(PositionsRead({}).size(), 3'001U);
}

TEST_F(LedgerServiceTest, RebuildEndsWithEqualDigests) {
  harness_.MustAppend({Ana(), DealOfAna("D-1")});
  v1::RebuildRequest request;
  request.set_workers(2);
  grpc::ClientContext context;
  const auto reader = harness_.ledgers->Rebuild(&context, request);
  v1::RebuildResponse last;
  while (reader->Read(&last)) continue;
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(last.done());
  EXPECT_EQ(last.position(), 3U);
  EXPECT_EQ(last.live_digest(), last.rebuilt_digest());
  EXPECT_EQ(last.live_digest().size(), 64U);
}

TEST_F(LedgerServiceTest, TooManyWorkersAreRefused) {
  v1::RebuildRequest request;
  request.set_workers(65);
  grpc::ClientContext context;
  const auto reader = harness_.ledgers->Rebuild(&context, request);
  v1::RebuildResponse last;
  EXPECT_FALSE(reader->Read(&last));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(LedgerServiceLimits, BeyondTheQueueCallsAreToldToTryAgain) {
  ServiceHarness harness({.listen = "", .threads = 0, .max_queued = 0});
  const auto refused = harness.Call(*harness.ledgers, &v1::LedgerService::Stub::ListLedgers,
                                    v1::ListLedgersRequest());
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(ReasonOf(refused.status()), kReasonTooBusy);
}

TEST(LedgerService, ALedgerThatIsOnlyValidatedIsNotMade) {
  ServiceHarness harness;
  v1::CreateLedgerRequest request;
  request.mutable_configuration()->set_base_currency("USD");
  request.mutable_configuration()->set_payout_period(v1::LedgerConfigured::MONTH);
  request.set_validate_only(true);
  const auto response =
      harness.Call(*harness.ledgers, &v1::LedgerService::Stub::CreateLedger, request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->position(), 0U);
  const auto list = harness.Call(*harness.ledgers, &v1::LedgerService::Stub::ListLedgers, {});
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->ledgers_size(), 0);
}

TEST(LedgerService, OneLedgerIsClosedWhileAnotherIsUsed) {
  ServiceHarness harness;
  harness.MakeLedger();
  v1::CreateLedgerRequest emea;
  emea.set_ledger("emea");
  emea.mutable_configuration()->set_base_currency("EUR");
  emea.mutable_configuration()->set_payout_period(v1::LedgerConfigured::MONTH);
  ASSERT_THAT(harness.Call(*harness.ledgers, &v1::LedgerService::Stub::CreateLedger, emea), IsOk());
  v1::CloseLedgerRequest close;
  close.set_ledger("emea");
  // It was made, and not used since.
  auto closed = harness.Call(*harness.ledgers, &v1::LedgerService::Stub::CloseLedger, close);
  ASSERT_THAT(closed, IsOk());
  EXPECT_FALSE(closed->closed());
  v1::GetTreeHeadRequest use;
  use.set_ledger("emea");
  ASSERT_THAT(harness.Call(*harness.proofs, &v1::ProofService::Stub::GetTreeHead, use), IsOk());
  closed = harness.Call(*harness.ledgers, &v1::LedgerService::Stub::CloseLedger, close);
  ASSERT_THAT(closed, IsOk());
  EXPECT_TRUE(closed->closed());
  EXPECT_EQ(harness.MustAppend({DealOfAna("D-1")}), 2U);
  EXPECT_THAT(harness.Call(*harness.proofs, &v1::ProofService::Stub::GetTreeHead, use), IsOk());
  close.set_ledger("apac");
  EXPECT_THAT(harness.Call(*harness.ledgers, &v1::LedgerService::Stub::CloseLedger, close),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("apac")));
}

}  // namespace
}  // namespace payfold
