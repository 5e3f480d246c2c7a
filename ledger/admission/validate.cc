#include "ledger/admission/validate.h"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/field_path.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/ledger_event_id.h"
#include "ledger/admission/payload_rules.h"
#include "ledger/admission/stream_name.h"
#include "ledger/admission/violation.h"
#include "ledger/base/quote.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

void RefuseOfLedger(absl::string_view kind, const FieldPath& path, FieldRules* rules) {
  rules->Add(path, Reason::kPayloadOfLedger,
             absl::StrCat("\"", kind, "\" is written by the ledger alone: leave it out"));
}

// What only a method of the API writes, once it has checked what the ledger knows.
void RefuseOfMethod(absl::string_view kind, absl::string_view method, absl::string_view command,
                    const FieldPath& path, FieldRules* rules) {
  rules->Add(path, Reason::kPayloadOfLedger,
             absl::StrCat("\"", kind, "\" is not appended: call ", method, " (", command, ")"));
}

void CheckKind(const v1::Event& e, const FieldPath& path, Writer writer, FieldRules* rules) {
  switch (e.payload_case()) {
    case v1::Event::kLedgerConfigured:
      return CheckPayload(e.ledger_configured(), path, rules);
    case v1::Event::kParticipantChanged:
      return CheckPayload(e.participant_changed(), path, rules);
    case v1::Event::kDealBooked:
      return CheckPayload(e.deal_booked(), path, rules);
    case v1::Event::kDealAmended:
      return CheckPayload(e.deal_amended(), path, rules);
    case v1::Event::kDealInvoiced:
      return CheckPayload(e.deal_invoiced(), path, rules);
    case v1::Event::kPaymentCollected:
      return CheckPayload(e.payment_collected(), path, rules);
    case v1::Event::kDealCancelled:
      return CheckPayload(e.deal_cancelled(), path, rules);
    case v1::Event::kPipelineUpdated:
      return CheckPayload(e.pipeline_updated(), path, rules);
    case v1::Event::kCreditSplit:
      return CheckPayload(e.credit_split(), path, rules);
    case v1::Event::kSplitPolicySet:
      return CheckPayload(e.split_policy_set(), path, rules);
    case v1::Event::kMetricRecorded:
      return CheckPayload(e.metric_recorded(), path, rules);
    case v1::Event::kQuotaSet:
      return CheckPayload(e.quota_set(), path, rules);
    case v1::Event::kFxRateSet:
      return CheckPayload(e.fx_rate_set(), path, rules);
    case v1::Event::kPlanPublished:
      return CheckPayload(e.plan_published(), path, rules);
    case v1::Event::kPlanRetired:
      return CheckPayload(e.plan_retired(), path, rules);
    case v1::Event::kPlanAssigned:
      return CheckPayload(e.plan_assigned(), path, rules);
    case v1::Event::kGoalChosen:
      return CheckPayload(e.goal_chosen(), path, rules);
    case v1::Event::kOpeningBalance:
      return CheckPayload(e.opening_balance(), path, rules);
    case v1::Event::kAdjustmentPosted:
      return CheckPayload(e.adjustment_posted(), path, rules);
    case v1::Event::kPeriodApproved:
      if (writer == Writer::kSource) {
        return RefuseOfMethod(KindName(e), "PeriodService.ApprovePeriod", "payfold period approve",
                              path, rules);
      }
      return CheckPayload(e.period_approved(), path, rules);
    case v1::Event::kPaymentRecorded:
      if (writer == Writer::kSource) {
        return RefuseOfMethod(KindName(e), "PeriodService.RecordPayments", "payfold period pay",
                              path, rules);
      }
      return CheckPayload(e.payment_recorded(), path, rules);
    case v1::Event::kFactVoided:
      return CheckPayload(e.fact_voided(), path, rules);
    case v1::Event::kDisputeOpened:
      return CheckPayload(e.dispute_opened(), path, rules);
    case v1::Event::kDisputeResolved:
      return CheckPayload(e.dispute_resolved(), path, rules);
    case v1::Event::kParticipantErased:
      return CheckPayload(e.participant_erased(), path, rules);
    case v1::Event::kStatementPosted:
    case v1::Event::kPeriodClosed:
    case v1::Event::kReplayApproved:
    case v1::Event::kReplayCommitted:
      if (writer == Writer::kSource) RefuseOfLedger(KindName(e), path, rules);
      return;
    case v1::Event::PAYLOAD_NOT_SET:
      return;
  }
}

bool IsWrittenByLedger(const v1::Event& event) {
  return event.has_statement_posted() || event.has_period_closed() || event.has_period_approved() ||
         event.has_payment_recorded() || event.has_replay_approved() ||
         event.has_replay_committed();
}

// What sources sent keeps their ids in a batch of the ledger's too.
void CheckNotReserved(const v1::Event& event, const FieldPath& path, FieldRules* rules) {
  if (IsWrittenByLedger(event) || !IsLedgerEventId(event.event_id())) return;
  rules->Add(path / "event_id", Reason::kEventIdReserved,
             absl::StrCat(Quote(event.event_id()),
                          " is of the form that the ledger's own events have: begin it with "
                          "something else, such as the name of the source"));
}

// What the ledger writes into the envelope.
void CheckLedgerFields(const v1::Event& event, const FieldPath& path, FieldRules* rules) {
  const struct {
    absl::string_view name;
    bool is_set;
  } kFields[] = {
      {"position", event.position() != 0},
      {"recorded_at", event.has_recorded_at()},
      {"stream_version", event.stream_version() != 0},
      {"actor", !event.actor().empty()},
      {"stream", !event.stream().empty()},
  };
  for (const auto& field : kFields) {
    if (!field.is_set) continue;
    rules->Add(path / field.name, Reason::kLedgerFieldSet,
               "is written by the ledger: leave it out");
  }
}

void CheckEvent(const v1::Event& event, const FieldPath& path, Writer writer,
                std::vector<Violation>* violations) {
  FieldRules rules(violations);
  CheckLedgerFields(event, path, &rules);
  rules.Id(path / "event_id", event.event_id(), Need::kRequired);
  CheckNotReserved(event, path, &rules);
  rules.Id(path / "source", event.source(), Need::kRequired);
  rules.Id(path / "correlation_id", event.correlation_id(), Need::kOptional);
  rules.Id(path / "causation_id", event.causation_id(), Need::kOptional);
  const absl::string_view kind = KindName(event);
  if (kind.empty()) {
    rules.Add(path, Reason::kPayloadMissing,
              "has no payload that this release knows: give exactly one, such as deal_booked");
    return;
  }
  const FieldPath payload = path / kind;
  if (IsSealed(event)) {
    rules.Add(payload / "sealed", Reason::kLedgerFieldSet,
              "is written by the ledger: send the text in clear");
  }
  if (event.has_fact_voided() && !event.event_id().empty() &&
      event.fact_voided().event_id() == event.event_id()) {
    rules.Add(payload / "event_id", Reason::kVoidsItself,
              absl::StrCat(Quote(event.event_id()),
                           " is this event itself: name the event that was wrong"));
  }
  CheckKind(event, payload, writer, &rules);
}

void CheckSize(absl::Span<const v1::Event> events, FieldRules* rules) {
  const FieldPath path("events");
  if (events.size() > kMaxBatchEvents) {
    rules->Add(path, Reason::kBatchTooManyEvents,
               absl::StrCat("has ", events.size(), " events: send at most ", kMaxBatchEvents,
                            " in a batch"));
  }
  size_t bytes = 0;
  for (const v1::Event& event : events) bytes += event.ByteSizeLong();
  if (bytes > kMaxBatchMessageBytes) {
    rules->Add(
        path, Reason::kBatchTooLarge,
        absl::StrCat("has ", bytes, " bytes: send at most ", kMaxBatchMessageBytes, " in a batch"));
  }
}

// The key that an erasure destroys must not have sealed a later event of the
// batch: that one would be unreadable from the start.
void CheckErasures(absl::Span<const v1::Event> events, std::vector<Violation>* violations) {
  std::set<absl::string_view> erased;
  for (const v1::Event& event : events) {
    if (event.has_participant_erased()) erased.insert(event.participant_erased().participant_id());
  }
  if (erased.empty()) return;
  for (size_t i = 0; i < events.size(); ++i) {
    const v1::Event& event = events[i];
    if (!HasPersonalFields(event)) continue;
    const std::string subject = KeySubject(event, StreamName(event));
    if (erased.count(subject) == 0) continue;
    FieldRules(violations)
        .Add(FieldPath::Item("events", i) / KindName(event), Reason::kErasureWithPersonalFields,
             absl::StrCat("holds personal data of ", Quote(subject),
                          ", whom this batch erases: append it in a batch of its own"));
  }
}

}  // namespace

std::vector<Violation> ValidateBatch(absl::Span<const v1::Event> events, Writer writer) {
  std::vector<Violation> violations;
  FieldRules rules(&violations);
  if (events.empty()) {
    rules.Add(FieldPath("events"), Reason::kBatchEmpty, "is empty: give at least one event");
  }
  if (writer == Writer::kSource) CheckSize(events, &rules);
  if (!violations.empty()) return violations;
  for (size_t i = 0; i < events.size(); ++i) {
    CheckEvent(events[i], FieldPath::Item("events", i), writer, &violations);
  }
  CheckErasures(events, &violations);
  return violations;
}

}  // namespace payfold
