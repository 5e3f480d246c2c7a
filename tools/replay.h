// payfold replay: what if, and backfill.

#ifndef TOOLS_REPLAY_H_
#define TOOLS_REPLAY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct StartReplayOptions {
  std::string id;
  std::string name;
  std::vector<std::string> files;  // events, one JSON object a line
  std::vector<std::string> plans;  // plan documents
  std::string events_of;           // another replay
  std::string first_period, last_period;
  std::vector<std::string> participants;
  bool four_eyes = false;
  bool validate_only = false;
  bool no_wait = false;
};

// What names a replay, and what is done with it.
struct ReplayOptions {
  std::string id;
  std::string digest;  // hex; empty: what the replay has now
  std::string reason;
  bool validate_only = false;
  bool events = false;  // show: the hypothetical events, too
};

struct ReplayDiffOptions {
  std::string id;
  std::string against;  // compare: the other
  std::string participant, period, plan, component;
  std::string order;   // gain, loss or largest
  uint32_t limit = 0;  // 0: all
  bool lines = false;
  bool true_ups = false;
};

// Starts one, and waits for its end unless it is told not to.
absl::Status StartReplayOf(const GlobalOptions& global, const StartReplayOptions& options);
absl::Status ListReplaysTable(const GlobalOptions& global);
absl::Status ShowReplay(const GlobalOptions& global, const ReplayOptions& options);
absl::Status WatchReplayOf(const GlobalOptions& global, const ReplayOptions& options);
absl::Status CancelReplayOf(const GlobalOptions& global, const ReplayOptions& options);
absl::Status ApproveReplayOf(const GlobalOptions& global, const ReplayOptions& options);
absl::Status CommitReplayOf(const GlobalOptions& global, const ReplayOptions& options);
absl::Status ShowDifferences(const GlobalOptions& global, const ReplayDiffOptions& options);
absl::Status ShowComparison(const GlobalOptions& global, const ReplayDiffOptions& options);

}  // namespace payfold

#endif  // TOOLS_REPLAY_H_
