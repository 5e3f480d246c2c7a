#include "services/replay_commit.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/ledger_event_id.h"
#include "ledger/base/processors.h"
#include "ledger/base/quote.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "projections/replay/difference.h"
#include "projections/replay/fork.h"
#include "projections/runtime/live_fold.h"
#include "services/errors.h"
#include "services/query_view.h"
#include "services/refused_batch.h"
#include "services/replay_history.h"
#include "services/replays.h"

namespace payfold {
namespace {

absl::Status CheckReviewed(const v1::Replay& replay, const std::string& digest,
                           const std::string& reason) {
  if (digest.empty()) {
    return FieldError("digest", kReasonFieldMissing,
                      "give the digest of the difference that you have reviewed, from the replay");
  }
  if (digest != replay.digest()) {
    return FieldError(
        "digest", kReasonFieldInvalid,
        absl::StrCat(ToHex(digest), " is not that of replay ", Quote(replay.replay_id()), ", ",
                     ToHex(replay.digest()), ": review its difference"));
  }
  if (reason.size() <= kMaxLongTextBytes) return absl::OkStatus();
  return FieldError(
      "reason", kReasonFieldInvalid,
      absl::StrCat("has ", reason.size(), " bytes; it has at most ", kMaxLongTextBytes));
}

absl::Status CheckApproved(const v1::Replay& replay) {
  if (!replay.four_eyes() || !replay.approved_by().empty()) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "replay ", Quote(replay.replay_id()), " asks for four eyes: another principal than ",
          Quote(replay.started_by()), " has to approve it first")),
      kReasonReplayNotApproved);
}

absl::Status CheckReadable(const std::vector<v1::Event>& events) {
  for (size_t i = 0; i < events.size(); ++i) {
    if (!IsSealed(events[i])) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("events[", i, "] (", Quote(events[i].event_id()),
                     ") names somebody who has been erased since: start the replay again without "
                     "it"));
  }
  return absl::OkStatus();
}

// Whether a batch would still make the difference that was reviewed.
class Confirmation {
 public:
  // `drafts` were made of `events` when the log ended with `drafted_at`, or later.
  Confirmation(const OpenLedger& open, const v1::Replay& replay,
               const std::vector<v1::Event>& events, std::vector<v1::Event> drafts,
               uint64_t drafted_at, bool is_last, const Call& call)
      : open_(open),
        replay_(replay),
        is_last_(is_last),
        drafts_(std::move(drafts)),
        drafted_at_(drafted_at),
        call_(call) {
    for (const v1::Event& event : events) event_ids_.push_back(event.event_id());
  }

  // Whether it was checked at a fold of at least that position.
  bool Covers(uint64_t head) const { return checked_.has_value() && *checked_ >= head; }

  // At a fold of at least that position, as long as somebody waits for it.
  absl::Status Check(uint64_t head) {
    if (Covers(head)) return absl::OkStatus();
    RETURN_IF_ERROR(WaitUntilFolded(head));
    const std::shared_ptr<const FactsView> base = open_.payouts->View();
    // A void stands where its fact does, which may have come meanwhile.
    if (base->position() > drafted_at_ && HasVoids()) return Overtaken();
    ASSIGN_OR_RETURN(const Fork fork,
                     Fork::Make(base, drafts_, FindPositionIn(&open_.ledger->log())));
    ASSIGN_OR_RETURN(const ComparedScope scope, ReadScope(fork.view(), replay_.scope()));
    CompareOptions options;
    options.workers = ProcessorCount();
    options.progress = [this](uint64_t, uint64_t) { return call_.CheckAlive(); };
    ASSIGN_OR_RETURN(const Differences differences, ComputeDifferences(fork, options));
    if (differences.digest != replay_.digest()) {
      // With some of the events in the log already the others say little: another commit
      // of the same replay may have been faster, which the next try finds out.
      ASSIGN_OR_RETURN(const bool came_in, AnyCameIn());
      if (came_in && !is_last_) return Overtaken();
    }
    RETURN_IF_ERROR(CheckScope(fork, scope, differences));
    if (differences.digest != replay_.digest()) return Changed(differences.digest);
    checked_ = base->position();
    return absl::OkStatus();
  }

  static absl::Status Overtaken() {
    return absl::AbortedError("facts came in while it was committed: commit it again");
  }

 private:
  absl::Status WaitUntilFolded(uint64_t position) const {
    while (true) {
      RETURN_IF_ERROR(call_.CheckAlive());
      absl::Status folded = open_.payouts->WaitFor(position, absl::Now() + kWaitSlice);
      if (!absl::IsDeadlineExceeded(folded)) return folded;
    }
  }

  absl::StatusOr<bool> AnyCameIn() const {
    for (const std::string& event_id : event_ids_) {
      ASSIGN_OR_RETURN(const std::optional<KnownEvent> known,
                       open_.ledger->log().FindEventId(event_id));
      if (known.has_value()) return true;
    }
    return false;
  }

  bool HasVoids() const {
    return std::any_of(drafts_.begin(), drafts_.end(),
                       [](const v1::Event& event) { return event.has_fact_voided(); });
  }

  absl::Status CheckScope(const Fork& fork, const ComparedScope& scope,
                          const Differences& differences) const {
    for (const DifferenceRow& row : differences.rows) {
      if (scope.Holds(row.participant) && scope.Holds(row.period)) continue;
      const v1::Difference outside = ToProto(row, differences, fork.view().reference());
      return WithReason(absl::FailedPreconditionError(absl::StrCat(
                            "replay ", Quote(replay_.replay_id()),
                            " was reviewed for a part of what it changes: ",
                            outside.participant_id(), " in ", outside.period(),
                            " is outside its scope; replay the events without a scope, and "
                            "review that")),
                        kReasonReplayScopeTooNarrow);
    }
    return absl::OkStatus();
  }

  absl::Status Changed(const std::string& digest) const {
    return WithReason(
        absl::AbortedError(absl::StrCat("events since position ", replay_.position(),
                                        " have changed what replay ", Quote(replay_.replay_id()),
                                        " makes: its difference has the digest ", ToHex(digest),
                                        " now; start it again (events_of) and review that")),
        kReasonReplayChanged, {{"digest", ToHex(digest)}});
  }

  const OpenLedger& open_;
  const v1::Replay& replay_;
  const bool is_last_;
  std::vector<std::string> event_ids_;
  const std::vector<v1::Event> drafts_;
  const uint64_t drafted_at_;
  const Call& call_;
  std::optional<uint64_t> checked_;
};

v1::Event CommittedEvent(const v1::Replay& replay, const std::string& reason, uint64_t version) {
  v1::Event event;
  event.set_event_id(LedgerEventId("replay-committed", replay.replay_id()));
  event.set_source("payfold");
  event.set_expected_stream_version(version);
  event.mutable_replay_committed()->set_replay_id(replay.replay_id());
  event.mutable_replay_committed()->set_digest(replay.digest());
  event.mutable_replay_committed()->set_reason(reason);
  return event;
}

v1::Event ApprovedEvent(const v1::Replay& replay, const std::string& reason, uint64_t version) {
  v1::Event event;
  event.set_event_id(LedgerEventId("replay-approved", replay.replay_id()));
  event.set_source("payfold");
  event.set_expected_stream_version(version);
  event.mutable_replay_approved()->set_replay_id(replay.replay_id());
  event.mutable_replay_approved()->set_digest(replay.digest());
  event.mutable_replay_approved()->set_reason(reason);
  return event;
}

void AddResults(const AppendResult& appended, v1::CommitReplayResponse* response) {
  for (const AppendedEvent& event : appended.events) {
    v1::AppendResult* result = response->add_results();
    result->set_position(event.position);
    result->set_stream_version(event.stream_version);
    result->set_duplicate(event.duplicate);
  }
  response->set_head(appended.head);
}

// One try; the last one compares while nobody else appends. Errors: also kAborted where
// others came between, without a reason.
absl::StatusOr<v1::CommitReplayResponse> TryCommit(const OpenLedger& open,
                                                   const v1::CommitReplayRequest& request,
                                                   const Call& call, bool is_last) {
  v1::CommitReplayResponse response;
  ASSIGN_OR_RETURN(*response.mutable_replay(), FindReplayWithResult(open, request.replay_id()));
  const v1::Replay& replay = response.replay();
  RETURN_IF_ERROR(CheckReviewed(replay, request.digest(), request.reason()));
  if (replay.state() == v1::COMMITTED) {
    response.set_was_committed(true);
    response.set_head(open.ledger->log().head());
    return response;
  }
  RETURN_IF_ERROR(CheckApproved(replay));
  ASSIGN_OR_RETURN(std::vector<v1::Event> events, EventsOfReplay(open, replay.replay_id()));
  RETURN_IF_ERROR(CheckReadable(events));
  const uint64_t drafted_at = open.ledger->log().head();
  std::vector<v1::Event> drafts;
  std::vector<Violation> violations;
  if (!events.empty()) {
    absl::StatusOr<std::vector<v1::Event>> drafted =
        open.ledger->Draft(events, call.actor, &violations);
    if (!violations.empty()) return RefusedBatch(violations);
    RETURN_IF_ERROR(drafted.status());
    drafts = *std::move(drafted);
  }
  Confirmation confirmation(open, replay, events, std::move(drafts), drafted_at, is_last, call);
  RETURN_IF_ERROR(confirmation.Check(drafted_at));
  ASSIGN_OR_RETURN(const ReplayHistory history,
                   ReadReplayHistory(*open.ledger, replay.replay_id()));
  events.push_back(CommittedEvent(replay, request.reason(), history.version));
  RETURN_IF_ERROR(call.CheckAlive());
  const absl::StatusOr<AppendResult> appended = open.ledger->Append(
      events,
      {.actor = call.actor,
       .validate_only = request.validate_only(),
       .writer = Writer::kLedger,
       .confirm =
           [&](uint64_t head) {
             const bool covered = confirmation.Covers(head);
             return covered || is_last ? confirmation.Check(head) : Confirmation::Overtaken();
           }},
      &violations);
  if (!violations.empty()) {
    // Another commit, or an approval, was faster: what it wrote decides.
    const absl::Status status = ViolationStatus(violations);
    return absl::IsAborted(status) || absl::IsAlreadyExists(status) ? Confirmation::Overtaken()
                                                                    : RefusedBatch(violations);
  }
  RETURN_IF_ERROR(appended.status());
  AddResults(*appended, &response);
  response.set_was_committed(appended->events.back().duplicate);
  if (request.validate_only()) return response;
  ASSIGN_OR_RETURN(*response.mutable_replay(), FindReplay(open, replay.replay_id()));
  return response;
}

bool MayTryAgain(const absl::Status& status) {
  return absl::IsAborted(status) && ReasonOf(status).empty();
}

absl::StatusOr<v1::ApproveReplayResponse> TryApprove(const OpenLedger& open,
                                                     const v1::ApproveReplayRequest& request,
                                                     const Call& call) {
  v1::ApproveReplayResponse response;
  ASSIGN_OR_RETURN(*response.mutable_replay(), FindReplayWithResult(open, request.replay_id()));
  const v1::Replay& replay = response.replay();
  RETURN_IF_ERROR(CheckReviewed(replay, request.digest(), request.reason()));
  if (replay.started_by() == call.actor) {
    return WithReason(absl::PermissionDeniedError(absl::StrCat(
                          Quote(call.actor), " started replay ", Quote(replay.replay_id()),
                          " and may not approve it: another principal has "
                          "to (--as NAME)")),
                      kReasonSamePrincipal);
  }
  if (!replay.approved_by().empty() || replay.state() == v1::COMMITTED) {
    response.set_was_approved(!replay.approved_by().empty());
    return response;
  }
  ASSIGN_OR_RETURN(const ReplayHistory history,
                   ReadReplayHistory(*open.ledger, replay.replay_id()));
  std::vector<Violation> violations;
  const absl::StatusOr<AppendResult> appended = open.ledger->Append(
      {ApprovedEvent(replay, request.reason(), history.version)},
      {.actor = call.actor, .validate_only = request.validate_only(), .writer = Writer::kLedger},
      &violations);
  if (!violations.empty()) {
    const absl::Status status = ViolationStatus(violations);
    return absl::IsAborted(status) || absl::IsAlreadyExists(status) ? Confirmation::Overtaken()
                                                                    : RefusedBatch(violations);
  }
  RETURN_IF_ERROR(appended.status());
  if (request.validate_only()) return response;
  ASSIGN_OR_RETURN(*response.mutable_replay(), FindReplay(open, replay.replay_id()));
  return response;
}

}  // namespace

absl::StatusOr<v1::ApproveReplayResponse> ApproveReplay(Workspace* workspace,
                                                        const v1::ApproveReplayRequest& request,
                                                        const Call& call) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  absl::StatusOr<v1::ApproveReplayResponse> response = Confirmation::Overtaken();
  for (int attempt = 0; attempt < kWriteAttempts && MayTryAgain(response.status()); ++attempt) {
    response = TryApprove(*open, request, call);
  }
  return response;
}

absl::StatusOr<v1::CommitReplayResponse> CommitReplay(Workspace* workspace,
                                                      const v1::CommitReplayRequest& request,
                                                      const Call& call) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  absl::StatusOr<v1::CommitReplayResponse> response = Confirmation::Overtaken();
  for (int attempt = 0; attempt < kWriteAttempts && MayTryAgain(response.status()); ++attempt) {
    response = TryCommit(*open, request, call, attempt + 1 == kWriteAttempts);
  }
  return response;
}

}  // namespace payfold
