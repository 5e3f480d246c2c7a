// Why a line is what it is: in data, and as a sentence made from the data.
//
// Source: specification, calculation 11.

#ifndef PROJECTIONS_EARNINGS_EXPLANATION_H_
#define PROJECTIONS_EARNINGS_EXPLANATION_H_

#include "absl/status/statusor.h"
#include "payfold/v1/statement.pb.h"
#include "projections/earnings/evaluator.h"

namespace payfold {

// The line as it is served, without explanation.
v1::Line LineProto(const Evaluator& evaluator, const EarnedLine& line);

// The line's explanation, down to deals and positions.
absl::StatusOr<v1::Explanation> ExplainEarnedLine(Evaluator* evaluator, const EarnedLine& line);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_EXPLANATION_H_
