// ana and ben on a plan of petra's, with deals of 1,000.00 USD in January and in
// February 2025: each of them earns 100.00 USD a month. carla closes, olga approves.

#ifndef TESTS_SERVICES_FINANCE_HARNESS_H_
#define TESTS_SERVICES_FINANCE_HARNESS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {

class FinanceTest : public testing::Test {
 protected:
  using Periods = payfold::v1::PeriodService::Stub;

  FinanceTest() {
    harness_.MakeLedger();
    harness_.MustAppend({Participant("ana"), Participant("ben")});
    payfold::v1::PublishPlanRequest plan;
    plan.set_document(kPlanDocument);
    EXPECT_THAT(
        harness_.Call(*harness_.plans, &payfold::v1::PlanService::Stub::PublishPlan, plan, "petra"),
        IsOk());
    harness_.MustAppend({Deal("ana", "2025-01-10"), Deal("ben", "2025-01-11"),
                         Deal("ana", "2025-02-10"), Deal("ben", "2025-02-11")});
  }

  static payfold::v1::Event Participant(const std::string& id) {
    return EventOf(absl::StrCat("event_id: 'p-", id, "' source: 'hris' participant_changed { ",
                                "participant_id: '", id,
                                "' effective_from: '2024-01-01' status: ACTIVE role: 'AE' }"));
  }
  payfold::v1::Event Deal(const std::string& owner, const std::string& day,
                          int64_t cents = 100'000) {
    const std::string id = absl::StrCat("D-", ++deals_);
    return EventOf(absl::StrCat("event_id: 'b-", id, "' source: 'crm' deal_booked { deal_id: '", id,
                                "' owner_id: '", owner, "' booked_on: '", day,
                                "' amount { currency: 'USD' minor_units: ", cents, " } }"));
  }

  absl::StatusOr<payfold::v1::ClosePeriodResponse> Close(const std::string& period,
                                                         const std::string& as = "carla",
                                                         bool over_exceptions = false) {
    payfold::v1::ClosePeriodRequest request;
    request.set_period(period);
    request.set_over_exceptions(over_exceptions);
    return harness_.Call(*harness_.periods, &Periods::ClosePeriod, request, as);
  }
  absl::StatusOr<payfold::v1::ApprovePeriodResponse> Approve(const std::string& period,
                                                             const std::string& digest,
                                                             const std::string& as = "olga") {
    payfold::v1::ApprovePeriodRequest request;
    request.set_period(period);
    request.set_statements_digest(digest);
    return harness_.Call(*harness_.periods, &Periods::ApprovePeriod, request, as);
  }
  void CloseAndApprove(const std::string& period) {
    const auto closed = Close(period);
    ASSERT_THAT(closed, IsOk());
    ASSERT_THAT(Approve(period, closed->period().statements_digest()), IsOk());
  }

  static payfold::v1::Payment PaymentOf(const std::string& participant, int64_t cents,
                                        const std::string& reference,
                                        const std::string& currency = "USD") {
    payfold::v1::Payment payment;
    payment.set_participant_id(participant);
    payment.mutable_amount()->set_currency(currency);
    payment.mutable_amount()->set_minor_units(cents);
    payment.set_reference(reference);
    payment.set_paid_on("2025-02-05");
    return payment;
  }
  absl::StatusOr<payfold::v1::RecordPaymentsResponse> Pay(
      const std::string& period, const std::vector<payfold::v1::Payment>& payments,
      bool validate_only = false) {
    payfold::v1::RecordPaymentsRequest request;
    request.set_period(period);
    request.mutable_payments()->Assign(payments.begin(), payments.end());
    request.set_validate_only(validate_only);
    return harness_.Call(*harness_.periods, &Periods::RecordPayments, request, "carla");
  }

  uint64_t Head() { return (*harness_.workspace.Get("main"))->ledger->log().head(); }

  ServiceHarness harness_;
  int deals_ = 0;
};

// The fields of all violations, in order.
inline std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const payfold::FieldViolation& violation : payfold::FieldViolationsOf(status)) {
    fields.push_back(violation.field);
  }
  return fields;
}

}  // namespace payfold_testing

#endif  // TESTS_SERVICES_FINANCE_HARNESS_H_
