// payfold totals: what the company booked, and what became of it, day by day.

#ifndef TOOLS_TOTALS_H_
#define TOOLS_TOTALS_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct TotalsOptions {
  std::string from, to, currency;  // Empty: all.
};

absl::Status ShowTotals(const GlobalOptions& global, const TotalsOptions& options);

}  // namespace payfold

#endif  // TOOLS_TOTALS_H_
