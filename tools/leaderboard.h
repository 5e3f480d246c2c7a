// payfold leaderboard: participants by rank.

#ifndef TOOLS_LEADERBOARD_H_
#define TOOLS_LEADERBOARD_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct LeaderboardOptions {
  std::string period;
  // credited, earned, deals, points, measure, attainment
  std::string by = "credited";
  // By measure and attainment: the component.
  std::string plan, component;
  // Empty: everybody; all that are given must match.
  std::string team, territory, manager;
  int limit = 0;  // 0: all
};

absl::Status ShowLeaderboard(const GlobalOptions& global, const LeaderboardOptions& options);

}  // namespace payfold

#endif  // TOOLS_LEADERBOARD_H_
