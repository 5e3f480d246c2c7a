// The list of earning lines, a page at a time.

#ifndef SERVICES_LINE_PAGES_H_
#define SERVICES_LINE_PAGES_H_

#include "absl/status/statusor.h"
#include "payfold/v1/payout_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

inline constexpr int kMaxLinesInPage = 1'000;
// A page ends early with the line that reaches this size.
inline constexpr size_t kMaxPageBytes = size_t{4} << 20;

// All pages of a walk are computed at the positions of its first.
// Errors: kInvalidArgument for a page size or token that is none; those of
// ResolveView() and ListLines().
absl::StatusOr<v1::ListLinesResponse> ListLinesPage(Workspace* workspace,
                                                    const v1::ListLinesRequest& request,
                                                    const Call& call);

}  // namespace payfold

#endif  // SERVICES_LINE_PAGES_H_
