// Approving and committing replays.

#ifndef SERVICES_REPLAY_COMMIT_H_
#define SERVICES_REPLAY_COMMIT_H_

#include "absl/status/statusor.h"
#include "payfold/v1/replay_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// Errors: those of ReplayService.ApproveReplay.
absl::StatusOr<v1::ApproveReplayResponse> ApproveReplay(Workspace* workspace,
                                                        const v1::ApproveReplayRequest& request,
                                                        const Call& call);

// Computes the difference again at the log's end and appends if it is the one that was
// reviewed. What comes in meanwhile is waited for, and taken into account, while nobody
// else appends: that takes as long as the comparison.
// Errors: those of ReplayService.CommitReplay.
absl::StatusOr<v1::CommitReplayResponse> CommitReplay(Workspace* workspace,
                                                      const v1::CommitReplayRequest& request,
                                                      const Call& call);

}  // namespace payfold

#endif  // SERVICES_REPLAY_COMMIT_H_
