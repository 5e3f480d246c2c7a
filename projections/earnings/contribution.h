// What one fact adds to a measure, on its date.

#ifndef PROJECTIONS_EARNINGS_CONTRIBUTION_H_
#define PROJECTIONS_EARNINGS_CONTRIBUTION_H_

#include <cstdint>
#include <memory>
#include <string>

#include "ledger/calendar/date.h"
#include "ledger/money/rational.h"
#include "projections/facts/resolve_deal.h"

namespace payfold {

// Minor units of the plan's currency for money, else a number.
struct Contribution {
  Date date;
  // Place among all contributions of deals to a group's measure, from 1; 0 for what
  // no deal brings.
  uint32_t order = 0;
  Rational value;
  bool cancels = false;
  // A cancellation in full: its deal no longer counts.
  bool in_full = false;
  // Null where only sums were asked for, and for what no deal brings.
  std::shared_ptr<const Deal> deal;
  uint32_t base = 0;  // index among the deal's bases
  // Of the attribute or dimension that was asked for.
  std::string text;
  uint64_t position = 0;  // of a metric's fact
};

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_CONTRIBUTION_H_
