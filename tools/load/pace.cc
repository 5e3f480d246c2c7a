#include "tools/load/pace.h"

namespace payfold {

Pace::Pace(absl::Time start, int64_t per_second, int worker, int workers)
    : start_(start), per_second_(per_second), worker_(worker), workers_(workers) {}

absl::Time Pace::Next(absl::Time now) {
  if (per_second_ == 0) return now;
  // Its number among the operations of all workers, who take turns.
  const int64_t number = done_++ * workers_ + worker_;
  return start_ + absl::Seconds(number) / per_second_;
}

}  // namespace payfold
