// The fold of payouts (facts/fold.h), live: into the stored tables.

#ifndef PROJECTIONS_RUNTIME_LIVE_FOLD_H_
#define PROJECTIONS_RUNTIME_LIVE_FOLD_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/facts/facts_view.h"
#include "projections/facts/fold.h"
#include "projections/runtime/projection.h"
#include "projections/runtime/stored_tables.h"

namespace payfold {

// Positions by event id, and deals' streams by deal id, in the log.
FindPosition FindPositionIn(const EventLog* log);
absl::StatusOr<std::optional<uint32_t>> FindDealStreamIn(const EventLog& log,
                                                         absl::string_view deal_id);

// Reads stored events of the log.
ReadEvent ReadEventIn(const EventLog* log);

// The view of what `facts` hold; a deal without facts is not found in it.
std::shared_ptr<const FactsView> MakeFactsView(const EventLog* log, uint64_t position,
                                               uint64_t plans_position,
                                               std::shared_ptr<const Reference> reference,
                                               std::shared_ptr<const FactReader> facts);

// The log must outlive it.
class LiveFold final : public ProjectionFold {
 public:
  // Goes on where the family's content ends. Reads the reference, not the deals.
  // Errors: kDataLoss if the content is damaged.
  static absl::StatusOr<std::unique_ptr<LiveFold>> Load(EventLog* log,
                                                        rocksdb::ColumnFamilyHandle* family);

  // Goes on where `reference` is what the family's content says.
  LiveFold(EventLog* log, rocksdb::ColumnFamilyHandle* family, Reference reference);

  absl::Status Add(const EventView& event) override { return fold_.Add(event); }
  absl::Status Derive() override { return fold_.Derive(); }
  StoredChanges& changes() override { return tables_.changes(); }
  std::shared_ptr<const ProjectionView> MakeView(uint64_t position,
                                                 StoredSnapshot content) override;

 private:
  EventLog* log_;
  StoredTables tables_;
  Fold fold_;
};

// What the payout projection's readers get.
struct PayoutView final : public ProjectionView {
  explicit PayoutView(std::shared_ptr<const FactsView> view) : facts(std::move(view)) {}
  const std::shared_ptr<const FactsView> facts;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_LIVE_FOLD_H_
