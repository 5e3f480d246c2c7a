// What a group pays up to a day, in whole units: the elements after gates and
// multipliers, rounded once each, then floor and cap.
//
// Source: specification, calculation 7 (order, gates, multipliers, cap).

#ifndef PROJECTIONS_EARNINGS_AMOUNTS_H_
#define PROJECTIONS_EARNINGS_AMOUNTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "projections/earnings/group.h"

namespace payfold {

// An element's amount: minor units of money, or units of the reward. Beside the
// payout's elements there are "carry" (what the cap of the period before cut off),
// "floor" (what lifts the sum to the floor) and "excess" (what is paid of the part
// above the cap).
struct ElementAmount {
  std::string name;
  int64_t amount = 0;
};

struct Amounts {
  std::vector<ElementAmount> elements;
  // What the cap cut off: lost, or (CARRY) for the next measurement period.
  int64_t cut = 0;

  int64_t total() const;
  int64_t of(const std::string& name) const;  // 0 if there is no such element
};

// The order of elements: the payout's, named ones before numbered ones ("band2" before
// "band10"), then floor, carry, excess, restated, reversed and what was forfeited.
bool ComesBefore(absl::string_view a, absl::string_view b);

// What gates and multipliers make of a payout.
struct Modification {
  Rational factor = 1;
  bool stopped = false;                  // a gate gives ZERO
  std::vector<Rational> gate_multiples;  // 1 where the gate holds
  std::vector<Rational> multiples;       // of the multipliers
};

Modification ModificationAt(const Group& group, const Cut& cut);

// Errors: kOutOfRange if an amount does not fit.
absl::StatusOr<Amounts> AmountsAt(const Group& group, const Cut& cut);

// An amount of the plan in minor units of its currency, rounded as the plan says.
// Errors: kOutOfRange.
absl::StatusOr<int64_t> InMinorUnits(const Rational& major, const Program& program);

// What each deal brought of an element, or of all ("" as name), with the cap: the
// difference that its credits make, in order.
struct DealAmount {
  std::shared_ptr<const Deal> deal;
  int64_t amount = 0;
  Rational credit;  // in the measure, up to the day
};
absl::StatusOr<std::vector<DealAmount>> AmountsByDeal(const Group& group,
                                                      const std::string& element, Date after,
                                                      Date day);

// The cap of a measurement period or deal, in the units of amounts.
// Errors: kOutOfRange.
absl::StatusOr<int64_t> CapOf(const Group& group);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_AMOUNTS_H_
