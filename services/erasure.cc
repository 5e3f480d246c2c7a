#include "services/erasure.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/aead.h"
#include "ledger/base/quote.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"
#include "services/refused_batch.h"

namespace payfold {
namespace {

constexpr size_t kErasureIdBytes = 16;

// What the participant's stream says.
struct Past {
  uint64_t version = 0;
  uint64_t erased_at = 0;  // Position of the last erasure; 0 for none.
};

absl::StatusOr<Past> ReadPast(const Ledger& ledger, const std::string& participant) {
  Past past;
  ASSIGN_OR_RETURN(const std::optional<uint32_t> number,
                   ledger.log().FindStream(absl::StrCat("participants/", participant)));
  if (!number.has_value()) return past;
  const std::unique_ptr<EventCursor> cursor = ledger.log().Read({.stream = number});
  while (cursor->Next()) {
    past.version = cursor->event().stream_version;
    if (cursor->event().kind == v1::Event::kParticipantErased) {
      past.erased_at = cursor->event().position;
    }
  }
  RETURN_IF_ERROR(cursor->status());
  return past;
}

v1::Event EventOf(const v1::EraseParticipantRequest& request, uint64_t version) {
  v1::Event event;
  // Nobody can take it beforehand.
  event.set_event_id(absl::StrCat("erasure-", ToHex(RandomBytes(kErasureIdBytes))));
  event.set_source("payfold");
  event.set_expected_stream_version(version);
  event.mutable_participant_erased()->set_participant_id(request.participant_id());
  event.mutable_participant_erased()->set_reason(request.reason());
  return event;
}

// By the fields of the request.
absl::Status RefusedRequest(std::vector<Violation> violations) {
  for (Violation& violation : violations) {
    violation.field = absl::StrReplaceAll(violation.field, {{"events[0].participant_erased.", ""}});
  }
  return RefusedBatch(violations);
}

}  // namespace

absl::StatusOr<v1::EraseParticipantResponse> EraseParticipant(
    Workspace* workspace, const v1::EraseParticipantRequest& request, const Call& call) {
  std::vector<Violation> violations = ValidateBatch({EventOf(request, 0)});
  if (!violations.empty()) return RefusedRequest(std::move(violations));
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  Ledger& ledger = *open->ledger;
  const std::string& participant = request.participant_id();
  ASSIGN_OR_RETURN(const std::optional<uint32_t> number, ledger.log().FindParticipant(participant));
  if (!number.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("the ledger names no participant ", Quote(participant)));
  }
  v1::EraseParticipantResponse response;
  absl::Status overtaken;
  for (int attempt = 0; attempt < kWriteAttempts; ++attempt) {
    RETURN_IF_ERROR(call.CheckAlive());
    ASSIGN_OR_RETURN(const Past past, ReadPast(ledger, participant));
    ASSIGN_OR_RETURN(const std::optional<std::string> key, ledger.keys().FindKey(participant));
    if (past.erased_at != 0 && !key.has_value()) {
      response.set_position(past.erased_at);
      response.set_was_erased(true);
      return response;
    }
    const absl::StatusOr<AppendResult> appended =
        ledger.Append({EventOf(request, past.version)},
                      {.actor = call.actor, .validate_only = request.validate_only()}, &violations);
    if (appended.ok()) {
      response.set_position(appended->events.front().position);
      return response;
    }
    overtaken = violations.empty() ? appended.status() : RefusedRequest(violations);
    if (!absl::IsAborted(overtaken)) return overtaken;
  }
  return overtaken;
}

}  // namespace payfold
