// Whom hypothetical events can touch: only their earnings are evaluated again.
//
// Somebody is taken too many rather than one too few: that nobody else's earnings
// change is a property that random companies are asked for (tests).

#ifndef PROJECTIONS_REPLAY_TOUCHED_H_
#define PROJECTIONS_REPLAY_TOUCHED_H_

#include <cstdint>
#include <map>

#include "absl/status/statusor.h"
#include "ledger/calendar/date.h"
#include "ledger/plan/program.h"
#include "projections/replay/fork.h"

namespace payfold {

// Participants, each with the first day of which anything can change: payout periods
// that end before it are the same.
using Touched = std::map<uint32_t, Date>;

// Errors: kDataLoss if what is stored cannot be read.
absl::StatusOr<Touched> FindTouched(const Fork& fork);

// Whether what a plan pays somebody can depend on facts about others.
bool ReadsOthers(const Program& program);

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_TOUCHED_H_
