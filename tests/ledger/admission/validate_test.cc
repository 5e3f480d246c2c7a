// Every rule that needs no state, as a table: one broken field, one violation.

#include "ledger/admission/validate.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/admission/event_json.h"
#include "ledger/admission/ledger_event_id.h"
#include "ledger/admission/violation.h"
#include "tests/ledger/admission/admission_testing.h"
#include "tests/ledger/admission/reason_tables.h"

namespace payfold {
namespace {

using ::payfold_testing::Booking;
using ::payfold_testing::Close;
using ::payfold_testing::EventsOfEveryKind;
using ::payfold_testing::Fact;
using ::payfold_testing::IsOfSource;
using ::payfold_testing::Lines;
using ::payfold_testing::RuleRow;
using ::payfold_testing::RuleRows;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ValidateTest, EveryKindOfEventHasAValidExample) {
  for (const v1::Event& event : EventsOfEveryKind()) {
    EXPECT_EQ(Lines(ValidateBatch({event}, Writer::kLedger)), "") << EventToJson(event);
    if (IsOfSource(event)) {
      EXPECT_EQ(Lines(ValidateBatch({event})), "") << EventToJson(event);
    }
  }
}

TEST(ValidateTest, EachBrokenRuleIsNamedWithItsField) {
  for (const RuleRow& row : RuleRows()) {
    const bool of_ledger = !IsOfSource(row.event) && row.reason != Reason::kPayloadOfLedger;
    const std::vector<Violation> violations =
        ValidateBatch({row.event}, of_ledger ? Writer::kLedger : Writer::kSource);
    EXPECT_EQ(Lines(violations), absl::StrCat("events[0]", row.field.empty() ? "" : ".", row.field,
                                              " ", ReasonName(row.reason)))
        << EventToJson(row.event);
  }
}

TEST(ValidateTest, ApprovalsAndPaymentsNameTheMethodThatWritesThem) {
  const auto message = [](const std::string& payload) {
    return ValidateBatch({Fact("e1", payload)})[0].message;
  };
  EXPECT_THAT(message(R"("period_approved": {"period": "2025-03"})"),
              HasSubstr("PeriodService.ApprovePeriod"));
  EXPECT_THAT(message(R"("payment_recorded": {"period": "2025-03"})"),
              HasSubstr("PeriodService.RecordPayments"));
}

TEST(ValidateTest, IdsOfTheLedgersFormAreOfItsOwnEventsWhoeverWrites) {
  const std::string taken = LedgerEventId("close", "2025-03");
  EXPECT_THAT(ValidateBatch({Close(taken, "2025-03")}, Writer::kLedger), IsEmpty());
  EXPECT_EQ(Lines(ValidateBatch({Booking(taken)}, Writer::kLedger)),
            "events[0].event_id EVENT_ID_RESERVED");
  for (const absl::string_view id : {"close", "closed:2025-03", "crm:close:1", "close.2025:1"}) {
    EXPECT_THAT(ValidateBatch({Booking(id)}), IsEmpty()) << id;
  }
}

TEST(ValidateTest, ALongIdOfTheLedgersBecomesAHashThatIsReservedToo) {
  const std::string id = LedgerEventId("payment", std::string(128, 'x'));
  EXPECT_EQ(id.size(), 79U);
  EXPECT_EQ(Lines(ValidateBatch({Booking(id)})), "events[0].event_id EVENT_ID_RESERVED");
}

TEST(ValidateTest, AllViolationsOfABatchAreNamed) {
  const v1::Event bad =
      Fact("e 1", R"("credit_split": {"shares": [{"participant_id": "ana", "share": "0.5"}]})");
  EXPECT_EQ(Lines(ValidateBatch({Booking("ok"), bad, Fact("e2", R"("correlation_id": "c")")})),
            "events[1].event_id ID_MALFORMED\n"
            "events[1].credit_split.deal_id FIELD_MISSING\n"
            "events[1].credit_split.shares SHARES_DO_NOT_ADD_UP\n"
            "events[2] PAYLOAD_MISSING");
}

TEST(ValidateTest, MessagesNameTheValueTheRuleAndTheWayOut) {
  const std::vector<Violation> shares = ValidateBatch({Fact("e1", R"("credit_split": {
      "deal_id": "D-1", "shares": [{"participant_id": "ana", "share": "0.7"},
                                   {"participant_id": "bob", "share": "0.299999999"}]})")});
  ASSERT_EQ(shares.size(), 1u);
  EXPECT_EQ(shares[0].message, "the shares add up to 0.999999999: they must add up to exactly 1");

  const std::vector<Violation> date =
      ValidateBatch({Fact("e1", R"("deal_invoiced": {"deal_id": "D-1", "date": "2025-02-30",
                     "amount": {"currency": "USD", "minor_units": 1}})")});
  ASSERT_EQ(date.size(), 1u);
  EXPECT_THAT(date[0].message, AllOf(HasSubstr("\"2025-02-30\""), HasSubstr("2025-02")));
}

TEST(ValidateTest, LimitsOfABatchBindSourcesOnly) {
  const std::vector<v1::Event> none;
  EXPECT_EQ(Lines(ValidateBatch(none)), "events BATCH_EMPTY");

  const std::vector<v1::Event> most(kMaxBatchEvents, Booking("e1"));
  EXPECT_THAT(ValidateBatch(most), IsEmpty());
  const std::vector<v1::Event> many(kMaxBatchEvents + 1, Booking("e1"));
  EXPECT_EQ(Lines(ValidateBatch(many)), "events BATCH_TOO_MANY_EVENTS");
  EXPECT_THAT(ValidateBatch(many, Writer::kLedger), IsEmpty());
}

TEST(ValidateTest, ABatchMayHaveFourMebibytesAndNotAByteMore) {
  v1::Event event =
      Fact("e1", R"("dispute_resolved": {"dispute_id": "Q", "participant_id": "ana"})");
  event.mutable_dispute_resolved()->set_outcome(std::string(2'000, 'x'));
  const size_t whole = kMaxBatchMessageBytes / event.ByteSizeLong();
  std::vector<v1::Event> batch(whole, event);
  EXPECT_THAT(ValidateBatch(batch), IsEmpty());
  batch.push_back(event);
  EXPECT_EQ(Lines(ValidateBatch(batch)), "events BATCH_TOO_LARGE");
}

TEST(ValidateTest, AnEventWithFieldsOfANewerReleaseIsAccepted) {
  v1::Event event = Booking("e1");
  event.GetReflection()->MutableUnknownFields(&event)->AddVarint(1000, 7);
  v1::DealBooked* booked = event.mutable_deal_booked();
  booked->GetReflection()->MutableUnknownFields(booked)->AddLengthDelimited(1000, "later");
  EXPECT_THAT(ValidateBatch({event}), IsEmpty());
}

TEST(ValidateTest, StatusHasTheFirstViolationAndHowManyMore) {
  const std::vector<Violation> violations = {
      {.field = "a", .reason = Reason::kDealAlreadyBooked, .message = "is booked"},
      {.field = "b", .reason = Reason::kFieldMissing, .message = "is missing"},
  };
  const absl::Status status = ViolationStatus(violations);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "b: is missing (and 1 more)");
  EXPECT_TRUE(ViolationStatus({}).ok());
}

}  // namespace
}  // namespace payfold
