// A past moment, as far as it was asked for: its reference, whose credits were read,
// and, where that was not enough, the fold of its prefix. What is kept here follows
// from the log and the moment alone, whatever is folded since.

#ifndef PROJECTIONS_RUNTIME_PAST_MOMENT_H_
#define PROJECTIONS_RUNTIME_PAST_MOMENT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/facts/credits.h"
#include "projections/facts/facts_view.h"
#include "projections/facts/load_reference.h"
#include "projections/facts/reference.h"
#include "projections/runtime/fold_prefix.h"

namespace payfold {

// Thread-safe. The log must outlive it.
class PastMoment {
 public:
  // What is read of a deal in the present costs as much as folding this many events.
  static constexpr uint64_t kEventsPerDeal = 32;
  static constexpr uint64_t kFewDeals = 1000;

  // From what is folded now: `live`, at least as far as the moment.
  // Errors: kDataLoss.
  static absl::StatusOr<std::shared_ptr<PastMoment>> FromLive(const EventLog* log,
                                                              const Moment& moment,
                                                              const FactsView& live);
  // From the log alone.
  static absl::StatusOr<std::shared_ptr<PastMoment>> FromLog(const EventLog* log,
                                                             const Moment& moment);

  const Moment& moment() const { return moment_; }
  const std::shared_ptr<const Reference>& reference() const { return reference_; }

  // Whether anything was known of what has that stream, or number.
  bool HasStream(uint32_t stream) const { return stream < streams_; }
  bool HasParticipant(uint32_t number) const { return number < reference_->org->size(); }

  // One participant's.
  struct Deals {
    std::vector<Credit> credits;  // in order
    std::vector<uint32_t> taken;  // FactReader::ReadTaken()
  };
  // `live` as in FromLive(), not the same necessarily. Errors: kDataLoss.
  absl::StatusOr<std::shared_ptr<const Deals>> DealsOf(uint32_t participant, const FactsView& live);

  // What it holds in memory, in events that a fold would.
  uint64_t weight() const { return folded() != nullptr ? moment_.position : credits_kept_.load(); }

  // Whether so many deals were read that the fold costs no more.
  bool IsFoldDue() const { return deals_read_.load() > deals_to_read_; }
  // The fold; null if there was no need of it.
  const PrefixTables* folded() const { return folded_tables_.load(); }
  // Folds, if that was not done. Errors: kDataLoss.
  absl::StatusOr<const PrefixTables*> Fold();

 private:
  PastMoment(const EventLog* log, const Moment& moment)
      : log_(log), moment_(moment), deals_to_read_(kFewDeals + moment.position / kEventsPerDeal) {}

  absl::StatusOr<Deals> ReadDeals(uint32_t participant, const FactsView& live);
  absl::Status AddDeal(uint32_t participant, uint32_t stream, const FactsView& live, Deals* deals);

  const EventLog* const log_;
  const Moment moment_;
  const uint64_t deals_to_read_;
  std::shared_ptr<const Reference> reference_;
  uint32_t streams_ = 0;

  std::atomic<uint64_t> deals_read_ = 0;
  std::atomic<uint64_t> credits_kept_ = 0;
  std::mutex deals_mutex_;  // Guards the next.
  absl::flat_hash_map<uint32_t, std::shared_ptr<const Deals>> deals_;

  std::mutex fold_mutex_;  // Guards the next.
  FoldedPrefix folded_;
  std::atomic<const PrefixTables*> folded_tables_ = nullptr;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PAST_MOMENT_H_
