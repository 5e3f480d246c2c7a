// What a payout pays up to a day, element by element: exact, before gates,
// multipliers, floors and caps.
//
// Source: specification, calculation 7 (payouts).

#ifndef PROJECTIONS_EARNINGS_ELEMENTS_H_
#define PROJECTIONS_EARNINGS_ELEMENTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/plan/bands.h"
#include "projections/earnings/group.h"

namespace payfold {

struct Element {
  // "rate", "per_unit", "fixed", "band2", "curve", "cell1.3", "deal:D-17", "award2",
  // "pool", "goal:ID".
  std::string name;
  // Major units, or units of the reward.
  Rational amount;
  // What it pays on, in the unit of plans, and what it pays for one of it.
  Rational measure;
  Rational value;
  std::optional<BandPay> band;
  Matrix::Cell::Pay cell = Matrix::Cell::Pay::kFixed;
};

// In order of number, of name for deals. Nothing before the participant's first day
// in the plan, and nothing on a measure that is undefined.
// Errors: kOutOfRange if money does not fit.
absl::StatusOr<std::vector<Element>> ElementsAt(const Group& group, const Cut& cut);

// The participant's rank by measure at a day; none if not ranked.
std::optional<int> RankAt(const Group& group, const Cut& cut);

// Whether the participant has been in the plan by that day of the measured days.
bool IsReached(const Group& group, Date day);

// How many share the group's pool, as they pass its gates on a day.
size_t PoolMembersAt(const Group& group, Date day);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_ELEMENTS_H_
