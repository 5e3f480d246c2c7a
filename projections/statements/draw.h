// One payout period of a draw: an advance that guarantees a minimum. Pure.
//
// All amounts are minor units of the plan's currency.
//
// Readings where the specification is silent: facts/calculation.md.
// Source: specification, calculation 10 and 14.

#ifndef PROJECTIONS_STATEMENTS_DRAW_H_
#define PROJECTIONS_STATEMENTS_DRAW_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "ledger/calendar/period.h"
#include "ledger/money/currency.h"
#include "ledger/plan/program.h"
#include "projections/earnings/day_set.h"

namespace payfold {

struct DrawInput {
  int64_t balance = 0;  // before
  int64_t earned = 0;   // held money included
  // What negative lines took from held money; not negative.
  int64_t taken_from_held = 0;
  // None: the draw does not run in the payout period; recovery goes on.
  std::optional<int64_t> draw;
  bool may_recover = true;  // recover_after
};

struct DrawOutcome {
  int64_t top_up = 0;     // EXCESS: paid with the statement
  int64_t draw_paid = 0;  // EARNINGS: was paid before it
  // EARNINGS: negative earnings that are not taken from the statement but join the
  // balance.
  int64_t deferred = 0;
  int64_t joined = 0;          // all that joins the balance
  int64_t recoverable_of = 0;  // the money that recovery_rate is taken of
  int64_t recovery = 0;
  int64_t balance = 0;   // after
  bool was_cut = false;  // max_balance cut the top-up
};

// balance after = before + joined − recovery. A top-up, less what of it joins the
// balance, and draws paid that do not join it are given for good.
// Errors: kOutOfRange if an amount does not fit.
absl::StatusOr<DrawOutcome> SettleDraw(const Draw& terms, const Program& program,
                                       const DrawInput& input);

// The draw of a payout period: the sum of its `per`s that have a day in the plan.
// Errors: kOutOfRange.
absl::StatusOr<int64_t> DrawAmount(const Draw& terms, const Program& program, const Period& payout,
                                   const DaySet& in_plan, const Calendar& calendar);

// Whether recover_after has passed; `first` is the first day of the participant's
// first payout period in the plan.
bool MayRecover(const Draw& terms, Date first, const Period& payout);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_DRAW_H_
