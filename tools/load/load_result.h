// What a load came to, and how it is told.

#ifndef TOOLS_LOAD_LOAD_RESULT_H_
#define TOOLS_LOAD_LOAD_RESULT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/load/latency_histogram.h"

namespace payfold {

struct LoadResult {
  LatencyHistogram latency;  // Of each operation that succeeded.
  uint64_t events = 0;       // Appended.
  uint64_t errors = 0;       // Operations that failed.
  absl::Status first_error;
  absl::Duration elapsed;

  void Add(const LoadResult& other);
};

// One JSON object: operations, errors, seconds, per_second, events_per_second and
// latencies in microseconds (p50, p90, p99, p999, max).
std::string LoadJson(const LoadResult& result);

// The same in a few lines.
std::string LoadText(const LoadResult& result);

}  // namespace payfold

#endif  // TOOLS_LOAD_LOAD_RESULT_H_
