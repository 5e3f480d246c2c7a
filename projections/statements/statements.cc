// Statements, balances and lists of lines.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/explanation.h"
#include "projections/facts/run_parallel.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"
#include "projections/statements/settlement.h"
#include "projections/statements/settlement_sum.h"
#include "projections/statements/settlement_text.h"

namespace payfold {
namespace {

absl::StatusOr<v1::Line> MakeLine(Evaluator* evaluator, const EarnedLine& line,
                                  bool with_explanation) {
  v1::Line proto = LineProto(*evaluator, line);
  if (with_explanation) {
    ASSIGN_OR_RETURN(*proto.mutable_explanation(), ExplainEarnedLine(evaluator, line));
  }
  return proto;
}

v1::Statement StartStatement(const FactsView& view, absl::string_view participant_id,
                             const Period& period, absl::string_view currency) {
  v1::Statement statement;
  statement.set_participant_id(std::string(participant_id));
  statement.set_period(view.reference().calendar().Label(period));
  statement.set_first_day(period.first().ToString());
  statement.set_last_day(period.last().ToString());
  statement.set_currency(std::string(currency));
  return statement;
}

void AddToComponent(const v1::Line& line, const std::string& display_name,
                    v1::Statement* statement) {
  for (v1::ComponentTotal& total : *statement->mutable_components()) {
    if (total.plan_id() != line.plan_id() || total.component_id() != line.component_id()) continue;
    total.mutable_earned()->set_minor_units(total.earned().minor_units() +
                                            line.amount().minor_units());
    return;
  }
  v1::ComponentTotal* total = statement->add_components();
  total->set_plan_id(line.plan_id());
  total->set_component_id(line.component_id());
  total->set_display_name(display_name);
  *total->mutable_earned() = line.amount();
}

void AddReward(const v1::RewardUnits& reward, v1::Statement* statement) {
  for (v1::RewardUnits& total : *statement->mutable_rewards()) {
    if (total.kind() != reward.kind() || total.name() != reward.name()) continue;
    total.set_units(total.units() + reward.units());
    return;
  }
  *statement->add_rewards() = reward;
}

std::string DisplayNameOf(const EarnedLine& line) {
  return line.group == nullptr ? "Budget" : line.group->component->display_name;
}

using Statements = std::map<std::string, v1::Statement>;

absl::StatusOr<int64_t> EarnedOf(const CurrencySettlement& settled) {
  int64_t earned = 0;
  for (const PlanSettlement& plan : settled.plans) {
    RETURN_IF_ERROR(AddMinorUnits(plan.earned, &earned));
  }
  return earned;
}

void AddPlanSettlement(const PlanSettlement& settled, v1::Statement* statement) {
  v1::PlanSettlement* proto = statement->add_settlements();
  proto->set_plan_id(settled.plan_id);
  proto->set_earned_minor_units(settled.earned);
  proto->set_top_up_minor_units(settled.draw.top_up);
  proto->set_draw_paid_minor_units(settled.draw.draw_paid);
  proto->set_deferred_minor_units(settled.draw.deferred);
  proto->set_recovery_minor_units(settled.draw.recovery);
  proto->set_draw_balance_before_minor_units(settled.balance_before);
  proto->set_draw_balance_after_minor_units(settled.draw.balance);
  proto->set_held_minor_units(settled.held);
  proto->set_released_minor_units(settled.released);
  proto->set_held_balance_minor_units(settled.held_balance);
  proto->set_payable_minor_units(settled.payable);
}

absl::Status AddSettlement(const CurrencySettlement& settled, v1::Statement* statement) {
  for (const PlanSettlement& plan : settled.plans) AddPlanSettlement(plan, statement);
  for (const PostedAdjustment* posted : settled.adjustments) {
    v1::StatementAdjustment* adjustment = statement->add_adjustments();
    adjustment->set_adjustment_id(posted->adjustment_id);
    adjustment->mutable_amount()->set_currency(posted->currency);
    adjustment->mutable_amount()->set_minor_units(posted->amount);
    adjustment->set_position(posted->position);
  }
  ASSIGN_OR_RETURN(const int64_t earned, EarnedOf(settled));
  statement->set_earned_minor_units(earned);
  statement->set_carried_in_minor_units(settled.carried_in);
  statement->set_payable_minor_units(settled.payable);
  statement->set_carried_out_minor_units(settled.carried_out);
  ASSIGN_OR_RETURN(const Currency currency, Currency::Parse(statement->currency()));
  for (std::string& note : SettlementNotes(settled, currency)) {
    statement->add_settlement_notes(std::move(note));
  }
  return absl::OkStatus();
}

// The rounding of the statement's first plan; HALF_UP where it has none.
Rounding RoundingOf(const std::vector<EarnedLine>& lines, const v1::Statement& statement) {
  for (const EarnedLine& line : lines) {
    if (line.program().currency.code() == statement.currency()) return line.program().rounding;
  }
  return Rounding::kHalfUp;
}

absl::Status AddPayCurrency(const Reference& reference, uint32_t participant, const Period& period,
                            Rounding rounding, v1::Statement* statement) {
  const ParticipantState* state = reference.org->StateOn(participant, period.last());
  if (state == nullptr || state->pay_currency.empty() ||
      state->pay_currency == statement->currency()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Currency from, Currency::Parse(statement->currency()));
  ASSIGN_OR_RETURN(const Currency to, Currency::Parse(state->pay_currency));
  int64_t payable = 0;
  if (statement->payable_minor_units() != 0) {
    const absl::StatusOr<Rational> factor = MinorUnitFactor(reference, from, to, period.last());
    if (absl::IsNotFound(factor.status())) {
      statement->add_notes(std::string(factor.status().message()));
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(factor.status());
    ASSIGN_OR_RETURN(payable,
                     (Rational(statement->payable_minor_units()) * *factor).Round(rounding));
  }
  statement->mutable_payable_in_pay_currency()->set_currency(state->pay_currency);
  statement->mutable_payable_in_pay_currency()->set_minor_units(payable);
  return absl::OkStatus();
}

bool Matches(const LineFilter& filter, const Period* dated_in, const EarnedLine& line) {
  return (filter.plan_id.empty() || filter.plan_id == line.program().plan_id) &&
         (filter.component_id.empty() || filter.component_id == line.component_id) &&
         (dated_in == nullptr || dated_in->Contains(line.date));
}

struct BalanceSums {
  int64_t earned = 0, adjusted = 0, payable = 0;
};

absl::Status AddPeriod(const PeriodSettlement& period, std::map<std::string, BalanceSums>* sums) {
  for (const auto& [currency, settled] : period) {
    BalanceSums& sum = (*sums)[currency];
    ASSIGN_OR_RETURN(const int64_t earned, EarnedOf(settled));
    RETURN_IF_ERROR(AddMinorUnits(earned, &sum.earned));
    RETURN_IF_ERROR(AddMinorUnits(settled.adjusted, &sum.adjusted));
    RETURN_IF_ERROR(AddMinorUnits(settled.payable, &sum.payable));
  }
  return absl::OkStatus();
}

absl::Status AddBalances(Evaluator* evaluator, uint32_t participant, const StatedMoney& stated,
                         std::vector<v1::Balance>* balances) {
  const Reference& reference = evaluator->reference();
  if (!reference.configuration.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Settlement settlement, Settlement::Make(evaluator, participant, stated));
  std::map<std::string, BalanceSums> by_currency;
  Date settled_through = Date::Min();
  if (settlement.first_day().has_value()) {
    for (const Period& period :
         PayoutPeriodsIn(reference, *settlement.first_day(), evaluator->Horizon())) {
      ASSIGN_OR_RETURN(const PeriodSettlement settled, settlement.Settle(period));
      RETURN_IF_ERROR(AddPeriod(settled, &by_currency));
      settled_through = period.last();
    }
  }
  for (const Period& period : settlement.StatedPeriodsAfter(settled_through)) {
    ASSIGN_OR_RETURN(const PeriodSettlement settled, settlement.SettleStated(period));
    RETURN_IF_ERROR(AddPeriod(settled, &by_currency));
  }
  ASSIGN_OR_RETURN(auto at_end, settlement.Balances());
  for (const auto& [currency, standing] : at_end) by_currency.try_emplace(currency);
  if (by_currency.empty()) by_currency[reference.configuration->base_currency] = {};
  for (const auto& [currency, sums] : by_currency) {
    v1::Balance balance;
    balance.set_participant_id(reference.org->Id(participant));
    balance.set_currency(currency);
    balance.set_earned_minor_units(sums.earned);
    balance.set_adjustments_minor_units(sums.adjusted);
    balance.set_payable_minor_units(sums.payable);
    const SettledBalance& standing = at_end[currency];
    balance.set_held_minor_units(standing.held);
    balance.set_draw_balance_minor_units(standing.draw);
    balance.set_carried_minor_units(standing.carried);
    balances->push_back(std::move(balance));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Statement>> GetStatements(const FactsView& view,
                                                         absl::string_view participant_id,
                                                         absl::string_view period_label,
                                                         bool with_explanations) {
  ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, participant_id));
  ASSIGN_OR_RETURN(const Period period, ParsePayoutPeriodLabel(view, period_label));
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, evaluator.LinesOf(participant, period));
  Statements statements;
  for (const EarnedLine& line : lines) {
    const std::string currency(line.program().currency.code());
    auto [at, added] =
        statements.try_emplace(currency, StartStatement(view, participant_id, period, currency));
    ASSIGN_OR_RETURN(v1::Line proto, MakeLine(&evaluator, line, with_explanations));
    if (line.is_money()) {
      AddToComponent(proto, DisplayNameOf(line), &at->second);
    } else {
      AddReward(proto.reward(), &at->second);
    }
    *at->second.add_lines() = std::move(proto);
  }
  // Before other payout periods are looked at: what these lack is theirs to say.
  const std::vector<v1::Exception> exceptions = evaluator.exceptions();
  ASSIGN_OR_RETURN(const PeriodSettlement settlement,
                   SettleThrough(&evaluator, participant, period, lines));
  for (const auto& [currency, settled] : settlement) {
    auto [at, added] =
        statements.try_emplace(currency, StartStatement(view, participant_id, period, currency));
    RETURN_IF_ERROR(AddSettlement(settled, &at->second));
  }
  if (statements.empty()) {
    const std::string& currency = view.reference().configuration->base_currency;
    statements.emplace(currency, StartStatement(view, participant_id, period, currency));
  }
  std::vector<v1::Statement> list;
  for (auto& [currency, statement] : statements) {
    for (const v1::Exception& exception : exceptions) statement.add_notes(exception.message());
    RETURN_IF_ERROR(AddPayCurrency(view.reference(), participant, period,
                                   RoundingOf(lines, statement), &statement));
    list.push_back(std::move(statement));
  }
  return list;
}

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

absl::StatusOr<std::vector<v1::Line>> ListLines(const FactsView& view, const LineFilter& filter) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants,
                   SelectParticipants(view, filter.participant_id));
  std::optional<Period> dated_in;
  if (!filter.period.empty()) {
    ASSIGN_OR_RETURN(dated_in, ParsePeriod(view, filter.period));
  }
  Evaluator evaluator(view);
  std::vector<v1::Line> lines;
  for (uint32_t participant : participants) {
    const std::vector<Period> periods =
        dated_in.has_value()
            ? PayoutPeriodsIn(view.reference(), dated_in->first(), dated_in->last())
            : evaluator.PayoutPeriodsOf(participant);
    for (const Period& period : periods) {
      ASSIGN_OR_RETURN(const std::vector<EarnedLine> earned,
                       evaluator.LinesOf(participant, period));
      for (const EarnedLine& line : earned) {
        if (!Matches(filter, dated_in.has_value() ? &*dated_in : nullptr, line)) continue;
        ASSIGN_OR_RETURN(v1::Line proto, MakeLine(&evaluator, line, filter.with_explanations));
        lines.push_back(std::move(proto));
      }
    }
  }
  std::stable_sort(lines.begin(), lines.end(), [](const v1::Line& a, const v1::Line& b) {
    return std::tie(a.participant_id(), a.date(), a.line_id()) <
           std::tie(b.participant_id(), b.date(), b.line_id());
  });
  return lines;
}

absl::StatusOr<v1::Line> ExplainLine(const FactsView& view, absl::string_view line_id) {
  const std::vector<std::string> parts = absl::StrSplit(line_id, '/');
  if (parts.size() != 6) {
    return absl::InvalidArgumentError(absl::StrCat(
        "line_id: ", Quote(line_id), " is no line id; one is participant/plan/component/",
        "measurement period/element/payout period, as `lines` shows it"));
  }
  ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, parts[0]));
  const std::vector<std::string> last =
      absl::StrSplit(parts[5], absl::MaxSplits(absl::ByAnyChar("@~"), 1));
  ASSIGN_OR_RETURN(const Period period, ParsePayoutPeriodLabel(view, last[0]));
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, evaluator.LinesOf(participant, period));
  for (const EarnedLine& line : lines) {
    if (line.line_id == line_id) return MakeLine(&evaluator, line, true);
  }
  return absl::NotFoundError(absl::StrCat(
      "the fold at position ", view.position(), " gives no line ", Quote(line_id), "; `lines ",
      "--participant ", parts[0], " --period ", last[0], "` lists those there are"));
}

}  // namespace payfold
