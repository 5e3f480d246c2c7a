// One deal, settled: what its facts say together.
//
// Restatements replace what they name from the booking on, in order of
// (amended_on, position); one with an amount drops the adjustments before it.
// The bases are the booking and every later change of the amount, in order of
// (date, booking first, position); a change dated before the booking takes its
// date. The shares are the last CreditSplit, else the split policy over the
// members, else the owner. Invoices and payments are kept beside the bases; what
// a component counts is in deal_bases.h.
//
// Readings where the specification is silent: calculation.md beside this file.
// Source: specification, calculation 4.

#ifndef PROJECTIONS_FACTS_RESOLVE_DEAL_H_
#define PROJECTIONS_FACTS_RESOLVE_DEAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "ledger/money/decimal.h"
#include "projections/facts/deal.h"
#include "projections/facts/split_policies.h"

namespace payfold {

// A change of a running total of the deal: of what is booked, or of what is
// invoiced or collected (deal_bases.h).
struct Base {
  enum class Kind : uint8_t { kBooked, kAdjusted, kCancelled, kInvoiced, kCollected };
  Kind kind = Kind::kBooked;
  Date date;
  int64_t change = 0;    // minor units of the deal's currency; negative for a cancellation
  bool in_full = false;  // a cancellation of all that is left of the running total
  uint64_t position = 0;
};

// A participant's part in the deal. Shares come first, overlays after them.
struct Share {
  uint32_t participant = kNobody;
  absl::int128 weight = 0;  // of Allocate; for an overlay billionths
  bool overlay = false;
};

// A fact that has no effect, or a deal that cannot be credited, and why.
struct DealIssue {
  uint64_t position = 0;
  std::string message;
};

// An invoice or a payment.
struct Cash {
  Date date;           // not before the booking
  int64_t amount = 0;  // minor units of the deal's currency
  uint64_t position = 0;
};

// What a deal that is not booked may become: its last pipeline entry.
struct Opportunity {
  uint64_t position = 0;
  // A forecast needs both.
  std::optional<Date> expected_on;
  std::optional<int64_t> amount;  // minor units
  std::string currency;
  std::optional<Decimal> probability;  // none: unknown
  uint32_t owner = kNobody;
  std::vector<DealPerson> members;
  std::vector<DealAttribute> attributes;  // as of a booking, by name
};

struct Deal {
  // Else only `deal_id`, `issues` and `opportunity` mean anything.
  bool booked = false;
  std::string deal_id;
  std::string currency;
  int64_t stated_amount = 0;  // as booked and restated, not adjusted
  Date booked_on;
  uint32_t owner = kNobody;
  std::vector<DealAttribute> attributes;
  std::vector<Base> bases;                // booking, ADJUSTs and cancellations
  std::vector<Cash> invoiced, collected;  // in order of (date, position)
  std::vector<Share> shares;
  absl::int128 weight_sum = 0;  // of the shares that are no overlays
  bool by_policy = false;       // members decide, so a split policy matters
  // Positions behind the shares: the split, or the policy, or neither.
  uint64_t split_position = 0;
  std::vector<DealIssue> issues;
  // The facts behind it, in order: booking, amendments, cancellations, the split.
  std::vector<uint64_t> positions;
  // Of a deal that is not booked, if it is open.
  std::optional<Opportunity> opportunity;

  // The attribute's text, also `amount` (major units) and `currency`; null if
  // missing. `scratch` holds texts that are made.
  const std::string* Attribute(absl::string_view name, std::string* scratch) const;
};

Deal ResolveDeal(const DealFacts& facts, const SplitPolicies& policies);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_RESOLVE_DEAL_H_
