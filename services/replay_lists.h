// What replays came to, a page at a time. Their results never change, so pages agree.

#ifndef SERVICES_REPLAY_LISTS_H_
#define SERVICES_REPLAY_LISTS_H_

#include "absl/status/statusor.h"
#include "payfold/v1/replay_service.pb.h"
#include "services/workspace.h"

namespace payfold {

// Errors of all: those of the methods of ReplayService; kInvalidArgument for a page
// size or token that is none.
absl::StatusOr<v1::ListReplaysResponse> PageOfReplays(Workspace* workspace,
                                                      const v1::ListReplaysRequest& request);
absl::StatusOr<v1::ListDifferencesResponse> PageOfDifferences(
    Workspace* workspace, const v1::ListDifferencesRequest& request);
absl::StatusOr<v1::ListTrueUpsResponse> PageOfTrueUps(Workspace* workspace,
                                                      const v1::ListTrueUpsRequest& request);
absl::StatusOr<v1::CompareReplaysResponse> PageOfComparison(
    Workspace* workspace, const v1::CompareReplaysRequest& request);

}  // namespace payfold

#endif  // SERVICES_REPLAY_LISTS_H_
