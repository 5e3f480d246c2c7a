#include "projections/statements/period_sums.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/statements/make_statement.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

// An amount of a plan's settlement that moves something.
struct Flow {
  int64_t (v1::PlanSettlement::*get)() const;
  void (v1::PlanSettlement::*set)(int64_t);
};

constexpr Flow kFlows[] = {
    {&v1::PlanSettlement::earned_minor_units, &v1::PlanSettlement::set_earned_minor_units},
    {&v1::PlanSettlement::top_up_minor_units, &v1::PlanSettlement::set_top_up_minor_units},
    {&v1::PlanSettlement::draw_paid_minor_units, &v1::PlanSettlement::set_draw_paid_minor_units},
    {&v1::PlanSettlement::deferred_minor_units, &v1::PlanSettlement::set_deferred_minor_units},
    {&v1::PlanSettlement::joined_minor_units, &v1::PlanSettlement::set_joined_minor_units},
    {&v1::PlanSettlement::recovery_minor_units, &v1::PlanSettlement::set_recovery_minor_units},
    {&v1::PlanSettlement::held_minor_units, &v1::PlanSettlement::set_held_minor_units},
    {&v1::PlanSettlement::released_minor_units, &v1::PlanSettlement::set_released_minor_units},
    {&v1::PlanSettlement::payable_minor_units, &v1::PlanSettlement::set_payable_minor_units},
};

// 1 to add, -1 to take away.
absl::Status AddSigned(int64_t amount, int sign, int64_t* sum) {
  if (sign > 0) return AddMinorUnits(amount, sum);
  if (__builtin_sub_overflow(*sum, amount, sum)) {
    return absl::OutOfRangeError("a difference does not fit in 64 bits of minor units");
  }
  return absl::OkStatus();
}

absl::Status AddFlows(const v1::PlanSettlement& amounts, int sign, v1::PlanSettlement* sums) {
  for (const Flow& flow : kFlows) {
    int64_t sum = (sums->*flow.get)();
    RETURN_IF_ERROR(AddSigned((amounts.*flow.get)(), sign, &sum));
    (sums->*flow.set)(sum);
  }
  return absl::OkStatus();
}

absl::Status AddComponent(const v1::ComponentTotal& total, int sign, PeriodSums::Plan* plan) {
  v1::ComponentTotal& sums = plan->components[total.component_id()];
  int64_t sum = sums.earned().minor_units();
  RETURN_IF_ERROR(AddSigned(total.earned().minor_units(), sign, &sum));
  // What the fold says of the name comes first.
  if (sums.plan_id().empty()) sums = total;
  sums.mutable_earned()->set_minor_units(sum);
  return absl::OkStatus();
}

absl::Status AddAdjustment(const v1::StatementAdjustment& adjustment, int sign, PeriodSums* sums) {
  v1::StatementAdjustment& known = sums->adjustments[adjustment.position()];
  int64_t sum = known.amount().minor_units();
  RETURN_IF_ERROR(AddSigned(adjustment.amount().minor_units(), sign, &sum));
  known = adjustment;
  known.mutable_amount()->set_minor_units(sum);
  return absl::OkStatus();
}

absl::Status AddSums(const PeriodSums& part, int sign, PeriodSums* sums) {
  for (const auto& [plan_id, plan] : part.plans) {
    PeriodSums::Plan& to = sums->plans[plan_id];
    RETURN_IF_ERROR(AddFlows(plan.amounts, sign, &to.amounts));
    for (const auto& [component_id, total] : plan.components) {
      RETURN_IF_ERROR(AddComponent(total, sign, &to));
    }
  }
  for (const auto& [position, adjustment] : part.adjustments) {
    RETURN_IF_ERROR(AddAdjustment(adjustment, sign, sums));
  }
  return AddSigned(part.openings, sign, &sums->openings);
}

bool IsZero(const v1::PlanSettlement& amounts) {
  return std::all_of(std::begin(kFlows), std::end(kFlows),
                     [&](const Flow& flow) { return (amounts.*flow.get)() == 0; });
}

// Of one plan; none of `sums`' adjustments and openings.
v1::PriorPeriodAdjustment StartAdjustment(const std::string& plan_id,
                                          const PeriodSums::Plan& plan) {
  v1::PriorPeriodAdjustment prior;
  *prior.mutable_difference() = plan.amounts;
  prior.mutable_difference()->set_plan_id(plan_id);
  for (const auto& [component_id, total] : plan.components) {
    if (total.earned().minor_units() != 0) *prior.add_components() = total;
  }
  return prior;
}

void AddStated(const PeriodSums& sums, v1::PriorPeriodAdjustment* prior) {
  for (const auto& [position, adjustment] : sums.adjustments) {
    if (adjustment.amount().minor_units() != 0) *prior->add_adjustments() = adjustment;
  }
  prior->set_opening_minor_units(sums.openings);
}

absl::Status SetPayable(v1::PriorPeriodAdjustment* prior) {
  int64_t payable = prior->difference().payable_minor_units();
  RETURN_IF_ERROR(AddMinorUnits(prior->opening_minor_units(), &payable));
  for (const v1::StatementAdjustment& adjustment : prior->adjustments()) {
    RETURN_IF_ERROR(AddMinorUnits(adjustment.amount().minor_units(), &payable));
  }
  prior->set_payable_minor_units(payable);
  return absl::OkStatus();
}

// What a posted statement said of its own payout period.
absl::StatusOr<PeriodSums> OwnSums(const v1::Statement& statement, int64_t carried_before) {
  PeriodSums sums;
  for (const v1::PlanSettlement& settled : statement.settlements()) {
    RETURN_IF_ERROR(AddFlows(settled, 1, &sums.plans[settled.plan_id()].amounts));
  }
  for (const v1::ComponentTotal& total : statement.components()) {
    RETURN_IF_ERROR(AddComponent(total, 1, &sums.plans[total.plan_id()]));
  }
  for (const v1::StatementAdjustment& adjustment : statement.adjustments()) {
    RETURN_IF_ERROR(AddAdjustment(adjustment, 1, &sums));
  }
  sums.openings = statement.carried_in_minor_units();
  RETURN_IF_ERROR(AddSigned(carried_before, -1, &sums.openings));
  return sums;
}

absl::StatusOr<PeriodSums> SumsOf(const v1::PriorPeriodAdjustment& prior) {
  PeriodSums sums;
  PeriodSums::Plan& plan = sums.plans[prior.difference().plan_id()];
  RETURN_IF_ERROR(AddFlows(prior.difference(), 1, &plan.amounts));
  for (const v1::ComponentTotal& total : prior.components()) {
    RETURN_IF_ERROR(AddComponent(total, 1, &plan));
  }
  for (const v1::StatementAdjustment& adjustment : prior.adjustments()) {
    RETURN_IF_ERROR(AddAdjustment(adjustment, 1, &sums));
  }
  sums.openings = prior.opening_minor_units();
  return sums;
}

absl::Status AddPosted(const FactsView& view, const PostedEntry& entry, Posted* posted) {
  v1::Statement statement;
  if (!statement.ParseFromString(entry.totals)) {
    return absl::DataLossError("a posted statement's totals are damaged; rebuild the projection");
  }
  const std::string& currency = statement.currency();
  int64_t& carried = posted->carried[currency];
  ASSIGN_OR_RETURN(const PeriodSums own, OwnSums(statement, carried));
  carried = statement.carried_out_minor_units();
  RETURN_IF_ERROR(AddMinorUnits(statement.payable_minor_units(), &posted->payable[currency]));
  RETURN_IF_ERROR(AddSums(own, 1, &posted->sums[{currency, entry.first_day}]));
  for (const v1::PriorPeriodAdjustment& prior : statement.prior_adjustments()) {
    ASSIGN_OR_RETURN(const Period origin, view.reference().calendar().Parse(prior.origin_period()));
    ASSIGN_OR_RETURN(const PeriodSums sums, SumsOf(prior));
    RETURN_IF_ERROR(AddSums(sums, 1, &posted->sums[{currency, origin.first()}]));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddSettled(const Period& period, const PeriodSettlement& settlement,
                        const std::vector<EarnedLine>& lines, SumsOfPeriods* sums) {
  for (const auto& [currency, settled] : settlement) {
    PeriodSums& to = (*sums)[{currency, period.first()}];
    for (const PlanSettlement& plan : settled.plans) {
      RETURN_IF_ERROR(AddFlows(PlanSettlementProto(plan), 1, &to.plans[plan.plan_id].amounts));
    }
    for (const PostedAdjustment* adjustment : settled.adjustments) {
      RETURN_IF_ERROR(AddAdjustment(AdjustmentProto(*adjustment), 1, &to));
    }
    for (const Opening* opening : settled.openings) {
      RETURN_IF_ERROR(AddMinorUnits(opening->amount, &to.openings));
    }
  }
  for (const EarnedLine& line : lines) {
    if (!line.is_money()) continue;
    const std::string currency(line.program().currency.code());
    v1::ComponentTotal total;
    total.set_plan_id(line.program().plan_id);
    total.set_component_id(line.component_id);
    total.set_display_name(DisplayNameOf(line));
    total.mutable_earned()->set_currency(currency);
    total.mutable_earned()->set_minor_units(line.amount);
    RETURN_IF_ERROR(
        AddComponent(total, 1, &(*sums)[{currency, period.first()}].plans[total.plan_id()]));
  }
  return absl::OkStatus();
}

absl::Status Subtract(const SumsOfPeriods& posted, SumsOfPeriods* sums) {
  for (const auto& [key, part] : posted) RETURN_IF_ERROR(AddSums(part, -1, &(*sums)[key]));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::PriorPeriodAdjustment>> NotZero(const SumsOfPeriods& sums,
                                                               const Reference& reference) {
  std::vector<v1::PriorPeriodAdjustment> list;
  for (const auto& [key, of_period] : sums) {
    std::map<std::string, v1::PriorPeriodAdjustment> by_plan;
    for (const auto& [plan_id, plan] : of_period.plans) {
      v1::PriorPeriodAdjustment prior = StartAdjustment(plan_id, plan);
      if (IsZero(plan.amounts) && prior.components().empty()) continue;
      by_plan.emplace(plan_id, std::move(prior));
    }
    v1::PriorPeriodAdjustment stated;
    AddStated(of_period, &stated);
    if (!stated.adjustments().empty() || stated.opening_minor_units() != 0) {
      by_plan[""].mutable_difference();
      by_plan[""].MergeFrom(stated);
    }
    for (auto& [plan_id, prior] : by_plan) {
      prior.set_origin_period(reference.calendar().Label(reference.PayoutPeriodOf(key.second)));
      prior.set_currency(key.first);
      RETURN_IF_ERROR(SetPayable(&prior));
      list.push_back(std::move(prior));
    }
  }
  return list;
}

absl::StatusOr<Posted> ReadPosted(const FactsView& view, uint32_t participant) {
  Posted posted;
  const std::optional<Date> through = view.reference().closes->closed_through();
  if (!through.has_value()) return posted;
  std::vector<PostedEntry> entries;
  RETURN_IF_ERROR(view.facts().ReadPosted(participant, *through, &entries));
  for (const PostedEntry& entry : entries) {
    RETURN_IF_ERROR(AddPosted(view, entry, &posted));
  }
  return posted;
}

}  // namespace payfold
