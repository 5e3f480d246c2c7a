// What the fold knows at one position, to be read by the evaluation.
//
// A view never changes: readers share it without locks while the fold goes on.

#ifndef PROJECTIONS_FACTS_FACTS_VIEW_H_
#define PROJECTIONS_FACTS_FACTS_VIEW_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/credits.h"
#include "projections/facts/fact_tables.h"
#include "projections/facts/metrics.h"
#include "projections/facts/reference.h"
#include "projections/facts/resolve_deal.h"

namespace payfold {

// The dense number of a deal's stream, by deal id.
using FindDealStream =
    std::function<absl::StatusOr<std::optional<uint32_t>>(absl::string_view deal_id)>;

// An event of the log, as it was stored.
using ReadEvent = std::function<absl::StatusOr<v1::Event>(uint64_t position)>;

class FactsView {
 public:
  // `plans_position` is the last position whose plans and retirements are known.
  FactsView(uint64_t position, uint64_t plans_position, std::shared_ptr<const Reference> reference,
            std::shared_ptr<const FactReader> facts, FindDealStream find_deal, ReadEvent read_event)
      : position_(position),
        plans_position_(plans_position),
        reference_(std::move(reference)),
        facts_(std::move(facts)),
        find_deal_(std::move(find_deal)),
        read_event_(std::move(read_event)) {}

  // The last position folded; 0 for the empty ledger.
  uint64_t position() const { return position_; }
  uint64_t plans_position() const { return plans_position_; }

  const Reference& reference() const { return *reference_; }
  const FactReader& facts() const { return *facts_; }

  // A deal, settled; not booked if no fact is known of it.
  // Errors: kDataLoss if what is stored cannot be read.
  absl::StatusOr<Deal> GetDeal(uint32_t stream) const;
  absl::StatusOr<DealFacts> GetDealFacts(uint32_t stream) const;
  absl::StatusOr<std::optional<uint32_t>> FindDeal(absl::string_view deal_id) const {
    return find_deal_(deal_id);
  }

  // An event that was folded: the log never changes, so nor does this.
  // Errors: kDataLoss.
  absl::StatusOr<v1::Event> GetEvent(uint64_t position) const { return read_event_(position); }

  // The credits of a participant dated from `first` to `last`, in no order.
  absl::StatusOr<std::vector<Credit>> GetCredits(uint32_t participant, Date first, Date last) const;

  // The values of a metric from `first` to `last` that hold, in order of (date, position):
  // those of a participant, or, with kEverybody, those of the company.
  absl::StatusOr<std::vector<MetricFact>> GetMetrics(const std::string& metric,
                                                     uint32_t participant, Date first,
                                                     Date last) const;

 private:
  uint64_t position_;
  uint64_t plans_position_;
  std::shared_ptr<const Reference> reference_;
  std::shared_ptr<const FactReader> facts_;
  FindDealStream find_deal_;
  ReadEvent read_event_;
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_FACTS_VIEW_H_
