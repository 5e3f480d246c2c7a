// Erasing a participant's personal data.

#ifndef SERVICES_ERASURE_H_
#define SERVICES_ERASURE_H_

#include "absl/status/statusor.h"
#include "payfold/v1/admin_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// Errors: those of AdminService.EraseParticipant.
absl::StatusOr<v1::EraseParticipantResponse> EraseParticipant(
    Workspace* workspace, const v1::EraseParticipantRequest& request, const Call& call);

}  // namespace payfold

#endif  // SERVICES_ERASURE_H_
