// Closing and approving payout periods.

#ifndef SERVICES_PERIOD_CLOSING_H_
#define SERVICES_PERIOD_CLOSING_H_

#include "absl/status/statusor.h"
#include "payfold/v1/period_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// All of the first page but `at`, and every statement.
// Errors: kInvalidArgument if it is no payout period; kFailedPrecondition if nothing
// could be closed and no period is named; those of Call::CheckAlive().
absl::StatusOr<v1::PreviewCloseResponse> PreviewOf(const FactsView& facts,
                                                   const std::string& period, const Call& call);

// Computes at a fold of all that was appended before, and posts it in one batch. When
// facts overtake it, it computes again.
// Errors: those of PeriodService.ClosePeriod.
absl::StatusOr<v1::ClosePeriodResponse> ClosePeriod(Workspace* workspace,
                                                    const v1::ClosePeriodRequest& request,
                                                    const Call& call);

// Errors: those of PeriodService.ApprovePeriod.
absl::StatusOr<v1::ApprovePeriodResponse> ApprovePeriod(Workspace* workspace,
                                                        const v1::ApprovePeriodRequest& request,
                                                        const Call& call);

// Where the period stands at a fold of at least that position.
absl::StatusOr<v1::PayoutPeriodStatus> StatusOfPeriod(Workspace* workspace,
                                                      const std::string& ledger,
                                                      const std::string& period,
                                                      uint64_t min_position, const Call& call);

}  // namespace payfold

#endif  // SERVICES_PERIOD_CLOSING_H_
