// Splits an amount by weights so that nothing is lost.
//
//   Allocate(100, {1, 1, 1})   // {34, 33, 33}
//   Allocate(-100, {1, 1, 1})  // {-34, -33, -33}
//
// Source: specification, calculation 1 (largest remainders, ties to the first).

#ifndef LEDGER_MONEY_ALLOCATE_H_
#define LEDGER_MONEY_ALLOCATE_H_

#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ledger/money/rational.h"

namespace payfold {

// The parts, in the order of `weights`, add up to `amount` exactly: the floor
// of each exact part of |amount|, then one unit each to the largest remainders,
// ties to the first listed; a negative amount gives the negated parts.
// Weights are non-negative and only their ratios matter (each below 2^100).
// Errors: kInvalidArgument if `weights` is empty, has a negative weight or sums
// to zero.
absl::StatusOr<std::vector<int64_t>> Allocate(int64_t amount,
                                              absl::Span<const absl::int128> weights);

// The same by fractions as weights, of any size.
absl::StatusOr<std::vector<int64_t>> AllocateByFractions(int64_t amount,
                                                         absl::Span<const Rational> weights);

}  // namespace payfold

#endif  // LEDGER_MONEY_ALLOCATE_H_
