// A generation being folded: takes the log's events into it, batch by batch.

#ifndef PROJECTIONS_RUNTIME_LIVE_FOLD_H_
#define PROJECTIONS_RUNTIME_LIVE_FOLD_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
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

// The view of what `facts` hold; a deal without facts is not found in it.
std::shared_ptr<const FactsView> MakeFactsView(const EventLog* log, uint64_t position,
                                               uint64_t plans_position,
                                               std::shared_ptr<const Reference> reference,
                                               std::shared_ptr<const FactReader> facts);

// What a batch changes again and again (deals, credits, days), kept out of the
// index of unwritten changes until the batch ends, so that each entry is written
// once. All else goes straight to the stored tables.
class BatchTables final : public FactTables {
 public:
  // No stream from `first_new` on has stored facts. `*stored` must outlive it.
  BatchTables(StoredTables* stored, const StoredEntries& committed, uint32_t first_new)
      : stored_(stored), committed_(committed, nullptr), first_new_(first_new) {}

  // Writes what is kept and the checkpoint; see StoredTables::Commit().
  absl::Status Commit(uint64_t position);

  absl::StatusOr<std::string> GetDeal(uint32_t stream) const override;
  absl::StatusOr<std::vector<Credit>> GetCredits(uint32_t participant,
                                                 int32_t month) const override;
  absl::Status ReadCredits(uint32_t participant, int32_t first, int32_t last,
                           std::vector<Credit>* credits) const override;
  absl::StatusOr<std::vector<uint32_t>> Marked(Mark mark) const override {
    return stored_->Marked(mark);
  }
  absl::Status ForEachReference(const VisitReference& visit) const override {
    return stored_->ForEachReference(visit);
  }
  absl::Status ForEachParticipant(const VisitParticipant& visit) const override {
    return stored_->ForEachParticipant(visit);
  }
  absl::Status ForEachLastDay(const VisitLastDay& visit) const override;

  absl::Status PutDeal(uint32_t stream, absl::string_view encoded) override;
  absl::Status PutCredits(uint32_t participant, int32_t month,
                          absl::Span<const Credit> credits) override;
  absl::Status SetMark(Mark mark, uint32_t stream, bool marked) override {
    return stored_->SetMark(mark, stream, marked);
  }
  absl::Status ReadMetrics(const MetricSubject& subject, int32_t first, int32_t last,
                           std::vector<MetricFact>* metrics) const override {
    return stored_->ReadMetrics(subject, first, last, metrics);
  }
  absl::Status PutMetrics(const MetricSubject& subject, int32_t month,
                          absl::Span<const MetricFact> metrics) override {
    return stored_->PutMetrics(subject, month, metrics);
  }
  absl::Status PutReference(uint64_t position, absl::string_view entry) override {
    return stored_->PutReference(position, entry);
  }
  absl::Status PutParticipant(uint32_t number, absl::string_view id) override {
    return stored_->PutParticipant(number, id);
  }
  absl::Status PutLastDay(Date day, int64_t deals) override;

 private:
  using Month = std::pair<uint32_t, int32_t>;  // Of a participant.

  StoredTables* stored_;
  SnapshotFacts committed_;
  uint32_t first_new_;
  // Of the batch.
  absl::flat_hash_map<uint32_t, std::string> deals_;
  absl::flat_hash_map<Month, std::vector<Credit>> credits_;
  std::map<Date, int64_t> days_;
};

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
  LiveFold(EventLog* log, std::shared_ptr<Generation> generation);
  void Start(uint64_t position, Reference reference);

  EventLog* log_;
  std::shared_ptr<Generation> generation_;
  StoredTables stored_;
  BatchTables tables_;  // On top of stored_.
  std::unique_ptr<Fold> fold_;
  uint64_t position_ = 0;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_LIVE_FOLD_H_
