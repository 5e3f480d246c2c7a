// Errors with details a program can read: google.rpc messages, kept as payloads
// of an absl::Status under their type URLs until they leave through gRPC.
//
//   return WithReason(absl::NotFoundError("no participant \"x\""), "PARTICIPANT_UNKNOWN");
//
// Source: specification, api (Conventions); google/rpc/error_details.proto.

#ifndef SERVICES_ERRORS_H_
#define SERVICES_ERRORS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace payfold {

// The domain of all our reasons.
inline constexpr absl::string_view kErrorDomain = "payfold";

// What all details of one error may take, so that the trailer that carries them
// (8 KiB by default, with the message) arrives.
inline constexpr size_t kMaxDetailBytes = 6'000;

// Stable names of errors that come from the services themselves; those of
// refused events are the names of Reason.
inline constexpr absl::string_view kReasonLedgerNotFound = "LEDGER_NOT_FOUND";
inline constexpr absl::string_view kReasonLedgerExists = "LEDGER_EXISTS";
inline constexpr absl::string_view kReasonAsOfBeyondEnd = "AS_OF_BEYOND_END";
inline constexpr absl::string_view kReasonPageToken = "PAGE_TOKEN_INVALID";
inline constexpr absl::string_view kReasonPageSize = "PAGE_SIZE_OUT_OF_RANGE";
inline constexpr absl::string_view kReasonPlanRefused = "PLAN_REFUSED";
inline constexpr absl::string_view kReasonFieldMissing = "FIELD_MISSING";
inline constexpr absl::string_view kReasonFieldInvalid = "FIELD_INVALID";
inline constexpr absl::string_view kReasonTooBusy = "TOO_BUSY";
inline constexpr absl::string_view kReasonSubscriberTooSlow = "SUBSCRIBER_TOO_SLOW";
inline constexpr absl::string_view kReasonLedgerClosing = "LEDGER_CLOSING";
inline constexpr absl::string_view kReasonFoldingAnew = "FOLDING_ANEW";
inline constexpr absl::string_view kReasonServerStopping = "SERVER_STOPPING";
inline constexpr absl::string_view kReasonNothingToClose = "NOTHING_TO_CLOSE";
inline constexpr absl::string_view kReasonEarlierPeriodOpen = "EARLIER_PERIOD_OPEN";
inline constexpr absl::string_view kReasonCloseHasExceptions = "CLOSE_HAS_EXCEPTIONS";
inline constexpr absl::string_view kReasonCloseChanged = "CLOSE_CHANGED";
inline constexpr absl::string_view kReasonPeriodNotClosed = "PERIOD_NOT_CLOSED";
inline constexpr absl::string_view kReasonSamePrincipal = "SAME_PRINCIPAL";
inline constexpr absl::string_view kReasonPeriodNotApproved = "PERIOD_NOT_APPROVED";
inline constexpr absl::string_view kReasonNoStatement = "NO_STATEMENT";
inline constexpr absl::string_view kReasonPaymentTooLarge = "PAYMENT_TOO_LARGE";
inline constexpr absl::string_view kReasonDirectoryRefused = "DIRECTORY_REFUSED";
inline constexpr absl::string_view kReasonReferenceUsed = "REFERENCE_USED";
inline constexpr absl::string_view kReasonReplayNotFound = "REPLAY_NOT_FOUND";
inline constexpr absl::string_view kReasonReplayExists = "REPLAY_EXISTS";
inline constexpr absl::string_view kReasonTooManyReplays = "TOO_MANY_REPLAYS";
inline constexpr absl::string_view kReasonReplayNotRunning = "REPLAY_NOT_RUNNING";
inline constexpr absl::string_view kReasonReplayNotDone = "REPLAY_NOT_DONE";
inline constexpr absl::string_view kReasonReplaysNotComparable = "REPLAYS_NOT_COMPARABLE";
inline constexpr absl::string_view kReasonReplayNotApproved = "REPLAY_NOT_APPROVED";
inline constexpr absl::string_view kReasonReplayScopeTooNarrow = "REPLAY_SCOPE_TOO_NARROW";
inline constexpr absl::string_view kReasonReplayChanged = "REPLAY_CHANGED";

struct FieldViolation {
  std::string field;
  std::string description;

  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

// Adds an ErrorInfo. An OK status stays as it is.
absl::Status WithReason(absl::Status status, absl::string_view reason,
                        const std::map<std::string, std::string>& metadata = {});

// Adds a BadRequest: the first violations, as many as fit, and an ErrorInfo whose
// metadata say how many there are ("violations") and how many of them are given
// ("violations_given").
absl::Status WithViolations(absl::Status status, absl::string_view reason,
                            const std::vector<FieldViolation>& violations,
                            size_t max_detail_bytes = kMaxDetailBytes);

// kInvalidArgument about one field of a request.
absl::Status FieldError(absl::string_view field, absl::string_view reason,
                        absl::string_view message);

// kResourceExhausted, to be tried again after `delay`.
absl::Status TryAgainError(absl::string_view message, absl::Duration delay);

// What the details of a status say; empty where it has none.
std::string ReasonOf(const absl::Status& status);
std::map<std::string, std::string> MetadataOf(const absl::Status& status);
std::vector<FieldViolation> FieldViolationsOf(const absl::Status& status);
// How long to wait before trying again; nothing where the error does not say that
// it is worth it.
std::optional<absl::Duration> RetryDelayOf(const absl::Status& status);

}  // namespace payfold

#endif  // SERVICES_ERRORS_H_
