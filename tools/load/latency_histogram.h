// How long operations took: counts by duration, exact to about 3%.

#ifndef TOOLS_LOAD_LATENCY_HISTOGRAM_H_
#define TOOLS_LOAD_LATENCY_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"

namespace payfold {

class LatencyHistogram {
 public:
  LatencyHistogram();

  // A negative duration counts as none.
  void Add(absl::Duration latency);
  void Add(const LatencyHistogram& other);

  uint64_t count() const { return count_; }
  absl::Duration max() const { return absl::Nanoseconds(max_nanos_); }

  // The duration that `per_mille` of 1,000 operations did not exceed, rounded up
  // by at most 1 in 32, never above max(). Zero without any.
  // REQUIRES: 0 <= per_mille <= 1,000.
  absl::Duration Quantile(int per_mille) const;

 private:
  static size_t BucketOf(uint64_t nanos);
  static uint64_t EndOf(size_t bucket);  // The largest that is in it.

  std::vector<uint64_t> counts_;
  uint64_t count_ = 0;
  int64_t max_nanos_ = 0;
};

}  // namespace payfold

#endif  // TOOLS_LOAD_LATENCY_HISTOGRAM_H_
