// Views of past moments, folded when they are asked for; the last few are kept.

#ifndef PROJECTIONS_RUNTIME_PAST_VIEWS_H_
#define PROJECTIONS_RUNTIME_PAST_VIEWS_H_

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// Thread-safe. The log must outlive it and its views.
class PastViews {
 public:
  explicit PastViews(const EventLog* log) : log_(log) {}

  // The fold of the prefix up to `position`, with plans as known at
  // `plans_position`. Errors: kOutOfRange beyond the log's end; kDataLoss.
  absl::StatusOr<std::shared_ptr<const FactsView>> Get(uint64_t position, uint64_t plans_position);

 private:
  std::shared_ptr<const FactsView> Find(uint64_t position, uint64_t plans_position);
  void Keep(std::shared_ptr<const FactsView> view);

  const EventLog* log_;
  std::mutex mutex_;
  std::list<std::shared_ptr<const FactsView>> views_;  // Last used first.
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PAST_VIEWS_H_
