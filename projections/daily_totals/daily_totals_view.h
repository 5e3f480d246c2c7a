// The daily totals as readers get them: as of one position.

#ifndef PROJECTIONS_DAILY_TOTALS_DAILY_TOTALS_VIEW_H_
#define PROJECTIONS_DAILY_TOTALS_DAILY_TOTALS_VIEW_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "projections/daily_totals/day_totals.h"
#include "projections/runtime/projection.h"

namespace payfold {

class DailyTotalsView final : public ProjectionView {
 public:
  // What is stored, or what was folded in memory.
  DailyTotalsView(uint64_t position, StoredSnapshot content)
      : position_(position), content_(std::move(content)) {}
  DailyTotalsView(uint64_t position, TotalsByDay folded)
      : position_(position), folded_(std::move(folded)) {}

  uint64_t position() const { return position_; }

  // The days from `first` to `last` on which something happened; `currency` may be
  // empty: all. Errors: kDataLoss if what is stored cannot be read.
  absl::StatusOr<TotalsByDay> Read(Date first, Date last, const std::string& currency) const;

 private:
  uint64_t position_;
  StoredSnapshot content_;  // Without entries, `folded_` is what there is.
  TotalsByDay folded_;
};

}  // namespace payfold

#endif  // PROJECTIONS_DAILY_TOTALS_DAILY_TOTALS_VIEW_H_
