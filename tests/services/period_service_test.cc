// Closing and approving: what is written, and by whom.

#include <atomic>
#include <future>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "services/period_closing.h"
#include "tests/services/finance_harness.h"

namespace payfold_testing {
namespace {

namespace v1 = payfold::v1;
using payfold::ReasonOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class PeriodServiceTest : public FinanceTest {
 protected:
  absl::StatusOr<v1::PreviewCloseResponse> Preview(const std::string& period = "",
                                                   int page_size = 0,
                                                   const std::string& token = "") {
    v1::PreviewCloseRequest request;
    request.mutable_context()->set_min_position(Head());
    request.set_period(period);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return harness_.Call(*harness_.periods, &Periods::PreviewClose, request);
  }
  std::vector<v1::PayoutPeriodStatus> List() {
    v1::ListPeriodsRequest request;
    request.mutable_context()->set_min_position(Head());
    const auto response = harness_.Call(*harness_.periods, &Periods::ListPeriods, request);
    EXPECT_THAT(response, IsOk());
    return {response->periods().begin(), response->periods().end()};
  }
};

TEST_F(PeriodServiceTest, APreviewSaysWhatTheClosePosts) {
  const uint64_t head = Head();
  const auto preview = Preview();
  ASSERT_THAT(preview, IsOk());
  EXPECT_EQ(preview->period(), "2025-01");
  EXPECT_EQ(preview->statement_count(), 2);
  ASSERT_EQ(preview->totals_size(), 1);
  EXPECT_EQ(preview->totals(0).minor_units(), 20'000);
  EXPECT_EQ(Head(), head);

  const auto closed = Close("2025-01");
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->period().statements_digest(), preview->statements_digest());
  EXPECT_EQ(closed->period().state(), v1::CLOSED);
  EXPECT_EQ(closed->period().closed_by(), "carla");
  EXPECT_EQ(closed->period().statements(), 2);
  EXPECT_EQ(closed->period().folded_position(), head);
  EXPECT_EQ(Head(), head + 3);
}

TEST_F(PeriodServiceTest, APreviewComesInPagesWithItsTotalsOnTheFirst) {
  const auto first = Preview("2025-01", 1);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->statements_size(), 1);
  EXPECT_EQ(first->statement_count(), 2);
  const auto second = Preview("2025-01", 1, first->next_page_token());
  ASSERT_THAT(second, IsOk());
  ASSERT_EQ(second->statements_size(), 1);
  EXPECT_EQ(second->statements(0).participant_id(), "ben");
  EXPECT_EQ(second->totals_size(), 0);
  EXPECT_THAT(second->next_page_token(), IsEmpty());
}

TEST_F(PeriodServiceTest, PeriodsAreClosedInOrder) {
  harness_.MustAppend({Deal("ana", "2025-03-10")});
  ASSERT_THAT(Close("2025-01"), IsOk());
  const auto preview = Preview("2025-03");
  ASSERT_THAT(preview, IsOk());
  EXPECT_FALSE(preview->obstacles().empty());
  const auto early = Close("2025-03");
  EXPECT_THAT(early, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("2025-02")));
  EXPECT_EQ(ReasonOf(early.status()), "EARLIER_PERIOD_OPEN");
  EXPECT_THAT(Close("2025-02"), IsOk());
  EXPECT_THAT(Close("2025-03"), IsOk());
}

TEST_F(PeriodServiceTest, WhatIsNoPayoutPeriodIsNotClosed) {
  EXPECT_THAT(Close("2025-Q1"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2025-Q1")));
  EXPECT_THAT(Close(""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("period")));
}

TEST_F(PeriodServiceTest, ASecondCloseWritesNothing) {
  ASSERT_THAT(Close("2025-01"), IsOk());
  const uint64_t head = Head();
  const auto again = Close("2025-01", "somebody");
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->was_closed());
  EXPECT_EQ(again->period().closed_by(), "carla");
  EXPECT_EQ(Head(), head);
}

TEST_F(PeriodServiceTest, OfManyClosesAtTheSameTimeOneWrites) {
  const uint64_t head = Head();
  std::vector<std::future<absl::StatusOr<v1::ClosePeriodResponse>>> closes;
  for (int i = 0; i < 8; ++i) {
    closes.push_back(std::async(std::launch::async, [this] { return Close("2025-01"); }));
  }
  int wrote = 0;
  for (auto& close : closes) {
    const auto response = close.get();
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->period().state(), v1::CLOSED);
    wrote += response->was_closed() ? 0 : 1;
  }
  EXPECT_EQ(wrote, 1);
  EXPECT_EQ(Head(), head + 3);
}

TEST_F(PeriodServiceTest, ACloseAsReviewedIsRefusedIfItChanged) {
  const auto preview = Preview("2025-01");
  ASSERT_THAT(preview, IsOk());
  harness_.MustAppend({Deal("ana", "2025-01-20")});
  v1::ClosePeriodRequest request;
  request.set_period("2025-01");
  request.set_expected_digest(preview->statements_digest());
  const uint64_t head = Head();
  const auto refused = harness_.Call(*harness_.periods, &Periods::ClosePeriod, request);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kAborted, HasSubstr("preview")));
  EXPECT_EQ(ReasonOf(refused.status()), "CLOSE_CHANGED");
  EXPECT_EQ(Head(), head);
}

TEST_F(PeriodServiceTest, ExceptionsKeepAPeriodOpenUnlessItIsClosedOverThem) {
  harness_.MustAppend(
      {EventOf("event_id: 'eur' source: 'crm' deal_booked { deal_id: 'E' "
               "owner_id: 'ana' booked_on: '2025-01-15' "
               "amount { currency: 'EUR' minor_units: 500 } }")});
  const auto refused = Close("2025-01");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("exception")));
  EXPECT_EQ(ReasonOf(refused.status()), "CLOSE_HAS_EXCEPTIONS");
  EXPECT_THAT(FieldsOf(refused.status()), Not(IsEmpty()));
  const auto closed = Close("2025-01", "carla", /*over_exceptions=*/true);
  ASSERT_THAT(closed, IsOk());
  EXPECT_FALSE(closed->period().exceptions().empty());
}

TEST_F(PeriodServiceTest, ACheckOfACloseWritesNothing) {
  v1::ClosePeriodRequest request;
  request.set_period("2025-01");
  request.set_validate_only(true);
  const uint64_t head = Head();
  const auto checked = harness_.Call(*harness_.periods, &Periods::ClosePeriod, request, "carla");
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(checked->period().state(), v1::CLOSED);
  EXPECT_EQ(checked->period().statements(), 2);
  EXPECT_EQ(Head(), head);
}

TEST_F(PeriodServiceTest, ACloseIsGivenUpWhereverItIsWhenNobodyWaitsForIt) {
  v1::ClosePeriodRequest request;
  request.set_period("2025-01");
  const uint64_t head = Head();
  int given_up = 0;
  for (bool closed = false; !closed; ++given_up) {
    // Cancelled when it is asked for once more than the last time.
    std::atomic<int> left = given_up;
    payfold::Call call;
    call.actor = "carla";
    call.cancelled = [&left] { return left.fetch_sub(1) <= 0; };
    const auto response = payfold::ClosePeriod(&harness_.workspace, request, call);
    closed = Head() > head;
    if (!closed) {
      ASSERT_THAT(response, StatusIs(absl::StatusCode::kCancelled));
    }
    const auto open = *harness_.workspace.Get("main");
    ASSERT_THAT(open->payouts->CatchUp(absl::InfiniteFuture()), IsOk());
    const auto facts = open->payouts->View();
    left = given_up;
    if (given_up < 2) {
      EXPECT_THAT(payfold::PreviewOf(*facts, "2025-01", call),
                  StatusIs(absl::StatusCode::kCancelled));
    }
  }
  // Before it computes, before each of ana and ben, and before it appends.
  EXPECT_GE(given_up, 4);
}

TEST_F(PeriodServiceTest, WhoClosedOrPlannedDoesNotApprove) {
  const auto closed = Close("2025-01");
  ASSERT_THAT(closed, IsOk());
  const std::string digest = closed->period().statements_digest();
  for (const char* who : {"carla", "petra"}) {
    const auto refused = Approve("2025-01", digest, who);
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr(who)));
    EXPECT_EQ(ReasonOf(refused.status()), "SAME_PRINCIPAL");
  }
  const auto approved = Approve("2025-01", digest);
  ASSERT_THAT(approved, IsOk());
  EXPECT_FALSE(approved->was_approved());
  EXPECT_EQ(approved->period().state(), v1::APPROVED);
  EXPECT_EQ(approved->period().approved_by(), "olga");
  EXPECT_TRUE(Approve("2025-01", digest)->was_approved());
}

TEST_F(PeriodServiceTest, OnlyWhatWasPostedIsApproved) {
  const auto open = Approve("2025-01", "digest");
  EXPECT_EQ(ReasonOf(open.status()), "PERIOD_NOT_CLOSED");
  ASSERT_THAT(Close("2025-01"), IsOk());
  EXPECT_THAT(Approve("2025-01", "another"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("statements_digest")));
  EXPECT_THAT(Approve("2025-01", ""),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("statements_digest")));
}

TEST_F(PeriodServiceTest, TheListSaysWhereEachPeriodStands) {
  CloseAndApprove("2025-01");
  const std::vector<v1::PayoutPeriodStatus> periods = List();
  ASSERT_GE(periods.size(), 2U);
  EXPECT_EQ(periods[0].period(), "2025-01");
  EXPECT_EQ(periods[0].state(), v1::APPROVED);
  EXPECT_EQ(periods[1].period(), "2025-02");
  EXPECT_EQ(periods[1].state(), v1::OPEN);
}

TEST_F(PeriodServiceTest, ASourceCannotAppendWhatTheServiceWrites) {
  for (const char* payload :
       {"period_approved { period: '2025-01' }",
        "payment_recorded { period: '2025-01' participant_id: 'ana' reference: 'R' "
        "paid_on: '2025-02-05' amount { currency: 'USD' minor_units: 5 } }"}) {
    const auto refused =
        harness_.Append(BatchOf({EventOf(absl::StrCat("event_id: 'x' source: 'crm' ", payload))}));
    EXPECT_THAT(refused,
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("PeriodService.")));
    EXPECT_EQ(ReasonOf(refused.status()), "PAYLOAD_OF_LEDGER");
  }
}

}  // namespace
}  // namespace payfold_testing
