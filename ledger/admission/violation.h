// What is wrong with a batch of events: every violation by field and rule, and
// the one status the append fails with.
//
//   absl::Status status = ViolationStatus(violations);
//   // INVALID_ARGUMENT: events[3].deal_booked.booked_on: "2025-02-30" is not a …
//   // (and 2 more)
//
// Source: specification, events (Admission) and api (Conventions).

#ifndef LEDGER_ADMISSION_VIOLATION_H_
#define LEDGER_ADMISSION_VIOLATION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace payfold {

// Stable: clients test their names. Added to, never renamed.
enum class Reason {
  kBatchEmpty,
  kBatchTooManyEvents,
  kBatchTooLarge,
  kPayloadMissing,
  kLedgerFieldSet,
  kFieldMissing,
  kFieldNotAllowed,
  kIdMalformed,
  kDateMalformed,
  kDatesOutOfOrder,
  kPeriodMalformed,
  kPeriodNotAPayoutPeriod,
  kCurrencyUnknown,
  kCurrenciesEqual,
  kAmountOutOfRange,
  kDecimalMalformed,
  kDecimalOutOfRange,
  kNumberOutOfRange,
  kTextTooLong,
  kTextNotUtf8,
  kEnumUnknown,
  kTooMany,
  kRepeated,
  kAttributeNameReserved,
  kSharesDoNotAddUp,
  kVoidsItself,
  kErasureWithPersonalFields,
  kEventIdTaken,
  kStreamVersionMismatch,
  kPayloadOfLedger,
  kPlanDoesNotCompile,
  kDealAlreadyBooked,
  kFactNotVoidable,
  kVoidedBeforehand,
  kPeriodClosed,
  kAfterFirstClose,
  kCloseOvertaken,
  kEventIdReserved,
};
inline constexpr int kReasonCount = static_cast<int>(Reason::kEventIdReserved) + 1;

// "SHARES_DO_NOT_ADD_UP".
absl::string_view ReasonName(Reason reason);

// The code an append fails with.
absl::StatusCode ReasonCode(Reason reason);

struct Violation {
  std::string field;  // "events[3].credit_split.shares[1].share"
  Reason reason = Reason::kFieldMissing;
  std::string message;  // The rule, the offending value, and what to do.

  absl::StatusCode code() const { return ReasonCode(reason); }
};

// OK if there is none. The code is that of the violations by the first of
// INVALID_ARGUMENT, RESOURCE_EXHAUSTED, ALREADY_EXISTS, FAILED_PRECONDITION,
// ABORTED that occurs; the message is the first violation with that code, and
// how many more there are.
absl::Status ViolationStatus(absl::Span<const Violation> violations);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_VIOLATION_H_
