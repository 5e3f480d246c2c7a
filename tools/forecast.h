// payfold forecast: what the open pipeline would add to earnings.

#ifndef TOOLS_FORECAST_H_
#define TOOLS_FORECAST_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct ForecastOptions {
  std::string participant;  // "-": everybody.
  std::string period;
  std::vector<std::string> deals;  // Each of them alone.
};

absl::Status ShowForecast(const GlobalOptions& global, const ForecastOptions& options);

}  // namespace payfold

#endif  // TOOLS_FORECAST_H_
