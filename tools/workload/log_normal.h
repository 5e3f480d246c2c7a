// Log-normal amounts in integers, the same on every machine.

#ifndef TOOLS_WORKLOAD_LOG_NORMAL_H_
#define TOOLS_WORKLOAD_LOG_NORMAL_H_

#include <cstdint>

namespace payfold {

// Turns 64 evenly distributed bits into an amount in cents: median 4,400.00,
// sigma 1, cut at the quantiles 1/2048 and 2047/2048. Between 256 quantiles of a
// table the amount is interpolated linearly.
int64_t LogNormalAmount(uint64_t random);

}  // namespace payfold

#endif  // TOOLS_WORKLOAD_LOG_NORMAL_H_
