#include "tests/ledger/admission/admission_testing.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/event_json.h"
#include "ledger/admission/stream_name.h"
#include "ledger/admission/violation.h"
#include "ledger/base/check.h"
#include "payfold/v1/event.pb.h"

namespace payfold_testing {

using ::payfold::v1::Event;

Event Fact(absl::string_view event_id, absl::string_view payload_json) {
  const std::string json =
      absl::StrCat(R"({"event_id": ")", event_id, R"(", "source": "crm", )", payload_json, "}");
  absl::StatusOr<Event> event = payfold::EventFromJson(json);
  if (!event.ok())
    std::fprintf(stderr, "%s: %s\n", json.c_str(), event.status().ToString().c_str());
  CHECK(event.ok());
  return *std::move(event);
}

Event Booking(absl::string_view event_id, absl::string_view deal_id, int64_t minor_units) {
  return Fact(event_id,
              absl::StrCat(R"("deal_booked": {"deal_id": ")", deal_id,
                           R"(", "amount": {"currency": "USD", "minor_units": )", minor_units,
                           R"(}, "booked_on": "2025-03-31", "owner_id": "ana"})"));
}

Event Voiding(absl::string_view event_id, absl::string_view voided) {
  return Fact(event_id, absl::StrCat(R"("fact_voided": {"event_id": ")", voided,
                                     R"(", "reason": "entered twice"})"));
}

Event Erasure(absl::string_view event_id, absl::string_view participant_id) {
  return Fact(event_id, absl::StrCat(R"("participant_erased": {"participant_id": ")",
                                     participant_id, R"(", "reason": "asked for it"})"));
}

Event Person(absl::string_view event_id, absl::string_view participant_id,
             absl::string_view display_name) {
  return Fact(
      event_id,
      absl::StrCat(R"("participant_changed": {"participant_id": ")", participant_id,
                   R"(", "effective_from": "2025-01-01", "status": "ACTIVE", )",
                   R"("display_name": ")", display_name, R"(", "email": "someone@example.com"})"));
}

Event Close(absl::string_view event_id, absl::string_view period) {
  return Fact(event_id, absl::StrCat(R"("period_closed": {"period": ")", period, R"("})"));
}

std::vector<Event> EventsOfEveryKind() {
  constexpr absl::string_view kDescription =
      R"("owner_id": "ana", "members": [{"participant_id": "ana", "role": "AE"},
         {"participant_id": "bob", "role": "SDR"}], "product": "GTX Pro", "segment": "SMB",
         "territory": "north", "channel": "web", "customer_id": "acme", "term_months": 12,
         "attributes": {"b": "2", "a": "1"})";
  constexpr absl::string_view kAmount = R"("amount": {"currency": "USD", "minor_units": "125000"})";
  const std::vector<std::pair<absl::string_view, std::string>> kPayloads = {
      {"ledger_configured", R"("base_currency": "USD", "fiscal_year_start_month": 4,
          "payout_period": "TWO_WEEKS", "payout_anchor": "2025-01-06")"},
      {"participant_changed", R"("participant_id": "ana", "effective_from": "2025-01-01",
          "status": "ACTIVE", "display_name": "Ana Núñez", "email": "ana@example.com",
          "role": "AE", "team": "north", "territory": "EMEA", "manager_id": "eve",
          "hired_on": "2020-02-29", "pay_currency": "EUR", "attributes": {"level": "3"})"},
      {"deal_booked", absl::StrCat(R"("deal_id": "D-1", "booked_on": "2025-03-31", )", kAmount,
                                   ", ", kDescription)},
      {"deal_amended", absl::StrCat(R"("deal_id": "D-1", "amended_on": "2025-04-02",
          "mode": "RESTATE", "booked_on": "2025-03-30", )",
                                    kAmount, ", ", kDescription)},
      {"deal_invoiced", absl::StrCat(R"("deal_id": "D-1", "date": "2025-04-03", )", kAmount)},
      {"payment_collected", absl::StrCat(R"("deal_id": "D-1", "date": "2025-04-04", )", kAmount)},
      {"deal_cancelled", absl::StrCat(R"("deal_id": "D-1", "cancelled_on": "2025-04-05",
          "reason": "Ms Doe left", )",
                                      kAmount)},
      {"pipeline_updated", absl::StrCat(R"("deal_id": "D-2", "stage": "Engaging",
          "expected_on": "2025-06-30", "probability": "0.25", )",
                                        kAmount, ", ", kDescription)},
      {"credit_split", R"("deal_id": "D-1", "shares": [
          {"participant_id": "ana", "share": "0.7", "role": "AE"},
          {"participant_id": "bob", "share": "0.3"},
          {"participant_id": "eve", "share": "1.5", "overlay": true}])"},
      {"split_policy_set", R"("policy_id": "default", "effective_from": "2025-01-01",
          "role_shares": {"SDR": "0.1", "AE": "0.7", "SE": "0.2"})"},
      {"metric_recorded", R"("metric": "calls", "participant_id": "ana", "value": "-12.5",
          "occurred_on": "2025-03-01", "dimensions": {"kind": "cold"})"},
      {"quota_set", R"("metric": "bookings", "subject": "Team Nörd/1", "period": "2025-Q1",
          "value": "100000000")"},
      {"fx_rate_set", R"("base": "EUR", "quote": "USD", "rate": "1.085",
          "effective_from": "2025-03-01")"},
      {"plan_published", R"("plan": {"plan_id": "ae-2025", "currency": "USD",
          "effective": {"start": "2025-01-01"}, "components": [{"component_id": "commission",
          "measure": {"deals": {}}, "payout": {"rate": "5%"}}]})"},
      {"plan_retired", R"("plan_id": "ae-2025", "effective_to": "2025-12-31")"},
      {"plan_assigned", R"("plan_id": "ae-2025", "participant_id": "ana",
          "effective_from": "2025-01-01", "effective_to": "2025-12-31",
          "target_incentive": {"currency": "USD", "minor_units": "4000000"}, "excluded": true)"},
      {"goal_chosen", R"("participant_id": "ana", "plan_id": "ae-2025",
          "component_id": "challenge", "goal_id": "new-deals", "period": "2025-Q2")"},
      {"opening_balance", absl::StrCat(R"("participant_id": "ana", "as_of": "2024-12-31",
          "kind": "HELD", "deal_id": "D-0", )",
                                       kAmount)},
      {"adjustment_posted", absl::StrCat(R"("adjustment_id": "A-1", "participant_id": "ana",
          "period": "2025-03", "reason": "promised to Ana", "plan_id": "ae-2025",
          "component_id": "commission", "dispute_id": "Q-1", )",
                                         kAmount)},
      {"statement_posted", R"("statement": {"participant_id": "ana", "period": "2025-03"})"},
      {"period_closed", R"("period": "2025-03", "folded_position": "17",
          "totals": [{"currency": "USD", "minor_units": "5"}], "statements_digest": "AAEC",
          "exceptions": ["D-9 has no owner"])"},
      {"period_approved", R"("period": "2025-03")"},
      {"payment_recorded", absl::StrCat(R"("period": "2025-03", "participant_id": "ana",
          "reference": "bank:77", "paid_on": "2025-04-15", )",
                                        kAmount)},
      {"fact_voided", R"("event_id": "some-event", "reason": "entered twice")"},
      {"dispute_opened", R"("dispute_id": "Q-1", "participant_id": "ana", "line_id": "L-1",
          "period": "2025-03", "text": "Where is D-7?")"},
      {"dispute_resolved", R"("dispute_id": "Q-1", "participant_id": "ana",
          "outcome": "paid", "adjustment_id": "A-1")"},
      {"replay_approved", R"("replay_id": "R-1", "digest": "AAEC", "reason": "seen")"},
      {"replay_committed", R"("replay_id": "R-1", "digest": "AAEC", "reason": "done")"},
      {"participant_erased", R"("participant_id": "ana", "reason": "asked for it")"},
  };
  std::vector<Event> events;
  for (const auto& payload : kPayloads) {
    events.push_back(
        Fact(payload.first, absl::StrCat(R"("correlation_id": "c-1", "causation_id": "c-2", ")",
                                         payload.first, "\": {", payload.second, "}")));
  }
  return events;
}

bool IsOfSource(const Event& event) {
  return !event.has_statement_posted() && !event.has_period_closed() &&
         !event.has_period_approved() && !event.has_payment_recorded() &&
         !event.has_replay_approved() && !event.has_replay_committed();
}

std::string Lines(absl::Span<const payfold::Violation> violations) {
  return absl::StrJoin(violations, "\n", [](std::string* out, const payfold::Violation& v) {
    absl::StrAppend(out, v.field, " ", payfold::ReasonName(v.reason));
  });
}

payfold::RandomSource CountingRandom() {
  return [next = std::make_shared<unsigned char>()](size_t size) {
    std::string bytes;
    while (bytes.size() < size) bytes.push_back(static_cast<char>((*next)++));
    return bytes;
  };
}

}  // namespace payfold_testing
