// What closes leave in a log, appended as the ledger does.

#ifndef TESTS_PROJECTIONS_RUNTIME_CLOSE_FACTS_H_
#define TESTS_PROJECTIONS_RUNTIME_CLOSE_FACTS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/log/event.h"
#include "payfold/v1/event.pb.h"
#include "tests/ledger/log/test_log.h"

namespace payfold_testing {

// Two statements of a payout period, its close and approval, a payment, and a dispute
// that is resolved.
inline std::vector<payfold::NewEvent> CloseOf(const std::string& period,
                                              const std::string& first_day) {
  namespace v1 = payfold::v1;
  const std::string stream = absl::StrCat("periods/", period);
  std::vector<payfold::NewEvent> events;
  const auto add = [&](const std::string& name, const std::string& of, uint32_t kind,
                       std::vector<std::string> people, const auto& payload) {
    events.push_back(MakeEvent(absl::StrCat(name, "-", period), of, kind, std::move(people),
                               payload.SerializeAsString()));
  };
  for (const char* person : {"p1", "p2"}) {
    v1::StatementPosted posted;
    posted.mutable_statement()->set_participant_id(person);
    posted.mutable_statement()->set_period(period);
    posted.mutable_statement()->set_first_day(first_day);
    posted.mutable_statement()->set_currency("USD");
    posted.mutable_statement()->set_payable_minor_units(1000);
    posted.mutable_statement()->add_lines()->set_line_id("left out of the totals");
    add(absl::StrCat("posted-", person), stream, v1::Event::kStatementPosted, {person}, posted);
  }
  v1::PeriodClosed closed;
  closed.set_period(period);
  closed.set_folded_position(1);
  add("closed", stream, v1::Event::kPeriodClosed, {}, closed);
  v1::PeriodApproved approved;
  approved.set_period(period);
  add("approved", stream, v1::Event::kPeriodApproved, {}, approved);
  v1::PaymentRecorded payment;
  payment.set_period(period);
  payment.set_participant_id("p1");
  payment.set_reference(absl::StrCat("ref-", period));
  payment.mutable_amount()->set_currency("USD");
  payment.mutable_amount()->set_minor_units(1000);
  add("paid", stream, v1::Event::kPaymentRecorded, {"p1"}, payment);
  v1::DisputeOpened opened;
  opened.set_dispute_id(period);
  opened.set_participant_id("p2");
  add("opened", "participants/p2", v1::Event::kDisputeOpened, {"p2"}, opened);
  v1::DisputeResolved resolved;
  resolved.set_dispute_id(period);
  resolved.set_participant_id("p2");
  add("resolved", "participants/p2", v1::Event::kDisputeResolved, {"p2"}, resolved);
  return events;
}

}  // namespace payfold_testing

#endif  // TESTS_PROJECTIONS_RUNTIME_CLOSE_FACTS_H_
