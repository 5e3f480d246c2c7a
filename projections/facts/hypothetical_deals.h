// Deals booked by way of trial: the facts as they would be if open deals were booked.
//
// Nothing is written: the view that comes out reads the one it is made from, and
// what follows from the bookings is kept beside it. The evaluation cannot tell one
// from the other.
//
// Source: specification, calculation 13.

#ifndef PROJECTIONS_FACTS_HYPOTHETICAL_DEALS_H_
#define PROJECTIONS_FACTS_HYPOTHETICAL_DEALS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// An open deal, booked on its expected date.
struct HypotheticalBooking {
  uint32_t stream = 0;
  int64_t amount = 0;  // minor units of the opportunity's currency
};

// The facts of an open deal and its booking. REQUIRES: `open` is its opportunity, with
// an expected date.
DealFacts WithBooking(DealFacts facts, const Opportunity& open, int64_t amount);

// Owner, members and attributes are those of the opportunity; splits, amendments,
// cash and cancellations that wait for the booking take effect.
// Errors: kFailedPrecondition for a deal that is no open opportunity with an amount
// and an expected date; kDataLoss if what is stored cannot be read.
absl::StatusOr<FactsView> WithBookings(const FactsView& view,
                                       absl::Span<const HypotheticalBooking> bookings);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_HYPOTHETICAL_DEALS_H_
