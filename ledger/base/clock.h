// The time of day, where code needs it: an edge that tests replace.
//
// Pure code (numbers, periods, plans, the fold) has no clock at all.

#ifndef LEDGER_BASE_CLOCK_H_
#define LEDGER_BASE_CLOCK_H_

#include "absl/time/time.h"

namespace payfold {

// Safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;

  // The machine's clock; lives for ever.
  static Clock* Real();
};

}  // namespace payfold

#endif  // LEDGER_BASE_CLOCK_H_
