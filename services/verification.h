// A verification of a ledger as a stream: progress, then the verdict.

#ifndef SERVICES_VERIFICATION_H_
#define SERVICES_VERIFICATION_H_

#include <memory>

#include "absl/status/statusor.h"
#include "payfold/v1/proof_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// Begins it; a client that goes away cancels it. The checks are those of
// AuditLog(), then those that need the ledger open, which are listed in
// verification.cc.
// Errors: kInvalidArgument for workers, a tree head or a key that are none; those
// of Workspace::Get() for the ledger's name.
absl::StatusOr<std::unique_ptr<Producer<v1::VerifyResponse>>> StartVerification(
    Workspace* workspace, const v1::VerifyRequest& request);

}  // namespace payfold

#endif  // SERVICES_VERIFICATION_H_
