#include "projections/statements/draw.h"

#include <algorithm>
#include <vector>

#include "absl/numeric/int128.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/rational.h"
#include "projections/earnings/amounts.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

using Wide = absl::int128;

constexpr Wide kNone = 0;

absl::StatusOr<int64_t> Narrow(Wide amount) { return Rational(amount).Round(Rounding::kHalfUp); }

// EXCESS: tops up what is earned. What of the top-up the employee owes joins the
// balance, as far as max_balance leaves room; what has no room is not paid.
absl::Status TopUp(const Draw& terms, const Program& program, const DrawInput& input,
                   DrawOutcome* outcome) {
  Wide top_up = std::max(kNone, Wide(*input.draw) - input.earned);
  Wide joined = terms.recoverable ? top_up : std::max(kNone, -Wide(input.earned));
  if (terms.max_balance.has_value()) {
    ASSIGN_OR_RETURN(const int64_t most, InMinorUnits(*terms.max_balance, program));
    const Wide room = std::max(kNone, Wide(most) - input.balance);
    const Wide above = std::max(kNone, joined - room);
    top_up -= above;
    joined -= above;
    outcome->was_cut = above > 0;
  }
  ASSIGN_OR_RETURN(outcome->top_up, Narrow(top_up));
  ASSIGN_OR_RETURN(outcome->joined, Narrow(joined));
  return absl::OkStatus();
}

// EARNINGS: the draw was paid before; negative earnings are owed beside it.
absl::Status TakeIn(const Draw& terms, const DrawInput& input, DrawOutcome* outcome) {
  outcome->draw_paid = input.draw.value_or(0);
  const Wide deferred = std::max(kNone, -Wide(input.earned) - input.taken_from_held);
  ASSIGN_OR_RETURN(outcome->deferred, Narrow(deferred));
  ASSIGN_OR_RETURN(outcome->joined,
                   Narrow(deferred + (terms.recoverable ? outcome->draw_paid : 0)));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DrawOutcome> SettleDraw(const Draw& terms, const Program& program,
                                       const DrawInput& input) {
  DrawOutcome outcome;
  if (terms.from_earnings) {
    RETURN_IF_ERROR(TakeIn(terms, input, &outcome));
  } else if (input.draw.has_value()) {
    RETURN_IF_ERROR(TopUp(terms, program, input, &outcome));
  }
  outcome.balance = input.balance;
  RETURN_IF_ERROR(AddMinorUnits(outcome.joined, &outcome.balance));
  const Wide kept = terms.from_earnings ? kNone : Wide(input.draw.value_or(0));
  ASSIGN_OR_RETURN(outcome.recoverable_of, Narrow(std::max(kNone, Wide(input.earned) - kept)));
  if (!input.may_recover || outcome.recoverable_of == 0) return outcome;
  Rational most =
      Min(Rational(outcome.balance), terms.recovery_rate * Rational(outcome.recoverable_of));
  if (terms.recovery_cap.has_value()) {
    most = Min(most, *terms.recovery_cap * Rational(input.earned));
  }
  ASSIGN_OR_RETURN(outcome.recovery, most.Round(program.rounding));
  outcome.balance -= outcome.recovery;
  return outcome;
}

absl::StatusOr<int64_t> DrawAmount(const Draw& terms, const Program& program, const Period& payout,
                                   const DaySet& in_plan, const Calendar& calendar) {
  std::vector<Period> parts = {payout};
  if (terms.per.has_value()) {
    // One that reaches over the end is paid with its last day.
    parts = calendar.Overlapping(*terms.per, payout.first(), payout.last());
    std::erase_if(parts, [&](const Period& part) { return !payout.Contains(part.last()); });
  }
  int64_t sum = 0;
  for (const Period& part : parts) {
    const int64_t days = (in_plan & Days{part.first(), part.last()}).count();
    if (days == 0) continue;
    const Rational present = terms.prorate ? Rational::Of(days, part.days()) : Rational(1);
    ASSIGN_OR_RETURN(const int64_t amount, InMinorUnits(terms.amount * present, program));
    RETURN_IF_ERROR(AddMinorUnits(amount, &sum));
  }
  return sum;
}

bool MayRecover(const Draw& terms, Date first, const Period& payout) {
  return first.AddMonths(terms.recover_after_months) <= payout.first();
}

}  // namespace payfold
