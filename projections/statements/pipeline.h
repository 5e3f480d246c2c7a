// The open pipeline: which deals a forecast can take in, and which lack something.
//
// Source: specification, calculation 13.

#ifndef PROJECTIONS_STATEMENTS_PIPELINE_H_
#define PROJECTIONS_STATEMENTS_PIPELINE_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/calendar/date.h"
#include "payfold/v1/payout_service.pb.h"
#include "projections/facts/facts_view.h"
#include "projections/facts/hypothetical_deals.h"

namespace payfold {

// An open deal with all that a booking needs.
struct OpenDeal {
  uint32_t stream = 0;
  std::string deal_id;
  uint64_t position = 0;
  Date expected_on;
  int64_t amount = 0;  // minor units
  std::string currency;
  std::optional<Decimal> probability;  // none: unknown
  int64_t expected = 0;                // round(amount × probability), half away from zero
};

struct Pipeline {
  std::vector<OpenDeal> deals;         // by expected date, then id
  std::vector<v1::LeftOutDeal> lacks;  // by id
};

// Every open deal; what lacks something only if `participant` is named by it, or is
// kNobody. Errors: kDataLoss; kOutOfRange.
absl::StatusOr<Pipeline> ReadPipeline(const FactsView& view, uint32_t participant);

// One of them. Errors: kNotFound for a deal that no fact mentions; kFailedPrecondition
// if it is not open, or lacks something.
absl::StatusOr<OpenDeal> FindOpenDeal(const FactsView& view, absl::string_view deal_id);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_PIPELINE_H_
