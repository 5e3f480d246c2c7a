// The live fold of the daily totals: each batch takes away what the deals it touches
// came to before, and adds what they come to now.

#ifndef PROJECTIONS_DAILY_TOTALS_TOTALS_FOLD_H_
#define PROJECTIONS_DAILY_TOTALS_TOTALS_FOLD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/daily_totals/day_totals.h"
#include "projections/facts/deal.h"
#include "projections/facts/wire_fact.h"
#include "projections/runtime/projection.h"

namespace payfold {

// The log must outlive it.
class TotalsFold final : public ProjectionFold {
 public:
  // Errors: kDataLoss.
  static absl::StatusOr<std::unique_ptr<TotalsFold>> Load(EventLog* log,
                                                          rocksdb::ColumnFamilyHandle* family);
  // Goes on where `waiting` are the voids that the family's content holds.
  TotalsFold(EventLog* log, rocksdb::ColumnFamilyHandle* family, WaitingVoids waiting)
      : log_(log),
        changes_(log, family, kDailyTotalsFormat.version),
        waiting_(std::move(waiting)) {}

  absl::Status Add(const EventView& view) override;
  absl::Status Derive() override;
  StoredChanges& changes() override { return changes_; }
  std::shared_ptr<const ProjectionView> MakeView(uint64_t position,
                                                 StoredSnapshot content) override;

 private:
  // What a batch says of a deal.
  struct Touched {
    bool is_new = false;  // Its stream began in the batch.
    std::vector<DealFact> facts;
  };

  Touched& Touch(const EventView& view);

  EventLog* log_;
  StoredChanges changes_;
  WaitingVoids waiting_;
  std::map<uint32_t, Touched> deals_;  // By stream, of the batch.
  uint64_t before_ = 0;                // The position before the batch, if it has events.
  bool in_batch_ = false;
  WireFactReader ordinary_;  // Holds nothing but memory between calls.
};

}  // namespace payfold

#endif  // PROJECTIONS_DAILY_TOTALS_TOTALS_FOLD_H_
