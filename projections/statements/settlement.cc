#include "projections/statements/settlement.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/attribution.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

bool HasAnythingToSay(const PlanSettlement& settled) {
  return settled.earned != 0 || settled.draw_amount.has_value() || settled.balance_before != 0 ||
         settled.draw.balance != 0 || settled.held_balance != 0 || !settled.movements.empty();
}

bool IsMoneyOf(const EarnedLine& line, const std::string& plan_id, const std::string& currency) {
  const Program& program = line.program();
  return line.is_money() && program.plan_id == plan_id && program.currency.code() == currency;
}

absl::Status AddMovements(PlanSettlement* settled) {
  for (const HeldMovement& movement : settled->movements) {
    const bool released = movement.kind == HeldMovement::Kind::kReleased;
    const bool taken = movement.kind == HeldMovement::Kind::kTaken;
    RETURN_IF_ERROR(AddMinorUnits(taken ? -movement.amount : movement.amount,
                                  released ? &settled->released : &settled->held));
  }
  return absl::OkStatus();
}

int64_t TakenFromHeld(const PlanSettlement& settled) {
  int64_t taken = 0;
  for (const HeldMovement& movement : settled.movements) {
    if (movement.kind == HeldMovement::Kind::kTaken) taken += movement.amount;
  }
  return taken;
}

absl::Status SetPayable(PlanSettlement* settled) {
  settled->payable = settled->earned;
  for (const int64_t part : {settled->draw.top_up, settled->draw.deferred, -settled->draw.recovery,
                             -settled->held, settled->released}) {
    RETURN_IF_ERROR(AddMinorUnits(part, &settled->payable));
  }
  return absl::OkStatus();
}

}  // namespace

StatedMoney::StatedMoney(const Reference& reference, uint32_t participant) {
  const auto is_asked = [&](uint32_t p) { return participant == kNobody || p == participant; };
  for (const PostedAdjustment& posted : *reference.adjustments) {
    if (is_asked(posted.participant)) facts_[posted.participant].adjustments.push_back(&posted);
  }
  for (const Opening& opening : *reference.openings) {
    if (is_asked(opening.participant)) facts_[opening.participant].openings.push_back(&opening);
  }
}

const StatedMoney::Facts& StatedMoney::Of(uint32_t participant) const {
  static const auto* const kNone = new Facts();
  const auto at = facts_.find(participant);
  return at == facts_.end() ? *kNone : at->second;
}

absl::StatusOr<Settlement> Settlement::Make(Evaluator* evaluator, uint32_t participant,
                                            const StatedMoney& stated) {
  if (!evaluator->reference().configuration.has_value()) {
    return absl::FailedPreconditionError(
        "the ledger is not configured; append a LedgerConfigured first");
  }
  Settlement settlement(evaluator, participant, stated.Of(participant));
  RETURN_IF_ERROR(settlement.AddPlans());
  RETURN_IF_ERROR(settlement.AddAdjustments());
  RETURN_IF_ERROR(settlement.AddOpenings());
  return settlement;
}

void Settlement::Begin(Date day) { first_day_ = std::min(first_day_.value_or(day), day); }

absl::Status Settlement::AddPlans() {
  for (const auto& [plan_id, history] : *reference().plans) {
    const std::shared_ptr<const DaySet> in_plan = evaluator_->InPlan(participant_, history);
    if (in_plan->empty()) continue;
    std::map<std::string, Plan> by_currency;
    for (const VersionRun& run : history.runs()) {
      const Program& program = run.version->program;
      Plan& plan = by_currency[std::string(program.currency.code())];
      plan.has_draw = plan.has_draw || program.draw.has_value();
      for (const Component& component : program.components) {
        plan.has_schedule = plan.has_schedule || !component.schedule.empty();
      }
    }
    for (auto& [currency, plan] : by_currency) {
      plan.plan_id = &plan_id;
      plan.history = &history;
      plan.currency = currency;
      plan.in_plan = in_plan;
      plan.first_period = reference().PayoutPeriodOf(*in_plan->first()).first();
      plans_.push_back(std::move(plan));
    }
  }
  ASSIGN_OR_RETURN(first_earned_, evaluator_->FirstDayOf(participant_));
  if (first_earned_.has_value()) Begin(*first_earned_);
  return absl::OkStatus();
}

absl::Status Settlement::AddAdjustments() {
  for (const PostedAdjustment* posted : stated_->adjustments) {
    ASSIGN_OR_RETURN(const Period named, reference().calendar().Parse(posted->period));
    const Period payout = reference().PayoutPeriodOf(named.last());
    adjustments_[payout].push_back(posted);
    Begin(payout.first());
  }
  return absl::OkStatus();
}

absl::Status Settlement::AddOpenings() {
  for (const Opening* opening : stated_->openings) {
    switch (opening->kind) {
      case Opening::Kind::kPayable: {
        const Date after = reference().PayoutPeriodOf(opening->as_of).last() + 1;
        carried_openings_[reference().PayoutPeriodOf(after)].push_back(opening);
        Begin(after);
        break;
      }
      case Opening::Kind::kHeld:
        held_openings_.push_back(opening);
        Begin(opening->as_of);
        break;
      case Opening::Kind::kDraw:
        RETURN_IF_ERROR(AddDrawOpening(*opening));
        break;
    }
  }
  return absl::OkStatus();
}

absl::Status Settlement::AddDrawOpening(const Opening& opening) {
  Begin(opening.as_of);
  const std::optional<size_t> plan = FindPlanWithDraw(opening.currency);
  return AddMinorUnits(opening.amount,
                       plan.has_value() ? &plans_[*plan].draw_balance : &draws_[opening.currency]);
}

std::optional<size_t> Settlement::FindPlanWithDraw(absl::string_view currency) const {
  for (size_t i = 0; i < plans_.size(); ++i) {
    if (plans_[i].has_draw && plans_[i].currency == currency) return i;
  }
  return std::nullopt;
}

std::string Settlement::PlanOfDrawOpening(absl::string_view currency) const {
  const std::optional<size_t> plan = FindPlanWithDraw(currency);
  return plan.has_value() ? *plans_[*plan].plan_id : "";
}

absl::StatusOr<std::vector<EarnedLine>> Settlement::LinesIn(const Period& payout) {
  if (!first_earned_.has_value() || payout.last() < *first_earned_) {
    return std::vector<EarnedLine>();
  }
  return evaluator_->LinesOf(participant_, payout);
}

void Settlement::ContinueFromCloses(std::map<std::string, LeftByCloses> left) {
  carried_.clear();
  for (const auto& [currency, of_currency] : left) carried_[currency] = of_currency.carried;
  left_by_closes_ = std::move(left);
}

absl::StatusOr<PeriodSettlement> Settlement::Settle(const Period& payout) {
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, LinesIn(payout));
  return Settle(payout, lines);
}

absl::StatusOr<PeriodSettlement> Settlement::Settle(const Period& payout,
                                                    const std::vector<EarnedLine>& lines) {
  PeriodSettlement result;
  for (Plan& plan : plans_) RETURN_IF_ERROR(SettlePlan(payout, lines, &plan, &result));
  RETURN_IF_ERROR(SettleOpenings(payout, &result));
  RETURN_IF_ERROR(CarryOver(payout, &result));
  return result;
}

absl::StatusOr<PeriodSettlement> Settlement::SettleStated(const Period& payout) {
  PeriodSettlement result;
  RETURN_IF_ERROR(SettleOpenings(payout, &result));
  RETURN_IF_ERROR(CarryOver(payout, &result));
  return result;
}

std::vector<Period> Settlement::StatedPeriodsAfter(Date day) const {
  std::set<Period> periods;
  const auto add = [&](const Period& period) {
    if (day < period.first()) periods.insert(period);
  };
  for (const auto& [period, adjustments] : adjustments_) add(period);
  for (const auto& [period, openings] : carried_openings_) add(period);
  for (const Opening* opening : held_openings_) add(reference().PayoutPeriodOf(opening->as_of));
  return std::vector<Period>(periods.begin(), periods.end());
}

absl::Status Settlement::SettlePlan(const Period& payout, const std::vector<EarnedLine>& lines,
                                    Plan* plan, PeriodSettlement* result) {
  PlanSettlement settled;
  std::vector<const EarnedLine*> own;
  for (const EarnedLine& line : lines) {
    if (!IsMoneyOf(line, *plan->plan_id, plan->currency)) continue;
    RETURN_IF_ERROR(AddMinorUnits(line.amount, &settled.earned));
    own.push_back(&line);
  }
  if (plan->has_schedule) RETURN_IF_ERROR(SettleHeld(payout, std::move(own), plan, &settled));
  if (plan->has_draw) RETURN_IF_ERROR(SettleDrawOf(payout, plan, &settled));
  RETURN_IF_ERROR(SetPayable(&settled));
  if (!HasAnythingToSay(settled)) return absl::OkStatus();
  settled.plan_id = *plan->plan_id;
  (*result)[plan->currency].plans.push_back(std::move(settled));
  return absl::OkStatus();
}

absl::Status Settlement::SettleHeld(const Period& payout, std::vector<const EarnedLine*> lines,
                                    Plan* plan, PlanSettlement* settled) {
  std::stable_sort(lines.begin(), lines.end(), [](const EarnedLine* a, const EarnedLine* b) {
    return std::make_pair(a->date, a->amount > 0) < std::make_pair(b->date, b->amount > 0);
  });
  for (const EarnedLine* line : lines) {
    if (line->amount > 0) {
      RETURN_IF_ERROR(HoldLine(payout, *line, plan, &settled->movements));
    } else if (line->amount < 0 && !plan->held.empty()) {
      RETURN_IF_ERROR(plan->held.ReleaseThrough(line->date, &settled->movements));
      plan->held.Take(line->component_id, -line->amount, &settled->movements);
    }
  }
  RETURN_IF_ERROR(plan->held.ReleaseThrough(payout.last(), &settled->movements));
  ASSIGN_OR_RETURN(settled->held_balance, plan->held.Outstanding());
  return AddMovements(settled);
}

absl::Status Settlement::HoldLine(const Period& payout, const EarnedLine& line, Plan* plan,
                                  std::vector<HeldMovement>* movements) {
  if (line.group == nullptr || line.group->component->schedule.empty()) return absl::OkStatus();
  const std::vector<Instalment>& schedule = line.group->component->schedule;
  ScheduledLine scheduled;
  scheduled.component_id = line.component_id;
  scheduled.amount = line.amount;
  scheduled.date = line.date;
  scheduled.measurement_period = line.period;
  scheduled.paid_through = payout.last();
  scheduled.rounding = line.program().rounding;
  if (std::any_of(schedule.begin(), schedule.end(), [](const Instalment& instalment) {
        return instalment.due == Instalment::Due::kCollected;
      })) {
    ASSIGN_OR_RETURN(LineAttribution attribution, AttributeLine(evaluator_, line));
    for (DealAmount& deal : attribution.deals) {
      scheduled.deals.push_back({std::move(deal.deal), deal.amount});
    }
  }
  ASSIGN_OR_RETURN(std::vector<HeldPart> parts,
                   HeldPartsOf(scheduled, schedule, reference().calendar()));
  for (HeldPart& part : parts) plan->held.Hold(std::move(part), movements);
  return absl::OkStatus();
}

const Program* Settlement::ProgramWithDraw(const Plan& plan, const Period& payout) {
  const Program* last = nullptr;
  for (const VersionRun& run : plan.history->runs()) {
    if (run.first <= payout.last() && payout.first() <= run.last) last = &run.version->program;
  }
  const bool has_draw = last != nullptr && last->draw.has_value();
  return has_draw && last->currency.code() == plan.currency ? last : nullptr;
}

absl::Status Settlement::SettleDrawOf(const Period& payout, Plan* plan, PlanSettlement* settled) {
  settled->balance_before = settled->draw.balance = plan->draw_balance;
  const bool is_in_plan = plan->in_plan->Overlaps({payout.first(), payout.last()});
  if (is_in_plan) {
    ++plan->periods_in_plan;
  }
  const Program* program = ProgramWithDraw(*plan, payout);
  if (program == nullptr) return absl::OkStatus();
  const Draw& terms = *program->draw;
  DrawInput input;
  input.balance = plan->draw_balance;
  input.earned = settled->earned;
  input.taken_from_held = TakenFromHeld(*settled);
  if (is_in_plan && (terms.periods == 0 || plan->periods_in_plan <= terms.periods)) {
    ASSIGN_OR_RETURN(input.draw,
                     DrawAmount(terms, *program, payout, *plan->in_plan, reference().calendar()));
  }
  input.may_recover = MayRecover(terms, plan->first_period, payout);
  ASSIGN_OR_RETURN(settled->draw, SettleDraw(terms, *program, input));
  if (!input.may_recover && settled->draw.balance > 0 && settled->draw.recoverable_of > 0) {
    settled->recovers_from = plan->first_period.AddMonths(terms.recover_after_months);
  }
  settled->terms = &terms;
  settled->draw_amount = input.draw;
  plan->draw_balance = settled->draw.balance;
  return absl::OkStatus();
}

absl::Status Settlement::HoldOpenings(const Period& payout) {
  for (const Opening* opening : held_openings_) {
    if (payout.last() < opening->as_of) continue;
    HeldPart part;
    part.part = opening->amount;
    ASSIGN_OR_RETURN(const std::optional<uint32_t> stream,
                     evaluator_->view().FindDeal(opening->deal_id));
    if (stream.has_value()) {
      ASSIGN_OR_RETURN(part.deal, evaluator_->GetDeal(*stream));
    }
    held_[opening->currency].Hold(std::move(part), nullptr);
  }
  std::erase_if(held_openings_,
                [&](const Opening* opening) { return opening->as_of <= payout.last(); });
  return absl::OkStatus();
}

absl::Status Settlement::SettleOpenings(const Period& payout, PeriodSettlement* result) {
  RETURN_IF_ERROR(HoldOpenings(payout));
  std::map<std::string, PlanSettlement> by_currency;
  for (auto& [currency, held] : held_) {
    PlanSettlement& settled = by_currency[currency];
    RETURN_IF_ERROR(held.ReleaseThrough(payout.last(), &settled.movements));
    ASSIGN_OR_RETURN(settled.held_balance, held.Outstanding());
    RETURN_IF_ERROR(AddMovements(&settled));
    RETURN_IF_ERROR(SetPayable(&settled));
  }
  for (const auto& [currency, amount] : draws_) {
    PlanSettlement& settled = by_currency[currency];
    settled.balance_before = settled.draw.balance = amount;
  }
  for (auto& [currency, settled] : by_currency) {
    if (HasAnythingToSay(settled)) (*result)[currency].plans.push_back(std::move(settled));
  }
  return absl::OkStatus();
}

absl::Status Settlement::CarryOver(const Period& payout, PeriodSettlement* result) {
  for (const auto& [currency, amount] : carried_) {
    if (amount != 0) (*result)[currency].carried_in = amount;
  }
  if (const auto at = carried_openings_.find(payout); at != carried_openings_.end()) {
    for (const Opening* opening : at->second) {
      CurrencySettlement& settled = (*result)[opening->currency];
      settled.openings.push_back(opening);
      RETURN_IF_ERROR(AddMinorUnits(opening->amount, &settled.carried_in));
    }
  }
  if (const auto at = adjustments_.find(payout); at != adjustments_.end()) {
    for (const PostedAdjustment* posted : at->second) {
      CurrencySettlement& settled = (*result)[posted->currency];
      settled.adjustments.push_back(posted);
      RETURN_IF_ERROR(AddMinorUnits(posted->amount, &settled.adjusted));
    }
  }
  for (auto& [currency, left] : left_by_closes_) {
    if (left.adjustments.empty()) continue;
    CurrencySettlement& settled = (*result)[currency];
    settled.prior = std::move(left.adjustments);
    for (const v1::PriorPeriodAdjustment& prior : settled.prior) {
      RETURN_IF_ERROR(AddMinorUnits(prior.payable_minor_units(), &settled.prior_payable));
    }
  }
  left_by_closes_.clear();
  for (auto& [currency, settled] : *result) {
    int64_t payable = settled.carried_in;
    RETURN_IF_ERROR(AddMinorUnits(settled.adjusted, &payable));
    RETURN_IF_ERROR(AddMinorUnits(settled.prior_payable, &payable));
    for (const PlanSettlement& plan : settled.plans) {
      RETURN_IF_ERROR(AddMinorUnits(plan.payable, &payable));
    }
    settled.payable = std::max<int64_t>(payable, 0);
    settled.carried_out = std::min<int64_t>(payable, 0);
    carried_[currency] = settled.carried_out;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, SettledBalance>> Settlement::Balances() const {
  std::map<std::string, SettledBalance> balances;
  for (const Plan& plan : plans_) {
    ASSIGN_OR_RETURN(const int64_t held, plan.held.Outstanding());
    if (held == 0 && plan.draw_balance == 0) continue;
    SettledBalance& balance = balances[plan.currency];
    RETURN_IF_ERROR(AddMinorUnits(held, &balance.held));
    RETURN_IF_ERROR(AddMinorUnits(plan.draw_balance, &balance.draw));
  }
  for (const auto& [currency, money] : held_) {
    ASSIGN_OR_RETURN(const int64_t held, money.Outstanding());
    RETURN_IF_ERROR(AddMinorUnits(held, &balances[currency].held));
  }
  for (const auto& [currency, amount] : draws_) {
    RETURN_IF_ERROR(AddMinorUnits(amount, &balances[currency].draw));
  }
  for (const auto& [currency, amount] : carried_) balances[currency].carried = amount;
  return balances;
}

absl::StatusOr<PeriodSettlement> SettleThrough(Evaluator* evaluator, uint32_t participant,
                                               const Period& payout,
                                               const std::vector<EarnedLine>& lines) {
  const Reference& reference = evaluator->reference();
  const StatedMoney stated(reference, participant);
  ASSIGN_OR_RETURN(Settlement settlement, Settlement::Make(evaluator, participant, stated));
  for (Date d = settlement.first_day().value_or(payout.first()); d < payout.first();) {
    const Period earlier = reference.PayoutPeriodOf(d);
    RETURN_IF_ERROR(settlement.Settle(earlier).status());
    d = earlier.last() + 1;
  }
  return settlement.Settle(payout, lines);
}

}  // namespace payfold
