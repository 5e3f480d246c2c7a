// The payout projection as the worker sees it.

#ifndef PROJECTIONS_RUNTIME_PAYOUT_FOLDING_H_
#define PROJECTIONS_RUNTIME_PAYOUT_FOLDING_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "projections/runtime/projection.h"
#include "projections/runtime/stored_entries.h"

namespace payfold {

// Its content: stored_entries.h. Its views: PayoutView (live_fold.h).
class PayoutFolding final : public Projection {
 public:
  ProjectionFormat format() const override { return kPayoutFormat; }
  absl::StatusOr<std::unique_ptr<ProjectionFold>> Load(
      EventLog* log, rocksdb::ColumnFamilyHandle* family) const override;
  absl::StatusOr<std::unique_ptr<FoldedContent>> FoldFromNothing(
      const EventLog& log, uint64_t position, int workers,
      const FoldProgress& progress) const override;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PAYOUT_FOLDING_H_
