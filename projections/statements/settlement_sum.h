// Sums of minor units that never wrap.

#ifndef PROJECTIONS_STATEMENTS_SETTLEMENT_SUM_H_
#define PROJECTIONS_STATEMENTS_SETTLEMENT_SUM_H_

#include <cstdint>

#include "absl/status/status.h"

namespace payfold {

// Errors: kOutOfRange if the sum does not fit; `*sum` then means nothing.
inline absl::Status AddMinorUnits(int64_t amount, int64_t* sum) {
  if (__builtin_add_overflow(*sum, amount, sum)) {
    return absl::OutOfRangeError("a total does not fit in 64 bits of minor units");
  }
  return absl::OkStatus();
}

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_SETTLEMENT_SUM_H_
