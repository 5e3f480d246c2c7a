// A rebuild of a projection as a stream: progress, then the outcome.

#ifndef SERVICES_REBUILD_PROGRESS_H_
#define SERVICES_REBUILD_PROGRESS_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// How many threads a fold from nothing gets that was asked for `workers`, 0 being
// one for each processor. Errors: kInvalidArgument for more than 64.
absl::StatusOr<int> CheckWorkers(uint32_t workers);

// Begins the rebuild; a client that goes away cancels it.
// Errors: those of CheckWorkers() and Workspace::Get(); kInvalidArgument for a
// projection that there is not.
absl::StatusOr<std::unique_ptr<Producer<v1::RebuildResponse>>> StartRebuild(
    Workspace* workspace, const v1::RebuildRequest& request);

}  // namespace payfold

#endif  // SERVICES_REBUILD_PROGRESS_H_
