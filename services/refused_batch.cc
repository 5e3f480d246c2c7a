#include "services/refused_batch.h"

#include <algorithm>
#include <vector>

#include "ledger/base/check.h"

namespace payfold {

absl::Status RefusedBatch(absl::Span<const Violation> violations, size_t max_detail_bytes) {
  CHECK(!violations.empty());
  const absl::Status status = ViolationStatus(violations);
  std::vector<FieldViolation> fields;
  fields.reserve(violations.size());
  for (const Violation& violation : violations) {
    fields.push_back({violation.field, violation.message});
  }
  const auto first =
      std::find_if(violations.begin(), violations.end(),
                   [&status](const Violation& v) { return v.code() == status.code(); });
  CHECK(first != violations.end());
  return WithViolations(status, ReasonName(first->reason), fields, max_detail_bytes);
}

}  // namespace payfold
