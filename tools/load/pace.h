// When operations are due.
//
// Closed loop: each worker begins its next operation when the one before has
// ended. Open loop: operations are due at fixed times whatever happens; one that
// begins late has waited since it was due, and its latency counts from there, so
// that a server that stalls cannot hide the operations it kept from being sent.

#ifndef TOOLS_LOAD_PACE_H_
#define TOOLS_LOAD_PACE_H_

#include <cstdint>

#include "absl/time/time.h"

namespace payfold {

// The schedule of one worker. Belongs to one thread.
class Pace {
 public:
  // `per_second` operations are due by all workers together; 0 is the closed loop.
  // REQUIRES: 0 <= worker < workers, per_second >= 0.
  Pace(absl::Time start, int64_t per_second, int worker, int workers);

  // When the next operation is due: never before the one before it; in the closed
  // loop `now`.
  absl::Time Next(absl::Time now);

 private:
  const absl::Time start_;
  const int64_t per_second_;
  const int64_t worker_;
  const int64_t workers_;
  int64_t done_ = 0;
};

}  // namespace payfold

#endif  // TOOLS_LOAD_PACE_H_
