// Credits: what each base of a deal is worth to each participant.
//
// Allocate gives every base to the shares so that the parts add up to the deal;
// a change of the running total is credited as the difference of what the
// shares of the totals before and after are. An overlay adds round(total × share).
// Each invoice or payment is allotted on its own; a cancellation of them is a
// change of the running total of what is not taken back.
//
// Source: specification, calculation 4.

#ifndef PROJECTIONS_FACTS_CREDITS_H_
#define PROJECTIONS_FACTS_CREDITS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/calendar/date.h"
#include "ledger/money/rational.h"
#include "ledger/plan/program.h"
#include "projections/facts/resolve_deal.h"

namespace payfold {

// One base in the currency it is credited in, and its part for each share of
// the deal, in their order.
struct BaseCredits {
  int64_t change = 0;
  std::vector<int64_t> credits;
};

// Minor units of the wanted currency for one of the deal's, on a day. An error
// (no rate) is passed on.
using Conversion = std::function<absl::StatusOr<Rational>(Date)>;

// One for each of `bases`, in their order, by the shares of `deal`; none if it is
// not booked or has no shares. `bases` are those of `trigger` (BasesUnder(), or
// deal.bases). `conversion` may be null: the deal's own currency; else it is asked
// for the day of each base. A cancellation in full takes all that is left. A base
// without a rate (kNotFound of `conversion`) adds nothing; what was missing is put
// into `*missing`, if that is not null.
// Errors: kOutOfRange if an amount does not fit; other errors of `conversion`.
absl::StatusOr<std::vector<BaseCredits>> CreditBases(const Deal& deal, absl::Span<const Base> bases,
                                                     Trigger trigger, const Conversion& conversion,
                                                     Rounding rounding,
                                                     std::vector<absl::Status>* missing = nullptr);

// A participant's credit from one base, in the deal's own currency: the cell
// that measures are summed from. Kept by participant and month. There is one for
// each of the deal's bases, for trigger BOOKED and clawback NET, and one for each
// invoice and each payment.
struct Credit {
  uint32_t deal = 0;  // dense number of the deal's stream
  Date date;
  // The first base of the deal (its first invoice, its first payment); decides
  // whether a cancellation counts.
  Date first_base;
  int64_t amount = 0;  // overlays rounded half up
  Base::Kind kind = Base::Kind::kBooked;
  // Alone decides what it counts for: no overlay, and not one of several bases
  // that a cancellation could exceed. Else the deal must be asked. What a
  // cancellation takes of invoices and payments only the deal can tell.
  bool plain = false;
  bool by_policy = false;  // the deal's: it is another one under other split policies
  char currency[3] = {0, 0, 0};
  // Position of the deal's last fact: since then the credit is what it is.
  uint64_t last_fact = 0;

  // Of the deal's own bases, as opposed to an invoice or a payment.
  bool is_booking() const {
    return kind != Base::Kind::kInvoiced && kind != Base::Kind::kCollected;
  }

  // In order of date first.
  friend bool operator<(const Credit& a, const Credit& b);
  friend bool operator==(const Credit& a, const Credit& b);
};

// All credits of a deal with the participants they belong to; none if it is not
// booked or an amount does not fit. `last_fact` is left to those who have the facts.
std::vector<std::pair<uint32_t, Credit>> CreditsOf(uint32_t stream, const Deal& deal);

// Months since year 0, the key of a participant's credits.
int32_t MonthOf(Date date);
Date FirstDayOfMonth(int32_t month);

// The encoding is canonical: the same credits in any order give the same bytes.
std::string EncodeCredits(absl::Span<const Credit> credits);
// Errors: kDataLoss.
absl::StatusOr<std::vector<Credit>> DecodeCredits(absl::string_view encoded);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_CREDITS_H_
