// Payments: at most what is payable, once under a reference, whole or not at all; and
// the journal of it all.

#include <future>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/services/finance_harness.h"

namespace payfold_testing {
namespace {

namespace v1 = payfold::v1;
using payfold::ReasonOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class PeriodPaymentsTest : public FinanceTest {
 protected:
  // The journal as one text.
  std::string Journal(v1::ExportJournalRequest request = {}) {
    if (request.format() == v1::ExportJournalRequest::FORMAT_UNSPECIFIED) {
      request.set_format(v1::ExportJournalRequest::HLEDGER);
    }
    grpc::ClientContext context;
    const auto reader = harness_.periods->ExportJournal(&context, request);
    std::string text;
    for (v1::ExportJournalResponse response; reader->Read(&response);) text += response.text();
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return text;
  }
};

TEST_F(PeriodPaymentsTest, APeriodIsPaidWhenEveryStatementIs) {
  CloseAndApprove("2025-01");
  const auto half = Pay("2025-01", {PaymentOf("ana", 10'000, "W-1")});
  ASSERT_THAT(half, IsOk());
  EXPECT_EQ(half->period().state(), v1::APPROVED);
  const auto rest =
      Pay("2025-01", {PaymentOf("ben", 4'000, "W-2"), PaymentOf("ben", 6'000, "W-3")});
  ASSERT_THAT(rest, IsOk());
  EXPECT_EQ(rest->period().state(), v1::PAID);
  ASSERT_EQ(rest->period().paid_size(), 1);
  EXPECT_EQ(rest->period().paid(0).minor_units(), 20'000);
}

TEST_F(PeriodPaymentsTest, APaymentAgainIsASuccessAndCountsOnce) {
  CloseAndApprove("2025-01");
  const v1::Payment payment = PaymentOf("ana", 10'000, "W-1");
  ASSERT_THAT(Pay("2025-01", {payment}), IsOk());
  const uint64_t head = Head();
  const auto again = Pay("2025-01", {payment});
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->results(0).duplicate());
  EXPECT_EQ(Head(), head);
}

TEST_F(PeriodPaymentsTest, WhatIsNotApprovedIsNotPaid) {
  for (const bool is_closed : {false, true}) {
    if (is_closed) {
      ASSERT_THAT(Close("2025-01"), IsOk());
    }
    const auto refused = Pay("2025-01", {PaymentOf("ana", 10'000, "W-1")});
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("approve")));
    EXPECT_EQ(ReasonOf(refused.status()), "PERIOD_NOT_APPROVED");
  }
}

TEST_F(PeriodPaymentsTest, EachRuleIsNamedWithItsFieldAndReason) {
  CloseAndApprove("2025-01");
  ASSERT_THAT(Pay("2025-01", {PaymentOf("ana", 4'000, "USED")}), IsOk());
  v1::Payment undated = PaymentOf("ana", 1, "W");
  undated.set_paid_on("2025-02-30");
  const struct {
    v1::Payment payment;
    absl::StatusCode code;
    std::string reason;
    std::string field;
  } kCases[] = {
      {PaymentOf("ana", 6'001, "W"), absl::StatusCode::kFailedPrecondition, "PAYMENT_TOO_LARGE",
       "payments[0].amount"},
      {PaymentOf("ana", 0, "W"), absl::StatusCode::kInvalidArgument, "AMOUNT_OUT_OF_RANGE",
       "payments[0].amount.minor_units"},
      {PaymentOf("ana", -5, "W"), absl::StatusCode::kInvalidArgument, "AMOUNT_OUT_OF_RANGE",
       "payments[0].amount.minor_units"},
      {PaymentOf("ana", 5, "W", "EUR"), absl::StatusCode::kFailedPrecondition, "NO_STATEMENT",
       "payments[0].amount.currency"},
      {PaymentOf("zoe", 5, "W"), absl::StatusCode::kFailedPrecondition, "NO_STATEMENT",
       "payments[0].participant_id"},
      {PaymentOf("ana", 5, "USED"), absl::StatusCode::kAlreadyExists, "REFERENCE_USED",
       "payments[0].reference"},
      {PaymentOf("ana", 5, "no id"), absl::StatusCode::kInvalidArgument, "ID_MALFORMED",
       "payments[0].reference"},
      {undated, absl::StatusCode::kInvalidArgument, "DATE_MALFORMED", "payments[0].paid_on"},
  };
  const uint64_t head = Head();
  for (const auto& c : kCases) {
    const absl::Status status = Pay("2025-01", {c.payment}).status();
    EXPECT_EQ(status.code(), c.code) << status;
    EXPECT_EQ(ReasonOf(status), c.reason) << status;
    EXPECT_THAT(FieldsOf(status), ElementsAre(c.field)) << status;
  }
  EXPECT_EQ(Head(), head);
}

TEST_F(PeriodPaymentsTest, AllThatIsWrongIsNamedAndNothingIsRecorded) {
  CloseAndApprove("2025-01");
  const uint64_t head = Head();
  const absl::Status status =
      Pay("2025-01", {PaymentOf("ana", 10'000, "W-1"), PaymentOf("ana", 1, "W-2"),
                      PaymentOf("zoe", 1, "W-3"), PaymentOf("ben", 1, "W-1")})
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_THAT(FieldsOf(status), ElementsAre("payments[3].reference", "payments[1].amount",
                                            "payments[2].participant_id"));
  EXPECT_EQ(Head(), head);
}

TEST_F(PeriodPaymentsTest, ManyPayersAtTheSameTimeNeverPayTooMuch) {
  CloseAndApprove("2025-01");
  std::vector<std::future<bool>> payers;
  for (int i = 0; i < 8; ++i) {
    payers.push_back(std::async(std::launch::async, [this, i] {
      return Pay("2025-01", {PaymentOf("ana", 4'000, absl::StrCat("W-", i))}).ok();
    }));
  }
  int paid = 0;
  for (auto& payer : payers) paid += payer.get() ? 1 : 0;
  EXPECT_EQ(paid, 2);
}

TEST_F(PeriodPaymentsTest, ACheckRecordsNothing) {
  CloseAndApprove("2025-01");
  const uint64_t head = Head();
  EXPECT_THAT(Pay("2025-01", {PaymentOf("ana", 10'000, "W-1")}, /*validate_only=*/true), IsOk());
  EXPECT_EQ(Head(), head);
}

TEST_F(PeriodPaymentsTest, ALongReferenceIsAReferenceLikeAnyOther) {
  CloseAndApprove("2025-01");
  const std::string reference(128, 'r');
  ASSERT_THAT(Pay("2025-01", {PaymentOf("ana", 1, reference)}), IsOk());
  EXPECT_EQ(ReasonOf(Pay("2025-01", {PaymentOf("ana", 2, reference)}).status()), "REFERENCE_USED");
}

TEST_F(PeriodPaymentsTest, TheJournalGrowsAtItsEnd) {
  CloseAndApprove("2025-01");
  const std::string before = Journal();
  EXPECT_THAT(before, HasSubstr("Expenses:Commissions:Ae  100.00 USD"));
  ASSERT_THAT(Pay("2025-01", {PaymentOf("ana", 10'000, "W-1")}), IsOk());
  const std::string after = Journal();
  EXPECT_THAT(after, StartsWith(before));
  EXPECT_THAT(after, HasSubstr("Payment W-1 to ana for 2025-01"));

  v1::ExportJournalRequest past;
  past.mutable_context()->mutable_as_of()->set_position(Head() - 1);
  EXPECT_EQ(Journal(past), before);
}

}  // namespace
}  // namespace payfold_testing
