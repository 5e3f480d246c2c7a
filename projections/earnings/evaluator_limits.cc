// What holds over several groups: the order of lines, carried excess, plan caps and
// budgets.
//
// Source: specification, calculation 7 (order, caps, budget).

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/allocate.h"
#include "projections/earnings/amounts.h"
#include "projections/earnings/evaluator.h"

namespace payfold {
namespace {

// The run of the version last in force in some days; null if none is.
const VersionRun* LastRunIn(const PlanHistory& history, Days days) {
  const VersionRun* last = nullptr;
  for (const VersionRun& run : history.runs()) {
    if (!(Days{run.first, run.last} & days).empty()) last = &run;
  }
  return last;
}

size_t PlaceOf(const EarnedLine& line) {
  if (line.group == nullptr) return SIZE_MAX;
  return static_cast<size_t>(line.group->component - line.program().components.data());
}

bool EverCarries(const PlanHistory& history) {
  for (const VersionRun& run : history.runs()) {
    for (const Component& component : run.version->program.components) {
      if (component.cap.has_value() && component.cap->excess == Cap::Excess::kCarry) return true;
    }
  }
  return false;
}

bool PaysTheSame(const Reward& a, const Reward& b) { return a.kind == b.kind && a.name == b.name; }

// Up to which cancellation the money is restated that is carried into the group. What no
// line of its own will take back is carried without what cancellations took from it; what
// one will, first with it, also where a version that takes nothing back lies between.
CancellationKey CarriedUnder(const GroupQuery& query) {
  if (query.restated_to.has_value()) return *query.restated_to;
  const bool restates = query.component->clawback.mode == Clawback::Mode::kRestate;
  return restates ? NoCancellation() : EveryCancellation();
}

}  // namespace

absl::StatusOr<std::vector<EarnedLine>> Evaluator::LinesOf(uint32_t participant,
                                                           const Period& payout) {
  if (!reference().configuration.has_value()) {
    return absl::FailedPreconditionError(
        "the ledger is not configured; append a LedgerConfigured first");
  }
  Lines lines;
  for (const auto& [plan_id, history] : *reference().plans) {
    ASSIGN_OR_RETURN(Lines of_plan, LinesOfPlan(participant, history, payout));
    RETURN_IF_ERROR(AddBudgetLines(participant, history, payout, payout.last(), &of_plan));
    std::move(of_plan.begin(), of_plan.end(), std::back_inserter(lines));
  }
  return lines;
}

absl::StatusOr<Evaluator::Lines> Evaluator::LinesOfPlan(uint32_t participant,
                                                        const PlanHistory& history,
                                                        const Period& payout) {
  Lines lines;
  if (InPlan(participant, history)->empty()) return lines;
  for (const VersionRun& run : history.runs()) {
    for (const Component& component : run.version->program.components) {
      const GroupQuery query{participant, &history, run, &component};
      RETURN_IF_ERROR(AddComponentLines(query, DaysOf(payout), &lines));
    }
  }
  std::sort(lines.begin(), lines.end(), [](const EarnedLine& a, const EarnedLine& b) {
    const auto before = std::make_tuple(a.date, PlaceOf(a), a.period.first());
    const auto after = std::make_tuple(b.date, PlaceOf(b), b.period.first());
    if (before != after) return before < after;
    if (ComesBefore(a.element, b.element)) return true;
    if (ComesBefore(b.element, a.element)) return false;
    return std::tie(a.days.first, a.line_id) < std::tie(b.days.first, b.line_id);
  });
  RETURN_IF_ERROR(ApplyPlanCap(history, payout, &lines));
  return lines;
}

absl::Status Evaluator::ApplyPlanCap(const PlanHistory& history, const Period& payout,
                                     Lines* lines) {
  const VersionRun* run = LastRunIn(history, DaysOf(payout));
  if (run == nullptr || !run->version->program.cap.has_value()) return absl::OkStatus();
  const Program& program = run->version->program;
  ASSIGN_OR_RETURN(const int64_t cap, InMinorUnits(*program.cap, program));
  int64_t sum = 0;
  for (EarnedLine& line : *lines) {
    if (!line.is_money()) continue;
    const int64_t allowed = std::max<int64_t>(cap - sum, 0);
    if (line.amount > allowed) {
      line.over_plan_cap = line.amount - allowed;
      line.amount = allowed;
    }
    sum += line.amount;
  }
  return absl::OkStatus();
}

absl::StatusOr<Evaluator::Carried> Evaluator::CarriedInto(const GroupQuery& query) {
  Carried carried;
  if (query.component->window.has_value() || !EverCarries(*query.history)) return carried;
  const Period before = reference().calendar().Previous(query.period);
  const std::shared_ptr<const DaySet> in_plan = InPlan(query.participant, *query.history);
  if (!in_plan->first().has_value() || before.last() < *in_plan->first()) return carried;
  const auto key = std::make_pair(
      LinesKey(query.participant, query.run.version, query.run.first, query.component, before),
      CarriedUnder(query));
  const auto known = carried_.find(key);
  if (known != carried_.end()) return known->second;
  std::optional<GroupQuery> absent;  // a segment in which the participant was not there
  bool there = false;
  for (const VersionRun& run : query.history->runs()) {
    for (const Component& component : run.version->program.components) {
      GroupQuery earlier = query;
      earlier.run = run;
      earlier.component = &component;
      earlier.period = before;
      earlier.restated_to = CarriedUnder(query);
      if (component.component_id != query.component->component_id || earlier.segment().empty() ||
          !PaysTheSame(component.reward, query.component->reward) ||
          !CarriesOver(component, before)) {
        continue;
      }
      if (!in_plan->Overlaps(earlier.segment())) {
        absent = earlier;
        continue;
      }
      there = true;
      const bool restates = component.clawback.mode == Clawback::Mode::kRestate;
      ASSIGN_OR_RETURN(const std::shared_ptr<Group> group,
                       MakeGroup(earlier, restates ? &carried.cancellations : nullptr));
      ASSIGN_OR_RETURN(const Amounts amounts, AmountsAt(*group, {earlier.segment().last}));
      ASSIGN_OR_RETURN(const Amounts eve, AmountsAt(*group, {earlier.segment().first - 1}));
      carried.amount += amounts.cut - eve.cut;
      if (!restates) {
        ASSIGN_OR_RETURN(const Carried into, CarriedInto(earlier));
        carried.cancellations.insert(into.cancellations.begin(), into.cancellations.end());
      }
    }
  }
  // What was carried into a period of absence goes on, as long as the plan lasts.
  if (!there && absent.has_value()) {
    ASSIGN_OR_RETURN(carried, CarriedInto(*absent));
  }
  carried_.emplace(key, carried);
  return carried;
}

bool Evaluator::CarriesOver(const Component& component, const Period& period) const {
  return component.cap.has_value() && component.cap->excess == Cap::Excess::kCarry &&
         !component.window.has_value() &&
         MeasurementPeriods(component, {period.first(), period.first()}).front() == period;
}

absl::StatusOr<std::map<uint32_t, int64_t>> Evaluator::BudgetChanges(const PlanHistory& history,
                                                                     const VersionRun& run,
                                                                     const Period& period) {
  const auto known = budgets_.find({&history, period});
  if (known != budgets_.end()) return known->second;
  const Org& org = *reference().org;
  std::map<std::string, uint32_t> by_id;
  for (uint32_t p = 0; p < org.size(); ++p) by_id.emplace(org.Id(p), p);
  std::vector<uint32_t> people;
  std::vector<absl::int128> totals;
  absl::int128 sum = 0;
  for (const auto& [id, participant] : by_id) {
    int64_t total = 0;
    for (Date d = period.first(); d <= period.last();) {
      const Period payout = reference().PayoutPeriodOf(d);
      ASSIGN_OR_RETURN(Lines lines, LinesOfPlan(participant, history, payout));
      // What budgets that ended before have cut already.
      RETURN_IF_ERROR(AddBudgetLines(participant, history, payout, period.last() - 1, &lines));
      for (const EarnedLine& line : lines) {
        if (line.is_money() && period.Contains(line.date)) total += line.amount;
      }
      d = payout.last() + 1;
    }
    if (total <= 0) continue;
    people.push_back(participant);
    totals.push_back(total);
    sum += total;
  }
  std::map<uint32_t, int64_t> changes;
  const Program& program = run.version->program;
  ASSIGN_OR_RETURN(const int64_t budget, InMinorUnits(program.budget->amount, program));
  if (sum > budget) {
    ASSIGN_OR_RETURN(const std::vector<int64_t> parts, Allocate(budget, totals));
    for (size_t i = 0; i < people.size(); ++i) {
      changes[people[i]] = parts[i] - static_cast<int64_t>(totals[i]);
    }
  }
  budgets_.emplace(std::make_pair(&history, period), changes);
  return changes;
}

absl::Status Evaluator::AddBudgetLines(uint32_t participant, const PlanHistory& history,
                                       const Period& payout, Date upto, Lines* lines) {
  std::set<Period> asked;
  for (const VersionRun& any : history.runs()) {
    if (!any.version->program.budget.has_value()) continue;
    const std::optional<PeriodKind> kind = any.version->program.budget->period;
    std::vector<Period> periods = {payout};
    if (kind.has_value()) {
      periods = reference().calendar().Overlapping(*kind, payout.first(), payout.last());
    }
    for (const Period& period : periods) {
      // The budget is that of the version last in force in its period.
      const VersionRun* run = LastRunIn(history, DaysOf(period));
      if (run == nullptr || run->version != any.version || !payout.Contains(period.last()) ||
          upto < period.last() || !asked.insert(period).second) {
        continue;
      }
      ASSIGN_OR_RETURN(const auto changes, BudgetChanges(history, *run, period));
      const auto change = changes.find(participant);
      if (change == changes.end() || change->second == 0) continue;
      const Calendar calendar = reference().calendar();
      EarnedLine line;
      line.kind = EarnedLine::Kind::kBudget;
      line.participant = participant;
      line.version = run->version;
      line.period = period;
      line.element = "budget";
      line.payout_period = payout;
      line.date = period.last();
      line.days = DaysOf(period);
      line.to_date = line.amount = change->second;
      line.line_id =
          absl::StrCat(reference().org->Id(participant), "/", run->version->program.plan_id, "//",
                       calendar.Label(period), "/budget/", calendar.Label(payout));
      lines->push_back(std::move(line));
    }
  }
  return absl::OkStatus();
}

}  // namespace payfold
