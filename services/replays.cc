#include "services/replays.h"

#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/admission/fields.h"
#include "ledger/base/aead.h"
#include "ledger/base/quote.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "projections/replay/fork.h"
#include "projections/replay/runner.h"
#include "projections/replay/scope.h"
#include "projections/runtime/live_fold.h"
#include "services/errors.h"
#include "services/plan_publishing.h"
#include "services/query_view.h"
#include "services/refused_batch.h"
#include "services/replay_history.h"

namespace payfold {
namespace {

using ::google::protobuf::util::MessageDifferencer;

constexpr size_t kIdBytes = 8;
constexpr std::chrono::milliseconds kWatchSlice{100};

absl::Status WithReplayReason(const absl::Status& status) {
  if (absl::IsNotFound(status)) return WithReason(status, kReasonReplayNotFound);
  if (absl::IsFailedPrecondition(status)) return WithReason(status, kReasonReplayNotRunning);
  return status;
}

absl::Status CheckText(absl::string_view field, absl::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return absl::OkStatus();
  return FieldError(field, kReasonFieldInvalid,
                    absl::StrCat("has ", text.size(), " bytes; a text has at most ", max_bytes));
}

absl::Status CheckRequest(const v1::StartReplayRequest& request) {
  if (!request.replay_id().empty() && !IsId(request.replay_id())) {
    return FieldError("replay_id", kReasonFieldInvalid,
                      absl::StrCat(Quote(request.replay_id()),
                                   " is no id: 1 to 128 characters of A-Z a-z 0-9 . _ ~ @ : -, the "
                                   "first a letter or digit"));
  }
  return CheckText("name", request.name(), kMaxTextBytes);
}

// What the ledger writes is its own to write again.
void ClearEnvelope(v1::Event* event) {
  event->clear_position();
  event->clear_recorded_at();
  event->clear_actor();
  event->clear_stream();
  event->clear_stream_version();
}

absl::Status UnsealAll(const Ledger& ledger, std::vector<v1::Event>* events) {
  for (v1::Event& event : *events) {
    RETURN_IF_ERROR(ledger.Unseal(&event));
    ClearEnvelope(&event);
  }
  return absl::OkStatus();
}

// The events that are asked about, those of another replay first.
absl::StatusOr<std::vector<v1::Event>> AskedEvents(const OpenLedger& open,
                                                   const v1::StartReplayRequest& request) {
  std::vector<v1::Event> events;
  if (!request.events_of().empty()) {
    RETURN_IF_ERROR(FindReplay(open, request.events_of()).status());
    ASSIGN_OR_RETURN(events, EventsOfReplay(open, request.events_of()));
  }
  events.insert(events.end(), request.events().begin(), request.events().end());
  for (const std::string& document : request.plan_documents()) {
    ASSIGN_OR_RETURN(v1::Event event, PlanEventOf(document));
    events.push_back(std::move(event));
  }
  return events;
}

absl::StatusOr<std::vector<v1::Event>> DraftEvents(const OpenLedger& open,
                                                   const std::vector<v1::Event>& events,
                                                   const std::string& actor) {
  if (events.empty()) return events;
  std::vector<Violation> violations;
  absl::StatusOr<std::vector<v1::Event>> drafts = open.ledger->Draft(events, actor, &violations);
  if (!violations.empty()) return RefusedBatch(violations);
  return drafts;
}

bool IsSame(const std::vector<v1::Event>& a, const std::vector<v1::Event>& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const v1::Event& x, const v1::Event& y) {
           return MessageDifferencer::Equals(x, y);
         });
}

// Whether a replay is the one that a request asks for again. `events` are those asked
// about, of which it has what the ledger did not have then.
absl::StatusOr<bool> IsRetry(const OpenLedger& open, const v1::Replay& known,
                             const v1::Replay& asked, std::vector<v1::Event> events, bool as_of) {
  if (known.name() != asked.name() || known.four_eyes() != asked.four_eyes() ||
      !MessageDifferencer::Equals(known.scope(), asked.scope()) ||
      (as_of && known.position() != asked.position())) {
    return false;
  }
  std::vector<v1::Event> fresh;
  for (v1::Event& event : events) {
    ASSIGN_OR_RETURN(const std::optional<KnownEvent> stored,
                     open.ledger->log().FindEventId(event.event_id()));
    if (stored.has_value() && stored->position <= known.position()) continue;
    ClearEnvelope(&event);
    event.clear_expected_stream_version();
    fresh.push_back(std::move(event));
  }
  ASSIGN_OR_RETURN(const std::vector<v1::Event> kept, EventsOfReplay(open, known.replay_id()));
  return IsSame(kept, fresh);
}

absl::Status ReplayExists(const std::string& replay_id) {
  return WithReason(
      absl::AlreadyExistsError(absl::StrCat("replay_id: there is a replay ", Quote(replay_id),
                                            " already, which asks something else: choose another "
                                            "id")),
      kReasonReplayExists);
}

// The replay that has the id already, if it is the same; none if nothing has it.
absl::StatusOr<std::optional<v1::Replay>> FindSame(const OpenLedger& open, const v1::Replay& asked,
                                                   const std::vector<v1::Event>& events,
                                                   bool as_of) {
  const absl::StatusOr<v1::Replay> known = FindReplay(open, asked.replay_id());
  if (known.ok()) {
    ASSIGN_OR_RETURN(const bool again, IsRetry(open, *known, asked, events, as_of));
    if (again) return *known;
    return ReplayExists(asked.replay_id());
  }
  if (!absl::IsNotFound(known.status())) return known.status();
  // The log knows one that is not kept any more.
  ASSIGN_OR_RETURN(const ReplayHistory history, ReadReplayHistory(*open.ledger, asked.replay_id()));
  if (history.version != 0) return ReplayExists(asked.replay_id());
  return std::nullopt;
}

class ReplayWatch final : public Producer<v1::WatchReplayResponse> {
 public:
  ReplayWatch(const std::shared_ptr<const OpenLedger>& open, std::string replay_id)
      : open_(open), replay_id_(std::move(replay_id)) {}

  absl::StatusOr<bool> Next(const Call& call, v1::WatchReplayResponse* response) override {
    if (over_) return false;
    while (true) {
      RETURN_IF_ERROR(call.CheckAlive());
      // Held for a moment at a time: who watches does not keep a ledger from closing.
      const std::shared_ptr<const OpenLedger> open = open_.lock();
      if (open == nullptr) {
        return WithReason(absl::UnavailableError("the ledger was closed: watch again in a moment"),
                          kReasonLedgerClosing);
      }
      ASSIGN_OR_RETURN(v1::Replay replay, FindReplay(*open, replay_id_));
      over_ = HasEnded(replay);
      if (over_ || !MessageDifferencer::Equals(replay, seen_)) {
        seen_ = replay;
        *response->mutable_replay() = std::move(replay);
        return true;
      }
      open->replays->AwaitChange(replay_id_, seen_, kWatchSlice);
    }
  }

 private:
  const std::weak_ptr<const OpenLedger> open_;
  std::string replay_id_;
  v1::Replay seen_;
  bool over_ = false;
};

}  // namespace

absl::StatusOr<v1::Replay> FindReplay(const OpenLedger& open, const std::string& replay_id) {
  if (replay_id.empty()) return FieldError("replay_id", kReasonFieldMissing, "name the replay");
  absl::StatusOr<v1::Replay> replay = open.replays->Get(replay_id);
  if (!replay.ok()) return WithReplayReason(replay.status());
  ASSIGN_OR_RETURN(const ReplayHistory history, ReadReplayHistory(*open.ledger, replay_id));
  AddHistory(history, &*replay);
  return replay;
}

absl::StatusOr<std::vector<v1::Replay>> AllReplays(const OpenLedger& open) {
  ASSIGN_OR_RETURN(std::vector<v1::Replay> replays, open.replays->List());
  for (v1::Replay& replay : replays) {
    ASSIGN_OR_RETURN(const ReplayHistory history,
                     ReadReplayHistory(*open.ledger, replay.replay_id()));
    AddHistory(history, &replay);
  }
  return replays;
}

absl::StatusOr<v1::Replay> FindReplayWithResult(const OpenLedger& open,
                                                const std::string& replay_id) {
  ASSIGN_OR_RETURN(v1::Replay replay, FindReplay(open, replay_id));
  if (!replay.digest().empty()) return replay;
  const std::string& state = v1::ReplayState_Name(replay.state());
  return WithReason(absl::FailedPreconditionError(absl::StrCat(
                        "replay ", Quote(replay_id), " is ", state, " and has no result",
                        replay.state() == v1::RUNNING ? ": wait for its end" : ": start it again",
                        replay.error().empty() ? "" : absl::StrCat(" (", replay.error(), ")"))),
                    kReasonReplayNotDone);
}

absl::StatusOr<std::vector<v1::Event>> EventsOfReplay(const OpenLedger& open,
                                                      const std::string& replay_id) {
  ASSIGN_OR_RETURN(std::vector<v1::Event> events, open.replays->store().Events(replay_id));
  RETURN_IF_ERROR(UnsealAll(*open.ledger, &events));
  return events;
}

absl::StatusOr<v1::Replay> StartReplay(Workspace* workspace, const v1::StartReplayRequest& request,
                                       const Call& call) {
  RETURN_IF_ERROR(CheckRequest(request));
  v1::QueryContext context;
  context.set_ledger(request.ledger());
  if (request.has_as_of()) {
    *context.mutable_as_of() = request.as_of();
  } else {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> now, workspace->Get(request.ledger()));
    context.set_min_position(now->ledger->log().head());
  }
  ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace, context, call));
  const OpenLedger& open = *view.open;
  ASSIGN_OR_RETURN(const std::vector<v1::Event> events, AskedEvents(open, request));
  v1::Replay replay;
  replay.set_replay_id(request.replay_id().empty()
                           ? absl::StrCat("replay-", ToHex(RandomBytes(kIdBytes)))
                           : request.replay_id());
  replay.set_started_by(call.actor);
  replay.set_name(request.name());
  replay.set_position(view.facts->position());
  *replay.mutable_scope() = request.scope();
  replay.set_four_eyes(request.four_eyes());
  ASSIGN_OR_RETURN(const std::optional<v1::Replay> same,
                   FindSame(open, replay, events, request.has_as_of()));
  if (same.has_value()) return *same;
  ASSIGN_OR_RETURN(const std::vector<v1::Event> drafts, DraftEvents(open, events, call.actor));
  replay.set_events(static_cast<int32_t>(drafts.size()));
  // Whom the scope names may be known by the events alone.
  ASSIGN_OR_RETURN(const Fork fork,
                   Fork::Make(view.facts, drafts, FindPositionIn(&open.ledger->log())));
  RETURN_IF_ERROR(ReadScope(fork.view(), request.scope()).status());
  if (request.validate_only()) {
    replay.set_state(v1::RUNNING);
    return replay;
  }
  absl::StatusOr<v1::Replay> begun = open.replays->Start(replay, drafts, view.facts);
  if (absl::IsResourceExhausted(begun.status())) {
    return WithReason(TryAgainError(begun.status().message(), absl::Seconds(1)),
                      kReasonTooManyReplays);
  }
  if (!absl::IsAlreadyExists(begun.status())) return begun;
  // Another call with the id was faster.
  ASSIGN_OR_RETURN(const std::optional<v1::Replay> faster,
                   FindSame(open, replay, events, request.has_as_of()));
  return faster.has_value() ? *faster : begun;
}

absl::StatusOr<v1::Replay> CancelReplay(Workspace* workspace,
                                        const v1::CancelReplayRequest& request, const Call& call) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  RETURN_IF_ERROR(FindReplay(*open, request.replay_id()).status());
  absl::StatusOr<v1::Replay> cancelled =
      open->replays->Cancel(request.replay_id(), [&call] { return call.CheckAlive(); });
  if (!cancelled.ok()) return WithReplayReason(cancelled.status());
  return cancelled;
}

absl::StatusOr<std::unique_ptr<Producer<v1::WatchReplayResponse>>> WatchReplay(
    Workspace* workspace, const v1::WatchReplayRequest& request) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  RETURN_IF_ERROR(FindReplay(*open, request.replay_id()).status());
  return std::make_unique<ReplayWatch>(open, request.replay_id());
}

}  // namespace payfold
