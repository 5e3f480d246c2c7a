// The company's daily totals, a page at a time.

#ifndef SERVICES_TOTALS_PAGES_H_
#define SERVICES_TOTALS_PAGES_H_

#include "absl/status/statusor.h"
#include "payfold/v1/insight_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// Errors: kInvalidArgument for dates, a currency, a page size or a token that are
// none; kOutOfRange for a sum that Money does not hold, or a moment beyond the end;
// those of WaitUntilFolded().
absl::StatusOr<v1::GetDailyTotalsResponse> PageOfTotals(Workspace* workspace,
                                                        const v1::GetDailyTotalsRequest& request,
                                                        const Call& call);

}  // namespace payfold

#endif  // SERVICES_TOTALS_PAGES_H_
