// Two replays of one position, one against the other; and rows in the order asked for.

#ifndef PROJECTIONS_REPLAY_COMPARE_H_
#define PROJECTIONS_REPLAY_COMPARE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "payfold/v1/replay_service.pb.h"

namespace payfold {

// What `b` pays more than `a`, row by row: `before` is what a gives. Both are the
// differences of replays of one position and scope, in order, with the payout periods
// in the order of their first days. Where one replay has no row, it changes nothing.
// Errors: kOutOfRange if a difference does not fit.
absl::StatusOr<std::vector<v1::Difference>> CompareRows(const std::vector<v1::Difference>& a,
                                                        const std::vector<v1::Difference>& b);

// Of rows in order of participant. Errors: kOutOfRange.
absl::StatusOr<std::vector<v1::ReplayTotal>> TotalsOf(const std::vector<v1::Difference>& rows,
                                                      uint64_t participants);

// Takes away what does not match.
void Filter(const v1::DifferenceFilter& filter, std::vector<v1::Difference>* rows);

// Rows come in the first order; those that are equal in another one stay in it.
void Order(v1::DifferenceOrder order, std::vector<v1::Difference>* rows);

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_COMPARE_H_
