#include "projections/statements/make_statement.h"

#include <algorithm>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/earnings/explanation.h"
#include "projections/statements/exceptions.h"
#include "projections/statements/settlement_sum.h"
#include "projections/statements/settlement_text.h"

namespace payfold {
namespace {

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

absl::Status AddSettlement(const CurrencySettlement& settled, v1::Statement* statement) {
  for (const PlanSettlement& plan : settled.plans) {
    *statement->add_settlements() = PlanSettlementProto(plan);
  }
  for (const PostedAdjustment* posted : settled.adjustments) {
    *statement->add_adjustments() = AdjustmentProto(*posted);
  }
  statement->mutable_prior_adjustments()->Assign(settled.prior.begin(), settled.prior.end());
  statement->set_prior_adjustments_minor_units(settled.prior_payable);
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

}  // namespace

absl::StatusOr<v1::Line> MakeLine(Evaluator* evaluator, const EarnedLine& line,
                                  bool with_explanation) {
  v1::Line proto = LineProto(*evaluator, line);
  if (with_explanation) {
    ASSIGN_OR_RETURN(*proto.mutable_explanation(), ExplainEarnedLine(evaluator, line));
  }
  return proto;
}

std::string DisplayNameOf(const EarnedLine& line) {
  return line.group == nullptr ? "Budget" : line.group->component->display_name;
}

v1::PlanSettlement PlanSettlementProto(const PlanSettlement& settled) {
  v1::PlanSettlement proto;
  proto.set_plan_id(settled.plan_id);
  proto.set_earned_minor_units(settled.earned);
  proto.set_top_up_minor_units(settled.draw.top_up);
  proto.set_draw_paid_minor_units(settled.draw.draw_paid);
  proto.set_deferred_minor_units(settled.draw.deferred);
  proto.set_joined_minor_units(settled.draw.joined);
  proto.set_recovery_minor_units(settled.draw.recovery);
  proto.set_draw_balance_before_minor_units(settled.balance_before);
  proto.set_draw_balance_after_minor_units(settled.draw.balance);
  proto.set_held_minor_units(settled.held);
  proto.set_released_minor_units(settled.released);
  proto.set_held_balance_minor_units(settled.held_balance);
  proto.set_payable_minor_units(settled.payable);
  return proto;
}

v1::StatementAdjustment AdjustmentProto(const PostedAdjustment& posted) {
  v1::StatementAdjustment adjustment;
  adjustment.set_adjustment_id(posted.adjustment_id);
  adjustment.mutable_amount()->set_currency(posted.currency);
  adjustment.mutable_amount()->set_minor_units(posted.amount);
  adjustment.set_position(posted.position);
  adjustment.set_plan_id(posted.plan_id);
  return adjustment;
}

absl::StatusOr<int64_t> EarnedOf(const CurrencySettlement& settled) {
  int64_t earned = 0;
  for (const PlanSettlement& plan : settled.plans) {
    RETURN_IF_ERROR(AddMinorUnits(plan.earned, &earned));
  }
  return earned;
}

v1::Statement EmptyStatement(const Reference& reference, absl::string_view participant_id,
                             const Period& period, absl::string_view currency) {
  v1::Statement statement;
  statement.set_participant_id(std::string(participant_id));
  statement.set_period(reference.calendar().Label(period));
  statement.set_first_day(period.first().ToString());
  statement.set_last_day(period.last().ToString());
  statement.set_currency(currency.empty() ? reference.configuration->base_currency
                                          : std::string(currency));
  return statement;
}

absl::StatusOr<std::map<std::string, v1::Statement>> MakeStatements(Evaluator* evaluator,
                                                                    const StatementParts& parts) {
  const Reference& reference = evaluator->reference();
  std::map<std::string, v1::Statement> statements;
  const auto of_currency = [&](const std::string& currency) -> v1::Statement& {
    const auto at = statements.find(currency);
    if (at != statements.end()) return at->second;
    return statements[currency] = EmptyStatement(reference, reference.org->Id(parts.participant),
                                                 parts.period, currency);
  };
  for (const EarnedLine& line : *parts.lines) {
    v1::Statement& statement = of_currency(std::string(line.program().currency.code()));
    ASSIGN_OR_RETURN(v1::Line proto, MakeLine(evaluator, line, parts.with_explanations));
    if (line.is_money()) {
      AddToComponent(proto, DisplayNameOf(line), &statement);
    } else {
      AddReward(proto.reward(), &statement);
    }
    *statement.add_lines() = std::move(proto);
  }
  for (const auto& [currency, settled] : *parts.settlement) {
    RETURN_IF_ERROR(AddSettlement(settled, &of_currency(currency)));
  }
  for (auto& [currency, statement] : statements) {
    for (const v1::Exception& exception : *parts.exceptions) {
      statement.add_notes(TextOf(exception));
    }
    RETURN_IF_ERROR(AddPayCurrency(reference, parts.participant, parts.period,
                                   RoundingOf(*parts.lines, statement), &statement));
  }
  return statements;
}

}  // namespace payfold
