// What the log says of a replay: who approved and who committed it. Unlike what is
// kept of the replay itself it is never lost, and never behind.

#ifndef SERVICES_REPLAY_HISTORY_H_
#define SERVICES_REPLAY_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/ledger.h"
#include "payfold/v1/replay_service.pb.h"

namespace payfold {

struct ReplayHistory {
  uint64_t version = 0;  // Of the replay's stream, for expected_stream_version.
  std::optional<std::string> approved_by;
  std::optional<std::string> committed_by;
  // What was approved, and committed.
  std::string approved_digest, committed_digest;
  uint64_t committed_position = 0;
};

// Of a replay that nobody approved or committed: an empty history. Errors: kDataLoss.
absl::StatusOr<ReplayHistory> ReadReplayHistory(const Ledger& ledger, absl::string_view replay_id);

// Puts what the log says of its difference into a replay as it was kept.
void AddHistory(const ReplayHistory& history, v1::Replay* replay);

}  // namespace payfold

#endif  // SERVICES_REPLAY_HISTORY_H_
