// payfold init: a new ledger.

#ifndef TOOLS_INIT_LEDGER_H_
#define TOOLS_INIT_LEDGER_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct InitOptions {
  std::string currency;
  int fiscal_year_start = 1;            // 1 to 12
  std::string payout_period = "month";  // week, two_weeks, half_month, month, quarter
  std::string payout_anchor;            // two_weeks: the first day of some period
};

absl::Status InitLedger(const GlobalOptions& global, const InitOptions& options);

}  // namespace payfold

#endif  // TOOLS_INIT_LEDGER_H_
