// Between absl::Status, which our code speaks, and grpc::Status, which travels.
//
// Codes are the same numbers. Details (services/errors.h) travel as a
// google.rpc.Status in grpc-status-details-bin; an error without an ErrorInfo
// gets one whose reason is the name of its code.

#ifndef SERVICES_STATUS_MAPPING_H_
#define SERVICES_STATUS_MAPPING_H_

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace payfold {

// What a message is cut to: trailers are small. Details go in whole, REQUIRES
// that they are within kMaxDetailBytes.
inline constexpr size_t kMaxStatusMessageBytes = 500;

// As a message, for where a status stands in the body of another one; whole.
google::rpc::Status ToRpcStatus(const absl::Status& status);
absl::Status FromRpcStatus(const google::rpc::Status& status);

grpc::Status ToGrpc(const absl::Status& status);

// The details become payloads again.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace payfold

#endif  // SERVICES_STATUS_MAPPING_H_
