// Views of past moments, read on demand from what is folded now (past_facts.h); the
// last few moments are kept, with what was read of them.

#ifndef PROJECTIONS_RUNTIME_PAST_VIEWS_H_
#define PROJECTIONS_RUNTIME_PAST_VIEWS_H_

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/facts/facts_view.h"
#include "projections/runtime/past_moment.h"

namespace payfold {

// Thread-safe. The log must outlive it and its views.
class PastViews {
 public:
  explicit PastViews(const EventLog* log) : log_(log) {}

  // What the fold of the prefix up to `position` holds, with plans as known at
  // `plans_position`. If `live` is not folded so far, the prefix is.
  // Errors: kOutOfRange beyond the log's end; kDataLoss.
  absl::StatusOr<std::shared_ptr<const FactsView>> Get(uint64_t position, uint64_t plans_position,
                                                       std::shared_ptr<const FactsView> live);

 private:
  absl::StatusOr<std::shared_ptr<PastMoment>> GetMoment(const Moment& moment,
                                                        const FactsView* live);
  std::shared_ptr<PastMoment> Find(const Moment& moment);
  void Keep(std::shared_ptr<PastMoment> past);

  const EventLog* log_;
  std::mutex mutex_;
  std::list<std::shared_ptr<PastMoment>> moments_;  // Last used first.
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PAST_VIEWS_H_
