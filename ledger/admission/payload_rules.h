// The rules of each payload. Internal to ledger/admission: ValidateBatch() is
// the way in.

#ifndef LEDGER_ADMISSION_PAYLOAD_RULES_H_
#define LEDGER_ADMISSION_PAYLOAD_RULES_H_

#include "ledger/admission/field_path.h"
#include "ledger/admission/fields.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// About deals (validate_deal.cc).
void CheckPayload(const v1::DealBooked& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::DealAmended& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::DealInvoiced& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::PaymentCollected& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::DealCancelled& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::PipelineUpdated& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::CreditSplit& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::SplitPolicySet& p, const FieldPath& path, FieldRules* rules);

// About the organisation and its figures (validate_org.cc).
void CheckPayload(const v1::LedgerConfigured& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::ParticipantChanged& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::ParticipantErased& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::MetricRecorded& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::QuotaSet& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::FxRateSet& p, const FieldPath& path, FieldRules* rules);

// About plans (validate_plan.cc).
void CheckPayload(const v1::PlanPublished& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::PlanRetired& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::PlanAssigned& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::GoalChosen& p, const FieldPath& path, FieldRules* rules);

// About payouts and corrections (validate_payout.cc).
void CheckPayload(const v1::OpeningBalance& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::AdjustmentPosted& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::PeriodApproved& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::PaymentRecorded& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::FactVoided& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::DisputeOpened& p, const FieldPath& path, FieldRules* rules);
void CheckPayload(const v1::DisputeResolved& p, const FieldPath& path, FieldRules* rules);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_PAYLOAD_RULES_H_
