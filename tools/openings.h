// payfold period openings: what a migration brought in, tied out against the old
// system's balances.

#ifndef TOOLS_OPENINGS_H_
#define TOOLS_OPENINGS_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct OpeningsOptions {
  // A CSV file of the old system's balances: participant, kind (payable, draw or held),
  // currency, amount. Empty: nothing is compared.
  std::string against;
};

// Count and total for each participant, kind and currency, voided ones left out; which
// payout period took them up, what draw they joined, what posted statements left of
// them; and the totals of each kind.
// Errors: kFailedPrecondition, after the rows were printed, if they differ from those
// of the file.
absl::Status ShowOpenings(const GlobalOptions& global, const OpeningsOptions& options);

}  // namespace payfold

#endif  // TOOLS_OPENINGS_H_
