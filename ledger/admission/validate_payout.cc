#include "absl/strings/string_view.h"
#include "ledger/admission/field_path.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/payload_rules.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

constexpr size_t kMaxLineIdBytes = 1'000;

}  // namespace

void CheckPayload(const v1::OpeningBalance& p, const FieldPath& path, FieldRules* rules) {
  const bool payable = p.kind() == v1::OpeningBalance::PAYABLE;
  rules->Id(path / "participant_id", p.participant_id(), Need::kRequired);
  rules->BusinessDate(path / "as_of", p.as_of(), Need::kRequired);
  rules->Enum(path / "kind", p.kind(), v1::OpeningBalance::Kind_descriptor());
  rules->Amount(path / "amount", p.has_amount() ? &p.amount() : nullptr, Need::kRequired,
                payable ? AmountRule::kAny : AmountRule::kNotNegative);
  rules->Id(path / "deal_id", p.deal_id(), Need::kOptional);
  rules->NotSet(path / "deal_id", p.kind() != v1::OpeningBalance::HELD && !p.deal_id().empty(),
                "only a balance of kind HELD waits for a deal");
}

void CheckPayload(const v1::AdjustmentPosted& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "adjustment_id", p.adjustment_id(), Need::kRequired);
  rules->Id(path / "participant_id", p.participant_id(), Need::kRequired);
  rules->PayoutPeriodLabel(path / "period", p.period(), Need::kRequired);
  rules->Amount(path / "amount", p.has_amount() ? &p.amount() : nullptr, Need::kRequired,
                AmountRule::kNotZero);
  rules->Text(path / "reason", p.reason(), Need::kRequired, kMaxLongTextBytes);
  rules->Id(path / "plan_id", p.plan_id(), Need::kOptional);
  rules->Id(path / "component_id", p.component_id(), Need::kOptional);
  rules->Id(path / "dispute_id", p.dispute_id(), Need::kOptional);
}

void CheckPayload(const v1::PeriodApproved& p, const FieldPath& path, FieldRules* rules) {
  rules->PayoutPeriodLabel(path / "period", p.period(), Need::kRequired);
}

void CheckPayload(const v1::PaymentRecorded& p, const FieldPath& path, FieldRules* rules) {
  rules->PayoutPeriodLabel(path / "period", p.period(), Need::kRequired);
  rules->Id(path / "participant_id", p.participant_id(), Need::kRequired);
  rules->Amount(path / "amount", p.has_amount() ? &p.amount() : nullptr, Need::kRequired,
                AmountRule::kPositive);
  rules->Id(path / "reference", p.reference(), Need::kRequired);
  rules->BusinessDate(path / "paid_on", p.paid_on(), Need::kRequired);
}

void CheckPayload(const v1::FactVoided& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "event_id", p.event_id(), Need::kRequired);
  rules->Text(path / "reason", p.reason(), Need::kRequired, kMaxLongTextBytes);
}

void CheckPayload(const v1::DisputeOpened& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "dispute_id", p.dispute_id(), Need::kRequired);
  rules->Id(path / "participant_id", p.participant_id(), Need::kRequired);
  rules->Text(path / "line_id", p.line_id(), Need::kOptional, kMaxLineIdBytes);
  // One of the two says what is disputed.
  rules->PayoutPeriodLabel(path / "period", p.period(),
                           p.line_id().empty() ? Need::kRequired : Need::kOptional);
  rules->Text(path / "text", p.text(), Need::kRequired, kMaxLongTextBytes);
}

void CheckPayload(const v1::DisputeResolved& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "dispute_id", p.dispute_id(), Need::kRequired);
  rules->Id(path / "participant_id", p.participant_id(), Need::kRequired);
  rules->Text(path / "outcome", p.outcome(), Need::kRequired, kMaxLongTextBytes);
  rules->Id(path / "adjustment_id", p.adjustment_id(), Need::kOptional);
}

}  // namespace payfold
