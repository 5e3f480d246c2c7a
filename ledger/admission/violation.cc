#include "ledger/admission/violation.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace payfold {
namespace {

struct ReasonInfo {
  Reason reason;
  absl::string_view name;
  absl::StatusCode code = absl::StatusCode::kInvalidArgument;
};

// In the order of Reason.
constexpr ReasonInfo kReasons[] = {
    {Reason::kBatchEmpty, "BATCH_EMPTY"},
    {Reason::kBatchTooManyEvents, "BATCH_TOO_MANY_EVENTS", absl::StatusCode::kResourceExhausted},
    {Reason::kBatchTooLarge, "BATCH_TOO_LARGE", absl::StatusCode::kResourceExhausted},
    {Reason::kPayloadMissing, "PAYLOAD_MISSING"},
    {Reason::kLedgerFieldSet, "LEDGER_FIELD_SET"},
    {Reason::kFieldMissing, "FIELD_MISSING"},
    {Reason::kFieldNotAllowed, "FIELD_NOT_ALLOWED"},
    {Reason::kIdMalformed, "ID_MALFORMED"},
    {Reason::kDateMalformed, "DATE_MALFORMED"},
    {Reason::kDatesOutOfOrder, "DATES_OUT_OF_ORDER"},
    {Reason::kPeriodMalformed, "PERIOD_MALFORMED"},
    {Reason::kPeriodNotAPayoutPeriod, "PERIOD_NOT_A_PAYOUT_PERIOD"},
    {Reason::kCurrencyUnknown, "CURRENCY_UNKNOWN"},
    {Reason::kCurrenciesEqual, "CURRENCIES_EQUAL"},
    {Reason::kAmountOutOfRange, "AMOUNT_OUT_OF_RANGE"},
    {Reason::kDecimalMalformed, "DECIMAL_MALFORMED"},
    {Reason::kDecimalOutOfRange, "DECIMAL_OUT_OF_RANGE"},
    {Reason::kNumberOutOfRange, "NUMBER_OUT_OF_RANGE"},
    {Reason::kTextTooLong, "TEXT_TOO_LONG"},
    {Reason::kTextNotUtf8, "TEXT_NOT_UTF8"},
    {Reason::kEnumUnknown, "ENUM_UNKNOWN"},
    {Reason::kTooMany, "TOO_MANY"},
    {Reason::kRepeated, "REPEATED"},
    {Reason::kAttributeNameReserved, "ATTRIBUTE_NAME_RESERVED"},
    {Reason::kSharesDoNotAddUp, "SHARES_DO_NOT_ADD_UP"},
    {Reason::kVoidsItself, "VOIDS_ITSELF"},
    {Reason::kErasureWithPersonalFields, "ERASURE_WITH_PERSONAL_FIELDS"},
    {Reason::kEventIdTaken, "EVENT_ID_TAKEN", absl::StatusCode::kAlreadyExists},
    {Reason::kStreamVersionMismatch, "STREAM_VERSION_MISMATCH", absl::StatusCode::kAborted},
    {Reason::kPayloadOfLedger, "PAYLOAD_OF_LEDGER", absl::StatusCode::kFailedPrecondition},
    {Reason::kPlanDoesNotCompile, "PLAN_DOES_NOT_COMPILE", absl::StatusCode::kFailedPrecondition},
    {Reason::kDealAlreadyBooked, "DEAL_ALREADY_BOOKED", absl::StatusCode::kFailedPrecondition},
    {Reason::kFactNotVoidable, "FACT_NOT_VOIDABLE", absl::StatusCode::kFailedPrecondition},
    {Reason::kVoidedBeforehand, "VOIDED_BEFOREHAND", absl::StatusCode::kFailedPrecondition},
    {Reason::kPeriodClosed, "PERIOD_CLOSED", absl::StatusCode::kFailedPrecondition},
    {Reason::kAfterFirstClose, "AFTER_FIRST_CLOSE", absl::StatusCode::kFailedPrecondition},
    {Reason::kCloseOvertaken, "CLOSE_OVERTAKEN", absl::StatusCode::kAborted},
    {Reason::kEventIdReserved, "EVENT_ID_RESERVED"},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < std::size(kReasons); ++i) {
    if (static_cast<size_t>(kReasons[i].reason) != i) return false;
  }
  return true;
}
static_assert(std::size(kReasons) == kReasonCount && InOrder());

const ReasonInfo& Info(Reason reason) { return kReasons[static_cast<size_t>(reason)]; }

// What must be changed in the batch comes before what the ledger's state says.
constexpr absl::StatusCode kPrecedence[] = {
    absl::StatusCode::kInvalidArgument, absl::StatusCode::kResourceExhausted,
    absl::StatusCode::kAlreadyExists,   absl::StatusCode::kFailedPrecondition,
    absl::StatusCode::kAborted,
};

}  // namespace

absl::string_view ReasonName(Reason reason) { return Info(reason).name; }

absl::StatusCode ReasonCode(Reason reason) { return Info(reason).code; }

absl::Status ViolationStatus(absl::Span<const Violation> violations) {
  for (const absl::StatusCode code : kPrecedence) {
    const auto first = std::find_if(violations.begin(), violations.end(),
                                    [code](const Violation& v) { return v.code() == code; });
    if (first == violations.end()) continue;
    return absl::Status(
        code,
        absl::StrCat(
            first->field, ": ", first->message,
            violations.size() == 1 ? "" : absl::StrCat(" (and ", violations.size() - 1, " more)")));
  }
  return absl::OkStatus();
}

}  // namespace payfold
