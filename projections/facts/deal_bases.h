// The bases of a deal as a component sees them: by its trigger, and by what its
// clawback makes of cancellations.
//
// Readings where the specification is silent: calculation.md beside this file.
// Source: specification, calculation 4.

#ifndef PROJECTIONS_FACTS_DEAL_BASES_H_
#define PROJECTIONS_FACTS_DEAL_BASES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/plan/program.h"
#include "projections/facts/resolve_deal.h"

namespace payfold {

// A cancellation's place among those of the whole ledger.
struct CancellationKey {
  Date date;  // cancelled_on, not before the booking
  std::string deal_id;
  uint64_t place = 0;  // position; compared within one deal's stream only

  // In order of (date, deal_id, place).
  friend bool operator<(const CancellationKey& a, const CancellationKey& b);
  friend bool operator<=(const CancellationKey& a, const CancellationKey& b) { return !(b < a); }
  friend bool operator==(const CancellationKey& a, const CancellationKey& b);
};

// Not before any other, and before all others.
CancellationKey EveryCancellation();
CancellationKey NoCancellation();

struct DealBases {
  // In order of (date, booking first, position); none if the deal is not booked.
  // The first is never a cancellation.
  std::vector<Base> bases;
  // RESTATE: whether a cancellation that was applied took all that was left of the
  // deal.
  bool cancelled_in_full = false;
};

// The bases that `trigger` names, in the deal's currency, where a cancellation
//   NET            is a negative base on its date: of INVOICED and COLLECTED at
//                  most what is not taken back yet of what came before it, and
//                  no base if that is nothing;
//   RESTATE        shrinks the bases before it, from the first on, if its key is
//                  not after `upto` (none is applied without `upto`); one in full
//                  leaves them at 0. No base comes or goes;
//   REVERSE, NONE  does nothing.
// `upto` means nothing to the other modes.
DealBases BasesUnder(const Deal& deal, Trigger trigger, Clawback::Mode mode,
                     const std::optional<CancellationKey>& upto);

// Those of the deal that have an effect, in order; none if it is not booked.
std::vector<CancellationKey> CancellationsOf(const Deal& deal);

// What REVERSE takes a part of the earnings back by: amount / deal_amount.
struct Cancelled {
  CancellationKey key;
  int64_t amount = 0;  // minor units of the deal's currency; at most what was left
  // The deal's amount then, as booked, restated and adjusted, not reduced by
  // cancellations; `amount` is never more.
  int64_t deal_amount = 0;
  uint64_t position = 0;
};

// In order of key.
std::vector<Cancelled> CancelledParts(const Deal& deal);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_DEAL_BASES_H_
