// The error of a batch that admission refused.

#ifndef SERVICES_REFUSED_BATCH_H_
#define SERVICES_REFUSED_BATCH_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "ledger/admission/violation.h"
#include "services/errors.h"

namespace payfold {

// The status a refused batch fails with: ViolationStatus() with its details.
// REQUIRES: `violations` is not empty.
absl::Status RefusedBatch(absl::Span<const Violation> violations,
                          size_t max_detail_bytes = kMaxDetailBytes);

}  // namespace payfold

#endif  // SERVICES_REFUSED_BATCH_H_
