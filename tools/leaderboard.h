// payfold leaderboard: participants by rank.

#ifndef TOOLS_LEADERBOARD_H_
#define TOOLS_LEADERBOARD_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct LeaderboardOptions {
  std::string period;
  std::string by = "credited";  // credited, earned, deals
  std::string team;             // Empty: everybody.
  int limit = 0;                // 0: all
};

absl::Status ShowLeaderboard(const GlobalOptions& global, const LeaderboardOptions& options);

}  // namespace payfold

#endif  // TOOLS_LEADERBOARD_H_
