// What the log says of a deal, as far as the company's totals need it: the log is
// the deal book, the projection keeps none.

#ifndef PROJECTIONS_DAILY_TOTALS_DEAL_HISTORY_H_
#define PROJECTIONS_DAILY_TOTALS_DEAL_HISTORY_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/log/event.h"
#include "ledger/log/event_log.h"
#include "payfold/v1/event.pb.h"
#include "projections/daily_totals/day_totals.h"
#include "projections/facts/deal.h"

namespace payfold {

// Events of these kinds change totals: facts about deals but their splits and
// pipeline, and voids.
uint64_t TotalsKinds();

// What totals need of a fact.
template <typename Text, typename Fact>
BasicDealFact<Text> WithoutDetails(const Fact& fact) {
  BasicDealFact<Text> plain;
  plain.kind = fact.kind;
  plain.position = fact.position;
  plain.date = fact.date;
  plain.amount = fact.amount;
  plain.currency = Text(fact.currency);
  plain.booked_on = fact.booked_on;
  return plain;
}

// Errors: kDataLoss, naming the position.
absl::StatusOr<v1::Event> ParseEvent(const EventView& view);

// Appends the facts that an event of a deal's stream is, with the void that waited
// for it, if any.
// Errors: kDataLoss.
absl::Status AppendFacts(const EventLog& log, const EventView& view, const v1::Event& event,
                         const WaitingVoids& waiting, std::vector<DealFact>* facts);

// Those of all events of a stream up to a position.
absl::StatusOr<DealFacts> ReadDeal(const EventLog& log, uint32_t stream, uint64_t upto,
                                   const WaitingVoids& waiting);

// The position of the fact that a void at `position` is of, if it was known then.
absl::StatusOr<std::optional<uint64_t>> FindVoided(const EventLog& log, const v1::Event& event,
                                                   uint64_t position);

}  // namespace payfold

#endif  // PROJECTIONS_DAILY_TOTALS_DEAL_HISTORY_H_
