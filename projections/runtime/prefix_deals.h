// The later passes of a fold of a prefix: deals by shard, then credits by
// participant. Internal to projections/runtime.

#ifndef PROJECTIONS_RUNTIME_PREFIX_DEALS_H_
#define PROJECTIONS_RUNTIME_PREFIX_DEALS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/calendar/date.h"
#include "projections/facts/credits.h"
#include "projections/facts/deal.h"
#include "projections/facts/last_days.h"
#include "projections/facts/split_policies.h"
#include "projections/runtime/prefix_scan.h"
#include "projections/runtime/prefix_tables.h"

namespace payfold {

// That a fact never happened, said to a deal. It stands after the facts up to the
// position `after`: its own, or that of the fact which it was waiting for.
struct DealVoid {
  uint32_t stream = 0;
  uint64_t after = 0;
  DealFact fact;
};

// Credits are gathered by groups of participants.
inline constexpr uint32_t kParticipantGroups = 64;

struct FoldedShard {
  PackedDeals deals;
  std::vector<uint32_t> issues, by_policy, open;     // in order of stream
  std::vector<std::pair<uint32_t, uint32_t>> taken;  // participants, streams
  absl::flat_hash_map<Date, int64_t> last_days;
  LatestDays latest_days;
  std::vector<std::vector<std::pair<uint32_t, Credit>>> credits;  // by group
};

// The deals whose streams lie in the shard. Takes their records out of `*pieces`.
// `voids` are all there are, in order of (stream, after).
// Errors: kDataLoss.
absl::StatusOr<FoldedShard> FoldShard(uint32_t shard, std::vector<ScannedPiece>* pieces,
                                      const std::vector<DealVoid>& voids,
                                      const SplitPolicies& policies);

// Puts all credits of the participants in the group in their places in `*credits`,
// which has one for each participant, in order. Takes them out of `*shards`.
void GatherCredits(uint32_t group, std::vector<FoldedShard>* shards,
                   std::vector<std::vector<Credit>>* credits);

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PREFIX_DEALS_H_
