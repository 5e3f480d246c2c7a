#include "projections/statements/closed_periods.h"

#include <optional>
#include <utility>

#include "ledger/base/status_macros.h"

namespace payfold {

absl::StatusOr<std::map<std::string, LeftByCloses>> SettleClosed(
    Evaluator* evaluator, uint32_t participant, Date through, const Posted& posted,
    const LateFacts* causes, Settlement* settlement, VisitSettled visit) {
  const Reference& reference = evaluator->reference();
  SumsOfPeriods sums;
  for (Date d = settlement->first_day().value_or(Date::Max()); d <= through;) {
    const Period period = reference.PayoutPeriodOf(d);
    ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, settlement->LinesIn(period));
    ASSIGN_OR_RETURN(const PeriodSettlement settled, settlement->Settle(period, lines));
    if (visit != nullptr) RETURN_IF_ERROR(visit(settled));
    RETURN_IF_ERROR(AddSettled(period, settled, lines, &sums));
    d = period.last() + 1;
  }
  RETURN_IF_ERROR(Subtract(posted.sums, &sums));
  ASSIGN_OR_RETURN(std::vector<v1::PriorPeriodAdjustment> differences, NotZero(sums, reference));
  std::map<std::string, LeftByCloses> left;
  for (const auto& [currency, carried] : posted.carried) left[currency].carried = carried;
  std::optional<CauseFinder> finder;
  if (causes != nullptr) finder.emplace(evaluator, participant, *causes);
  for (v1::PriorPeriodAdjustment& difference : differences) {
    if (finder.has_value()) RETURN_IF_ERROR(finder->SetCause(&difference));
    left[difference.currency()].adjustments.push_back(std::move(difference));
  }
  return left;
}

absl::StatusOr<PeriodSettlement> SettleUpTo(Evaluator* evaluator, uint32_t participant,
                                            const Period& payout,
                                            const std::vector<EarnedLine>& lines) {
  const Reference& reference = evaluator->reference();
  const std::optional<Date> through = reference.closes->closed_through();
  if (!through.has_value() || payout.first() <= *through) {
    return SettleThrough(evaluator, participant, payout, lines);
  }
  const StatedMoney stated(reference, participant);
  ASSIGN_OR_RETURN(Settlement settlement, Settlement::Make(evaluator, participant, stated));
  ASSIGN_OR_RETURN(const Posted posted, ReadPosted(evaluator->view(), participant));
  const LateFacts causes(evaluator->view());
  ASSIGN_OR_RETURN(auto left,
                   SettleClosed(evaluator, participant, *through, posted, &causes, &settlement));
  settlement.ContinueFromCloses(std::move(left));
  for (Date d = *through + 1; d < payout.first();) {
    const Period earlier = reference.PayoutPeriodOf(d);
    RETURN_IF_ERROR(settlement.Settle(earlier).status());
    d = earlier.last() + 1;
  }
  return settlement.Settle(payout, lines);
}

}  // namespace payfold
