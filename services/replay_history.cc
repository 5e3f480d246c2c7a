#include "services/replay_history.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"

namespace payfold {

absl::StatusOr<ReplayHistory> ReadReplayHistory(const Ledger& ledger, absl::string_view replay_id) {
  ReplayHistory history;
  ASSIGN_OR_RETURN(const std::optional<uint32_t> stream,
                   ledger.log().FindStream(absl::StrCat("replays/", replay_id)));
  if (!stream.has_value()) return history;
  const std::unique_ptr<EventCursor> cursor = ledger.log().Read({.stream = stream});
  while (cursor->Next()) {
    ASSIGN_OR_RETURN(const v1::Event event, ledger.Decode(cursor->event()));
    history.version = event.stream_version();
    if (event.has_replay_approved()) {
      history.approved_by = event.actor();
      history.approved_digest = event.replay_approved().digest();
    }
    if (!event.has_replay_committed()) continue;
    history.committed_digest = event.replay_committed().digest();
    history.committed_by = event.actor();
    history.committed_position = event.position();
  }
  RETURN_IF_ERROR(cursor->status());
  return history;
}

void AddHistory(const ReplayHistory& history, v1::Replay* replay) {
  if (history.approved_by.has_value() && history.approved_digest == replay->digest()) {
    replay->set_approved_by(*history.approved_by);
    replay->set_state(v1::REPLAY_APPROVED);
  }
  if (history.committed_by.has_value() && history.committed_digest == replay->digest()) {
    replay->set_committed_by(*history.committed_by);
    replay->set_committed_position(history.committed_position);
    replay->set_state(v1::COMMITTED);
  }
}

}  // namespace payfold
