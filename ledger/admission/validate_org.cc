#include "absl/strings/str_cat.h"
#include "ledger/admission/field_path.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/payload_rules.h"
#include "ledger/base/quote.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

constexpr int kMonths = 12;
constexpr DecimalRule kAnyNumber = {};
constexpr DecimalRule kNotNegative = {.low = 0, .words = "zero or more"};
constexpr DecimalRule kPositive = {.low = 0, .above = true, .words = "above 0"};

}  // namespace

void CheckPayload(const v1::LedgerConfigured& p, const FieldPath& path, FieldRules* rules) {
  rules->CurrencyCode(path / "base_currency", p.base_currency(), Need::kRequired);
  rules->Int(path / "fiscal_year_start_month", p.fiscal_year_start_month(), 0, kMonths);
  rules->Enum(path / "payout_period", p.payout_period(),
              v1::LedgerConfigured::PayoutPeriod_descriptor());
  const bool two_weeks = p.payout_period() == v1::LedgerConfigured::TWO_WEEKS;
  rules->BusinessDate(path / "payout_anchor", p.payout_anchor(),
                      two_weeks ? Need::kRequired : Need::kOptional);
  rules->NotSet(path / "payout_anchor", !two_weeks && !p.payout_anchor().empty(),
                "only the payout period TWO_WEEKS has one");
}

void CheckPayload(const v1::ParticipantChanged& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "participant_id", p.participant_id(), Need::kRequired);
  rules->BusinessDate(path / "effective_from", p.effective_from(), Need::kRequired);
  rules->Enum(path / "status", p.status(), v1::ParticipantChanged::Status_descriptor());
  rules->Text(path / "display_name", p.display_name(), Need::kOptional);
  rules->Text(path / "email", p.email(), Need::kOptional);
  rules->Text(path / "role", p.role(), Need::kOptional);
  rules->Text(path / "team", p.team(), Need::kOptional);
  rules->Text(path / "territory", p.territory(), Need::kOptional);
  rules->Id(path / "manager_id", p.manager_id(), Need::kOptional);
  rules->BusinessDate(path / "hired_on", p.hired_on(), Need::kOptional);
  rules->CurrencyCode(path / "pay_currency", p.pay_currency(), Need::kOptional);
  rules->Attributes(path, "attributes", p.attributes());
}

void CheckPayload(const v1::ParticipantErased& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "participant_id", p.participant_id(), Need::kRequired);
  rules->Text(path / "reason", p.reason(), Need::kOptional, kMaxLongTextBytes);
}

void CheckPayload(const v1::MetricRecorded& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "metric", p.metric(), Need::kRequired);
  rules->IdOrStar(path / "participant_id", p.participant_id());
  rules->Number(path / "value", p.value(), Need::kRequired, kAnyNumber);
  rules->BusinessDate(path / "occurred_on", p.occurred_on(), Need::kRequired);
  rules->Attributes(path, "dimensions", p.dimensions());
}

void CheckPayload(const v1::QuotaSet& p, const FieldPath& path, FieldRules* rules) {
  rules->Id(path / "metric", p.metric(), Need::kRequired);
  rules->Text(path / "subject", p.subject(), Need::kRequired);
  rules->PeriodLabel(path / "period", p.period());
  rules->Number(path / "value", p.value(), Need::kRequired, kNotNegative);
}

void CheckPayload(const v1::FxRateSet& p, const FieldPath& path, FieldRules* rules) {
  rules->CurrencyCode(path / "base", p.base(), Need::kRequired);
  rules->CurrencyCode(path / "quote", p.quote(), Need::kRequired);
  if (!p.base().empty() && p.base() == p.quote()) {
    rules->Add(path / "quote", Reason::kCurrenciesEqual,
               absl::StrCat(Quote(p.quote()), " is the base too: name two currencies"));
  }
  rules->Number(path / "rate", p.rate(), Need::kRequired, kPositive);
  rules->BusinessDate(path / "effective_from", p.effective_from(), Need::kRequired);
}

}  // namespace payfold
