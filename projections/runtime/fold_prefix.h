// A fold of a prefix of the log from nothing, in memory: for a past moment, or to
// rebuild. The content is that of the live fold at the same position, whatever the
// number of threads.

#ifndef PROJECTIONS_RUNTIME_FOLD_PREFIX_H_
#define PROJECTIONS_RUNTIME_FOLD_PREFIX_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/facts/reference.h"
#include "projections/runtime/prefix_tables.h"

namespace payfold {

struct PrefixOptions {
  uint64_t position = 0;  // The last event taken in.
  // The last one of those that publish or retire plans (which cannot be voided).
  uint64_t plans_position = 0;
  int workers = 1;
  // May be null; false cancels. Called from one thread at a time.
  std::function<bool(uint64_t events, uint64_t events_in_all)> progress;
};

struct FoldedPrefix {
  std::shared_ptr<const PrefixTables> tables;
  std::shared_ptr<const Reference> reference;
};

// Errors: kDataLoss if the log is damaged; kCancelled.
absl::StatusOr<FoldedPrefix> FoldPrefix(const EventLog& log, const PrefixOptions& options);

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_FOLD_PREFIX_H_
