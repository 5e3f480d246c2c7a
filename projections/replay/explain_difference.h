// Why a row of a difference is what it is: its lines on both sides.

#ifndef PROJECTIONS_REPLAY_EXPLAIN_DIFFERENCE_H_
#define PROJECTIONS_REPLAY_EXPLAIN_DIFFERENCE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "payfold/v1/replay_service.pb.h"
#include "projections/replay/fork.h"

namespace payfold {

// The lines behind a row that differ, with explanations, in order of line id.
// Errors: those of the evaluation; kNotFound for a participant that nobody knows.
absl::StatusOr<std::vector<v1::LineDifference>> ExplainDifference(const Fork& fork,
                                                                  const v1::Difference& row);

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_EXPLAIN_DIFFERENCE_H_
