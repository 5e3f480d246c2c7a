// Payments against approved statements.

#ifndef SERVICES_PERIOD_PAYMENTS_H_
#define SERVICES_PERIOD_PAYMENTS_H_

#include "absl/status/statusor.h"
#include "payfold/v1/period_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

inline constexpr int kMaxPayments = 10'000;

// Records all of them in one batch, or none. A payment that is recorded already, with
// the same content, is a success and counts once.
// Errors: those of PeriodService.RecordPayments, every violation with its field.
absl::StatusOr<v1::RecordPaymentsResponse> RecordPayments(Workspace* workspace,
                                                          const v1::RecordPaymentsRequest& request,
                                                          const Call& call);

}  // namespace payfold

#endif  // SERVICES_PERIOD_PAYMENTS_H_
