// Replays as the API shows them: found, started, watched.

#ifndef SERVICES_REPLAYS_H_
#define SERVICES_REPLAYS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "payfold/v1/replay_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// With what the log says of it. Errors: kNotFound (REPLAY_NOT_FOUND); kInvalidArgument
// for no id.
absl::StatusOr<v1::Replay> FindReplay(const OpenLedger& open, const std::string& replay_id);
// By start, then id.
absl::StatusOr<std::vector<v1::Replay>> AllReplays(const OpenLedger& open);

// One that has a result. Errors: also kFailedPrecondition (REPLAY_NOT_DONE).
absl::StatusOr<v1::Replay> FindReplayWithResult(const OpenLedger& open,
                                                const std::string& replay_id);

// The hypothetical events with their personal fields, as far as those can be read, and
// without what the ledger writes: to be shown, or given to Ledger::Append() again.
absl::StatusOr<std::vector<v1::Event>> EventsOfReplay(const OpenLedger& open,
                                                      const std::string& replay_id);

// Errors: those of ReplayService.StartReplay.
absl::StatusOr<v1::Replay> StartReplay(Workspace* workspace, const v1::StartReplayRequest& request,
                                       const Call& call);

// Stops it and waits for its end. Errors: those of ReplayService.CancelReplay.
absl::StatusOr<v1::Replay> CancelReplay(Workspace* workspace,
                                        const v1::CancelReplayRequest& request, const Call& call);

// The replay as it is, now and whenever it moves on, until it has ended.
absl::StatusOr<std::unique_ptr<Producer<v1::WatchReplayResponse>>> WatchReplay(
    Workspace* workspace, const v1::WatchReplayRequest& request);

}  // namespace payfold

#endif  // SERVICES_REPLAYS_H_
