// A generation being folded: takes the log's events into it, batch by batch.

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
#include "projections/runtime/generation.h"
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

// One thread at a time. The log must outlive it.
class LiveFold {
 public:
  // Goes on where the generation's content ends. Reads the reference, not the deals.
  // Errors: kDataLoss if the content is damaged.
  static absl::StatusOr<std::unique_ptr<LiveFold>> Load(EventLog* log,
                                                        std::shared_ptr<Generation> generation);

  // Goes on from `position`, at which the generation holds all that was folded and
  // `reference` is what it says.
  static std::unique_ptr<LiveFold> At(uint64_t position, Reference reference, EventLog* log,
                                      std::shared_ptr<Generation> generation);

  // The last position folded and committed.
  uint64_t position() const { return position_; }
  const std::shared_ptr<Generation>& generation() const { return generation_; }

  // Folds the next events, up to `last`, at most one batch, and commits them with
  // the checkpoint. After an error the fold is not to be used any more.
  absl::Status FoldBatch(uint64_t last);

  // What was committed, for readers.
  std::shared_ptr<const FactsView> Publish();

 private:
  LiveFold(EventLog* log, std::shared_ptr<Generation> generation)
      : log_(log), generation_(std::move(generation)), tables_(log, generation_->family()) {}
  void Start(uint64_t position, Reference reference);

  EventLog* log_;
  std::shared_ptr<Generation> generation_;
  StoredTables tables_;
  std::unique_ptr<Fold> fold_;
  uint64_t position_ = 0;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_LIVE_FOLD_H_
