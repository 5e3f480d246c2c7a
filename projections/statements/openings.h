// Opening balances: what a migration brought in, and what closes made of it.

#ifndef PROJECTIONS_STATEMENTS_OPENINGS_H_
#define PROJECTIONS_STATEMENTS_OPENINGS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "payfold/v1/period_service.pb.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// In order of participant, kind, currency. What is left is what posted statements did not
// take: recoveries take openings before later draws. Errors: those of Settlement.
absl::StatusOr<std::vector<v1::OpeningStanding>> ListOpenings(const FactsView& view);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_OPENINGS_H_
