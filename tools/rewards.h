// payfold rewards: points, badges and items.

#ifndef TOOLS_REWARDS_H_
#define TOOLS_REWARDS_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct RewardsOptions {
  // Filters; empty ones match all.
  std::string participant;
  std::string period;
  std::string plan;
};

absl::Status ShowRewards(const GlobalOptions& global, const RewardsOptions& options);

}  // namespace payfold

#endif  // TOOLS_REWARDS_H_
