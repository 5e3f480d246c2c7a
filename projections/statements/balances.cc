// Balances: what all statements of a participant come to.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/facts/run_parallel.h"
#include "projections/queries.h"
#include "projections/statements/closed_periods.h"
#include "projections/statements/lookup.h"
#include "projections/statements/make_statement.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

struct BalanceSums {
  int64_t earned = 0, adjusted = 0, payable = 0;
  int64_t posted = 0, paid = 0, prior = 0;
};
using SumsByCurrency = std::map<std::string, BalanceSums>;

// What of an open payout period, or of all before the first close, is paid counts.
absl::Status AddPeriod(const PeriodSettlement& period, bool is_closed, SumsByCurrency* sums) {
  for (const auto& [currency, settled] : period) {
    BalanceSums& sum = (*sums)[currency];
    ASSIGN_OR_RETURN(const int64_t earned, EarnedOf(settled));
    RETURN_IF_ERROR(AddMinorUnits(earned, &sum.earned));
    RETURN_IF_ERROR(AddMinorUnits(settled.adjusted, &sum.adjusted));
    if (is_closed) continue;
    RETURN_IF_ERROR(AddMinorUnits(settled.payable, &sum.payable));
    RETURN_IF_ERROR(AddMinorUnits(settled.prior_payable, &sum.prior));
  }
  return absl::OkStatus();
}

absl::Status AddPosted(const Reference& reference, uint32_t participant, const Posted& posted,
                       SumsByCurrency* sums) {
  for (const auto& [currency, payable] : posted.payable) {
    BalanceSums& sum = (*sums)[currency];
    sum.posted = payable;
    RETURN_IF_ERROR(AddMinorUnits(payable, &sum.payable));
    for (const ClosedPeriod& closed : reference.closes->periods) {
      RETURN_IF_ERROR(
          AddMinorUnits(reference.payments->Paid(closed.label, participant, currency), &sum.paid));
    }
  }
  return absl::OkStatus();
}

// The payout periods that count as closed; gives what they left.
absl::Status AddClosed(Evaluator* evaluator, uint32_t participant, Date through,
                       Settlement* settlement, SumsByCurrency* sums) {
  ASSIGN_OR_RETURN(const Posted posted, ReadPosted(evaluator->view(), participant));
  RETURN_IF_ERROR(AddPosted(evaluator->reference(), participant, posted, sums));
  const auto add = [&](const PeriodSettlement& settled) { return AddPeriod(settled, true, sums); };
  ASSIGN_OR_RETURN(auto left, SettleClosed(evaluator, participant, through, posted,
                                           /*causes=*/nullptr, settlement, add));
  settlement->ContinueFromCloses(std::move(left));
  return absl::OkStatus();
}

// The open payout periods up to the horizon, and what is stated of later ones.
absl::Status AddOpen(Evaluator* evaluator, std::optional<Date> through, Settlement* settlement,
                     SumsByCurrency* sums) {
  const Reference& reference = evaluator->reference();
  Date settled_through = through.value_or(Date::Min());
  const std::optional<Date> first =
      through.has_value() ? std::optional<Date>(*through + 1) : settlement->first_day();
  if (first.has_value()) {
    for (const Period& period : PayoutPeriodsIn(reference, *first, evaluator->Horizon())) {
      ASSIGN_OR_RETURN(const PeriodSettlement settled, settlement->Settle(period));
      RETURN_IF_ERROR(AddPeriod(settled, false, sums));
      settled_through = period.last();
    }
  }
  std::vector<Period> stated = settlement->StatedPeriodsAfter(settled_through);
  // What closes left stands on the first open one, whether or not there is more.
  if (through.has_value() && settled_through == *through) {
    const Period next = reference.PayoutPeriodOf(*through + 1);
    if (stated.empty() || !(stated.front() == next)) stated.insert(stated.begin(), next);
  }
  for (const Period& period : stated) {
    ASSIGN_OR_RETURN(const PeriodSettlement settled, settlement->SettleStated(period));
    RETURN_IF_ERROR(AddPeriod(settled, false, sums));
  }
  return absl::OkStatus();
}

v1::Balance MakeBalance(const std::string& participant_id, const std::string& currency,
                        const BalanceSums& sums, const SettledBalance& standing) {
  v1::Balance balance;
  balance.set_participant_id(participant_id);
  balance.set_currency(currency);
  balance.set_earned_minor_units(sums.earned);
  balance.set_adjustments_minor_units(sums.adjusted);
  balance.set_payable_minor_units(sums.payable);
  balance.set_held_minor_units(standing.held);
  balance.set_draw_balance_minor_units(standing.draw);
  balance.set_carried_minor_units(standing.carried);
  balance.set_posted_minor_units(sums.posted);
  balance.set_paid_minor_units(sums.paid);
  balance.set_prior_adjustments_minor_units(sums.prior);
  return balance;
}

absl::Status AddBalances(Evaluator* evaluator, uint32_t participant, const StatedMoney& stated,
                         std::vector<v1::Balance>* balances) {
  const Reference& reference = evaluator->reference();
  if (!reference.configuration.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Settlement settlement, Settlement::Make(evaluator, participant, stated));
  SumsByCurrency by_currency;
  const std::optional<Date> through = reference.closes->closed_through();
  if (through.has_value()) {
    RETURN_IF_ERROR(AddClosed(evaluator, participant, *through, &settlement, &by_currency));
  }
  RETURN_IF_ERROR(AddOpen(evaluator, through, &settlement, &by_currency));
  ASSIGN_OR_RETURN(auto at_end, settlement.Balances());
  for (const auto& [currency, standing] : at_end) by_currency.try_emplace(currency);
  if (by_currency.empty()) by_currency[reference.configuration->base_currency] = {};
  for (const auto& [currency, sums] : by_currency) {
    balances->push_back(
        MakeBalance(reference.org->Id(participant), currency, sums, at_end[currency]));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Balance>> ListBalances(const FactsView& view,
                                                      absl::string_view participant_id,
                                                      int workers) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants,
                   SelectParticipants(view, participant_id));
  constexpr size_t kParticipantsPerTask = 64;
  const size_t tasks = (participants.size() + kParticipantsPerTask - 1) / kParticipantsPerTask;
  const StatedMoney stated(view.reference(), participant_id.empty() ? kNobody : participants[0]);
  std::vector<std::vector<v1::Balance>> by_task(tasks);
  const auto list_some = [&](size_t task) -> absl::Status {
    Evaluator evaluator(view);
    for (uint32_t participant :
         absl::MakeSpan(participants).subspan(task * kParticipantsPerTask, kParticipantsPerTask)) {
      RETURN_IF_ERROR(AddBalances(&evaluator, participant, stated, &by_task[task]));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(RunParallel(workers, tasks, list_some));
  std::vector<v1::Balance> balances;
  for (std::vector<v1::Balance>& part : by_task) {
    std::move(part.begin(), part.end(), std::back_inserter(balances));
  }
  return balances;
}

}  // namespace payfold
